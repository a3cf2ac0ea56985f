import type { RecogniserFamily } from '../recogniser.ts';

/** make, CMake, Ninja, Meson, SCons and autotools. */
export const MAKE: RecogniserFamily = {
  name: 'make',
  recognisers: [
    {
      id: 'make-failed',
      pattern: /^(?:\S{0,100}\/)?(?:g|bmake|cmake|nmake|mingw32-)?make(?:\.exe)?(?:\[\d+\])?: \*{3} /,
      role: 'failure',
    },
    {
      id: 'make-ignored',
      pattern: /^(?:g|bmake)?make(?:\[\d+\])?: \[.{1,300}\] Error \d+ \(ignored\)/,
      role: 'warning',
    },
    { id: 'nmake-failed', pattern: /^NMAKE : fatal error (U\d{4})/, role: 'failure', typeGroup: 1 },
    { id: 'cmake-error', pattern: /^CMake Error(?: at |: |$)/, role: 'error', priority: 'critical' },
    {
      id: 'cmake-incomplete',
      pattern: /^-- Configuring incomplete, errors occurred/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'cmake-warning', pattern: /^CMake (?:Deprecation )?Warning/, role: 'warning' },
    { id: 'ninja-failed', pattern: /^FAILED: \S/, role: 'failure' },
    { id: 'ninja-stopped', pattern: /^ninja: (?:build stopped|error|fatal)/, role: 'exit' },
    { id: 'ninja-no-work', pattern: /^ninja: (?:no work to do|Entering directory)/, role: 'info' },
    {
      id: 'meson-error',
      pattern:
        /^(?:\S{0,200}meson\.build(?::\d+:\d+)?: )?ERROR: .{0,200}(?:ependency|ompiler|rogram|meson|option)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'configure-error',
      pattern:
        /^(?:configure(?:\.ac:\d+)?: error:|\S*aclocal: error|autoreconf: .{0,100}failed|automake: error)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'configure-warning', pattern: /^configure: WARNING:/, role: 'warning' },
    {
      id: 'automake-failed',
      pattern: /^(?:FAIL|XPASS|ERROR): [\w./+-]{1,200}(?: \d+.{0,200})?$/,
      role: 'failure',
    },
    { id: 'automake-passed', pattern: /^(?:PASS|XFAIL|SKIP): [\w./+-]{1,200}(?: .{0,200})?$/, role: 'pass' },
    {
      id: 'automake-totals-failed',
      pattern: /^# (?:FAIL|ERROR|XPASS): {1,3}[1-9]/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'automake-totals',
      pattern: /^# (?:TOTAL|PASS|SKIP|XFAIL|FAIL|XPASS|ERROR): {1,3}\d/,
      role: 'summary',
    },
    {
      id: 'scons-failed',
      pattern: /^scons: (?:\*{3} |building terminated because of errors)/,
      role: 'failure',
    },
    { id: 'cmake-progress', pattern: /^\[ {0,2}\d{1,3}%\] /, role: 'progress' },
    { id: 'ninja-progress', pattern: /^\[\d{1,6}\/\d{1,6}\] /, role: 'progress' },
    {
      id: 'configure-check',
      pattern:
        /^(?:checking |config\.status: |-- (?:Looking for|Performing Test|Found|Check|Detecting|The \w+ compiler)|Run-time dependency |Program \S+ found|configure: creating)/,
      role: 'progress',
    },
    {
      id: 'make-directory',
      pattern:
        /^(?:g|bmake)?make(?:\[\d+\])?: (?:Entering|Leaving|Nothing to be done|.{1,200} is up to date)/,
      role: 'progress',
    },
    {
      id: 'kbuild-step',
      pattern:
        /^\s{2,4}(?:CC|CXX|LD|AR|AS|CCLD|CXXLD|GEN|LINK|HOSTCC|HOSTLD|MKDIR|INSTALL|OBJCOPY|MOC|STRIP)(?:\(\w+\)|\s\[M\])? {1,12}\S/,
      role: 'progress',
    },
  ],
};
