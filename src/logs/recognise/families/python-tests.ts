import type { RecogniserFamily } from '../recogniser.ts';

/** The test runners of Python and its tracebacks. */
export const PYTEST: RecogniserFamily = {
  name: 'pytest',
  recognisers: [
    { id: 'pytest-failed-line', pattern: /^(?:FAILED|ERROR) \S+\.py(?:::| |$)/, role: 'failure' },
    { id: 'pytest-error-at', pattern: /^ERROR (?:at (?:setup|teardown) of|collecting) /, role: 'failure' },
    {
      id: 'pytest-verbose-failed',
      pattern: /^\S+\.py::.{1,400} (?:FAILED|ERROR)(?: +\[ *\d+%\])?$/,
      role: 'failure',
    },
    { id: 'pytest-xdist-failed', pattern: /^(?:FAILED|ERROR) \S+::/, role: 'failure' },
    {
      id: 'pytest-case-head',
      pattern: /^_{3,100} (?:ERROR (?:at|collecting) )?[^_\s].{0,300}? _{3,100}$/,
      role: 'failure',
    },
    { id: 'pytest-sections', pattern: /^={3,120} (?:FAILURES|ERRORS) ={3,120}$/, role: 'section' },
    { id: 'pytest-short-summary', pattern: /^={3,120} short test summary info ={3,120}$/, role: 'section' },
    {
      id: 'pytest-totals-failed',
      pattern: /^=* ?(?:\d+ \w+, ){0,6}\d+ (?:failed|errors?)\b.{0,120} in [\d.]+ ?s/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'pytest-totals',
      pattern:
        /^=* ?(?:\d+ \w+, ){0,6}\d+ (?:passed|skipped|warnings?|deselected|xfailed|xpassed)\b.{0,120} in [\d.]+ ?s/,
      role: 'summary',
    },
    { id: 'pytest-no-tests', pattern: /^={3,120} no tests ran/, role: 'summary', priority: 'critical' },
    {
      id: 'pytest-interrupted',
      pattern: /^!{3,100} (?:Interrupted|_pytest\.|stopping after|KeyboardInterrupt)/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'pytest-internal-error', pattern: /^INTERNALERROR>/, role: 'error', priority: 'critical' },
    {
      id: 'pytest-usage-error',
      pattern:
        /^ERROR: (?:file or directory not found|not found|usage|Missing test|found no collectors|while parsing|unrecognized arguments):?/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'pytest-exception',
      pattern:
        /^E {1,11}((?:[A-Za-z_]\w{0,80}\.){0,8}[A-Z]\w{0,100}(?:Error|Exception|Warning|Failure|Exit|Interrupt|Timeout|Failed))(?::|$)/,
      role: 'error',
      typeGroup: 1,
    },
    { id: 'pytest-failed-call', pattern: /^E {1,11}(Failed): /, role: 'error', typeGroup: 1 },
    { id: 'pytest-assert', pattern: /^E {1,11}assert /, role: 'error' },
    { id: 'pytest-detail', pattern: /^E(?: {2}|$)/, role: 'detail' },
    { id: 'pytest-pointer', pattern: /^> {3,11}\S/, role: 'detail' },
    {
      id: 'pytest-place',
      pattern:
        /^[\w./\\-]{1,300}\.py:\d{1,7}: (?:(\w{1,80}(?:Error|Exception|Failed|Exit))|AssertionError|Failed)$/,
      role: 'frame',
      typeGroup: 1,
    },
    { id: 'pytest-frame', pattern: /^[\w./\\-]{1,300}\.pyx?:\d{1,7}: ?(?:in \w+)?$/, role: 'frame' },
    {
      id: 'pytest-captured',
      pattern: /^-{3,100} ?Captured (?:stdout|stderr|log)(?: (?:call|setup|teardown))? ?-{3,100}$/,
      role: 'detail',
    },
    { id: 'pytest-warnings', pattern: /^={3,120} warnings summary/, role: 'warning' },
    { id: 'pytest-warning-place', pattern: /^ {2}\S{1,300}\.py:\d{1,7}: \w{0,60}Warning: /, role: 'warning' },
    {
      id: 'pytest-crashed-worker',
      pattern: /^(?:\[gw\d+\] node down|replacing crashed worker|worker 'gw\d+' crashed)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'pytest-passed', pattern: /^\S+\.py::.{1,400} (?:PASSED|SKIPPED|XFAIL|XPASS)\b/, role: 'pass' },
    {
      id: 'pytest-xdist-passed',
      pattern: /^(?:PASSED|SKIPPED|XFAIL|XPASS) (?:\[\d+\] )?\S+\.py/,
      role: 'pass',
    },
    {
      id: 'pytest-dots-failed',
      pattern: /^(?:\S{1,300}\.py )?[.sxX]{0,200}[FE][.sxXFE]{0,200}(?: *\[ *\d{1,3}%\])$/,
      role: 'failure',
      priority: 'high',
    },
    {
      id: 'pytest-dots',
      pattern: /^[.sxX]{1,200}(?: *\[ *\d{1,3}%\])?$/,
      role: 'progress',
    },
    {
      id: 'pytest-dots-file',
      pattern: /^\S{1,300}\.py [.sxX]{1,200}(?: *\[ *\d{1,3}%\])?$/,
      role: 'progress',
    },
    { id: 'pytest-session', pattern: /^={3,120} test session starts ={3,120}$/, role: 'step' },
    { id: 'pytest-collected', pattern: /^(?:collecting|collected \d+ items?)/, role: 'info' },
    {
      id: 'pytest-environment',
      pattern:
        /^(?:platform \w+ -- Python|rootdir: |plugins: |cachedir: |configfile: |testpaths: |asyncio: mode)/,
      role: 'info',
    },
    { id: 'pytest-slowest', pattern: /^={3,120} slowest /, role: 'info' },
  ],
};

/** `unittest`, nose and Django's runner. */
export const UNITTEST: RecogniserFamily = {
  name: 'unittest',
  recognisers: [
    { id: 'unittest-failed-case', pattern: /^(?:FAIL|ERROR): \w+ ?\([\w.]+/, role: 'failure' },
    { id: 'unittest-failed-nose', pattern: /^(?:FAIL|ERROR): (?:\w+\.){1,12}\w+/, role: 'failure' },
    {
      id: 'unittest-verbose-failed',
      pattern: /^\w+ \([\w.]+\)(?: \([^)]{0,100}\))? ?\.\.\. (?:FAIL|ERROR|unexpected success)\b/,
      role: 'failure',
    },
    {
      id: 'unittest-totals-failed',
      pattern: /^FAILED \((?:[\w ]+=\d+(?:, )?){1,8}\)/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'unittest-ran', pattern: /^Ran \d+ tests? in [\d.]+s/, role: 'summary' },
    { id: 'unittest-ok', pattern: /^OK(?: \([\w =,]+\))?$/, role: 'summary' },
    {
      id: 'unittest-passed',
      pattern: /\.\.\. (?:ok|skipped\b.{0,200}|SKIP\b.{0,200}|expected failure)$/,
      role: 'pass',
    },
    {
      id: 'unittest-dots-failed',
      pattern: /^[.sxu]{0,400}[FE][.sxuFE]{3,400}$/,
      role: 'failure',
      priority: 'high',
    },
    { id: 'unittest-dots', pattern: /^[.sxu]{4,400}$/, role: 'progress' },
    {
      id: 'django-test-database',
      pattern: /^(?:Creating|Destroying) test database for alias/,
      role: 'progress',
    },
  ],
};
