import type { RecogniserFamily } from '../recogniser.ts';

/** gcc, clang, linkers, and whoever prints `file:line:column: error:` as they do. */
export const CC: RecogniserFamily = {
  name: 'cc',
  recognisers: [
    {
      id: 'cc-error',
      pattern:
        /^(?:In file included from )?[^\s:][^:]{0,300}:\d{1,7}(?::\d{1,6})?: {1,2}(?:fatal |internal compiler |syntax )?error\b/i,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'cc-tool-error',
      pattern:
        /^(?:[\w/.+-]{0,200}(?:gcc|g\+\+|clang|clang\+\+|cc1plus|cc1|collect2|c\+\+|cc|ld|lld|lld-link|ld\.lld|ld\.gold|nvcc|rustc|swiftc|dsymutil))(?:-\d+)?(?:\.exe)?: (?:fatal )?error:/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'ld-undefined',
      pattern:
        /undefined reference to |undefined symbols?\b|multiple definition of |unresolved external symbol|duplicate symbols?\b|relocation truncated to fit/i,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'ld-missing',
      pattern:
        /\bld: (?:cannot find |library not found|symbol\(s\) not found|.{0,200}file not recognized|.{0,200}No such file)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'cc-warning',
      pattern: /^[^\s:][^:]{0,300}:\d{1,7}(?::\d{1,6})?: {1,2}warning\b/i,
      role: 'warning',
    },
    {
      id: 'cc-note',
      pattern: /^[^\s:][^:]{0,300}:\d{1,7}(?::\d{1,6})?: {1,2}(?:note|remark)\b/,
      role: 'detail',
    },
    { id: 'cc-included', pattern: /^(?:In file included from |\s{10,24}from )\S{1,300}:\d+/, role: 'frame' },
    {
      id: 'cc-in-function',
      pattern:
        /^\S{1,300}: (?:In|At) (?:function|member function|static member|constructor|destructor|instantiation|lambda|global scope|top level|substitution)/,
      role: 'detail',
    },
    { id: 'cc-code', pattern: /^\s{0,8}\d{1,6} \| /, role: 'detail' },
    { id: 'cc-caret', pattern: /^\s{0,200}\^[~^ ]{0,200}$/, role: 'detail' },
    {
      id: 'cc-totals-failed',
      pattern: /^(?:\d+ warnings? and )?[1-9]\d{0,6} errors? generated/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'cc-totals', pattern: /^\d+ warnings? generated/, role: 'summary', priority: 'medium' },
    {
      id: 'cc-terminating',
      pattern:
        /^(?:compilation terminated|Please submit a full bug report|PLEASE submit a bug report|Stack dump:)/,
      role: 'error',
    },
    {
      id: 'cc-command',
      pattern:
        /^\s{0,4}(?:libtool: (?:compile|link): |\S{0,100}\b(?:gcc|g\+\+|clang|clang\+\+|cc|c\+\+)(?:-\d+)? -\S)/,
      role: 'step',
      priority: 'verbose',
    },
    {
      id: 'cpp-terminate',
      pattern:
        /^(?:terminate called|libc\+\+abi: terminating|pure virtual method called|\*{3} (?:stack smashing|buffer overflow|Error in))/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'cpp-assertion',
      pattern: /: Assertion [`'"]?.{1,400} failed|^Assertion failed: /,
      role: 'error',
      priority: 'critical',
    },
  ],
};

/** The sanitizers of clang and gcc, and Valgrind. */
export const SANITIZERS: RecogniserFamily = {
  name: 'sanitizers',
  recognisers: [
    {
      id: 'sanitizer-error',
      pattern: /^\s{0,8}==\d+== ?(?:ERROR|WARNING): (\w{1,20}Sanitizer): ?/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'sanitizer-thread',
      pattern: /^\s{0,4}(?:WARNING|FATAL): (ThreadSanitizer|MemorySanitizer): /,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'sanitizer-summary',
      pattern: /^\s{0,4}SUMMARY: (\w{1,40}Sanitizer): /,
      role: 'summary',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'ubsan-error',
      pattern: /^\S{1,300}:\d+:\d+: runtime error: /,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'sanitizer-frame',
      pattern: /^\s{2,12}#\d{1,4} {1,4}(?:0x[\da-f]{4,20}|\S+ \S+:\d+)/,
      role: 'frame',
    },
    {
      id: 'gdb-frame',
      pattern:
        /^#\d{1,4} {1,4}(?:0x[\da-f]{4,20} in )?[^\s[].{0,300}\(.{0,300}\)(?: (?:at|from) \S{1,300})?$/,
      role: 'frame',
    },
    { id: 'sanitizer-leak', pattern: /^(?:Direct|Indirect) leak of \d+ byte/, role: 'error' },
    {
      id: 'sanitizer-access',
      pattern: /^(?:READ|WRITE) of size \d+ at /,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'sanitizer-part',
      pattern:
        /^(?:(?:freed|(?:previously )?allocated) by thread T\d+|Thread T\d+ .{0,200}created by|0x[\da-f]{4,20} is located \d+ bytes)/,
      role: 'section',
    },
    {
      id: 'sanitizer-shadow',
      pattern:
        /^(?:Shadow byte(?:s around| legend)|\s{0,4}(?:=>)?0x[\da-f]{6,20}: ?(?:[ []?[\da-f]{2}\]?){8,16}$|\s{2,4}(?:Addressable|Partially addressable|(?:Heap|Stack|Global|Left|Right|Intra|Container|Array|Poisoned|Freed|ASan|Shadow) [a-z ]{3,30}): {1,20}(?:[\da-f]{2} ?){1,7}$)/,
      role: 'progress',
    },
    { id: 'sanitizer-aborting', pattern: /^==\d+== ?(?:ABORTING|HINT)/, role: 'exit' },
    {
      id: 'valgrind-error',
      pattern:
        /^==\d+== {1,4}(?:Invalid (?:read|write|free)|Conditional jump|Use of uninitialised|definitely lost|Process terminating|Mismatched free|Syscall param)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'valgrind-totals',
      pattern: /^==\d+== ERROR SUMMARY: [1-9]\d* errors?/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'valgrind-totals-none', pattern: /^==\d+== ERROR SUMMARY: 0 errors/, role: 'summary' },
    { id: 'valgrind-frame', pattern: /^==\d+== {1,8}(?:at|by) 0x[\dA-F]+: /, role: 'frame' },
  ],
};
