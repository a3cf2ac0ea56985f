import type { RecogniserFamily } from '../recogniser.ts';

/** rustc, cargo, clippy, rustfmt and nextest. */
export const RUST: RecogniserFamily = {
  name: 'rust',
  recognisers: [
    {
      id: 'rustc-error-code',
      pattern: /^\s{0,4}error\[([A-Z]{1,8}\d{2,5})\]: /,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'rustc-aborting',
      pattern:
        /^error: (?:aborting due to|could not compile|build failed|test failed, to rerun|doctest failed|\d+ targets? failed)/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'rustc-error', pattern: /^error: \S/, role: 'error', priority: 'critical' },
    { id: 'rustc-caused-by', pattern: /^\s{0,4}Caused by:$/, role: 'cause' },
    { id: 'cargo-failed-test', pattern: /^test .{1,300} \.\.\. (?:FAILED|failed)/, role: 'failure' },
    { id: 'cargo-test-head', pattern: /^---- .{1,300} (?:stdout|stderr) ----$/, role: 'failure' },
    { id: 'cargo-failures', pattern: /^failures:$/, role: 'section' },
    { id: 'cargo-totals-failed', pattern: /^test result: FAILED\./, role: 'summary', priority: 'critical' },
    { id: 'cargo-totals', pattern: /^test result: ok\./, role: 'summary' },
    {
      id: 'rust-panic',
      pattern: /^\s{0,4}thread '[^']{1,200}'(?: \(\d+\))? (?:panicked at|has overflowed)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'rust-assertion', pattern: /^assertion (?:`.{1,80}`|failed)/, role: 'error' },
    { id: 'rust-values', pattern: /^\s{1,4}(?:left|right): /, role: 'detail' },
    { id: 'rust-place', pattern: /^\s{0,12}(?:-->|:::) \S{1,300}:\d{1,7}:\d{1,6}/, role: 'frame' },
    { id: 'rust-code', pattern: /^(?:\s{1,8}|\s{0,8}(?:\d{1,6}|\.\.\.) {1,6})\|(?: |$)/, role: 'detail' },
    { id: 'rust-notes', pattern: /^\s{0,12}= (?:note|help|warning): /, role: 'detail' },
    { id: 'rust-help', pattern: /^(?:note|help): /, role: 'detail' },
    {
      id: 'rust-explain',
      pattern: /^(?:Some errors have detailed explanations|For more information about (?:this|an) error)/,
      role: 'info',
    },
    { id: 'rustc-warning', pattern: /^warning(?:\[\w{1,40}\])?: /, role: 'warning' },
    {
      id: 'rust-frame',
      pattern: /^\s{1,6}\d{1,4}: {1,6}(?:0x[\da-f]+ - )?[\w<>:&${}@., ]{2,300}$/,
      role: 'frame',
    },
    { id: 'rust-frame-place', pattern: /^\s{6,30}at \S{1,300}\.rs:\d{1,7}(?::\d{1,6})?$/, role: 'frame' },
    {
      id: 'nextest-failed',
      pattern: /^\s{0,12}(?:FAIL|TIMEOUT|ABORT|SIG[A-Z]{2,6}|(?:TRY|FLAKY) \d+ FAIL|LEAK-FAIL) \[[ \d.]+s\] /,
      role: 'failure',
    },
    { id: 'nextest-head', pattern: /^--- (?:STDOUT|STDERR): {1,20}\S/, role: 'failure', priority: 'high' },
    {
      id: 'nextest-totals',
      pattern: /^\s{0,8}Summary \[[ \d.]+s\].{0,80} [1-9]\d* (?:failed|timed out)/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'nextest-totals-passed', pattern: /^\s{0,8}Summary \[[ \d.]+s\]/, role: 'summary' },
    {
      id: 'nextest-passed',
      pattern: /^\s{0,12}(?:PASS|SKIP|LEAK|SLOW|START|RETRY) \[[ >\d.]+s\] /,
      role: 'pass',
    },
    { id: 'cargo-passed-test', pattern: /^test .{1,300} \.\.\. (?:ok|ignored|bench:)/, role: 'pass' },
    {
      id: 'cargo-running',
      pattern: /^(?:running \d+ tests?$|\s{1,12}(?:Running|Doc-tests) \S)/,
      role: 'step',
    },
    { id: 'cargo-finished', pattern: /^\s{1,12}Finished /, role: 'pass' },
    {
      id: 'cargo-progress',
      pattern:
        /^\s{1,12}(?:Compiling|Checking|Downloaded|Downloading|Updating|Adding|Fresh|Locking|Blocking|Building|Packaging|Documenting|Installing|Replacing|Removing|Verifying|Dirty|Generated|Archiving|Uploading) \S/,
      role: 'progress',
    },
    { id: 'rustfmt-diff', pattern: /^Diff in \S{1,300}(?: at line |:)\d+/, role: 'failure' },
  ],
};
