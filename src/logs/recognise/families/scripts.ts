import type { RecogniserFamily } from '../recogniser.ts';

/** OCaml with dune, opam; Crystal, Lua, Julia, R, Perl, Nim. */
export const SCRIPTS: RecogniserFamily = {
  name: 'scripts',
  recognisers: [
    {
      id: 'ocaml-place',
      pattern: /^File "[^"]{1,300}", lines? \d+(?:-\d+)?(?:, characters \d+-\d+)?:/,
      role: 'frame',
    },
    {
      id: 'ocaml-error',
      pattern:
        /^Error: (?:Unbound|This expression|Library|Signature mismatch|Syntax|Some type|The implementation)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'opam-error',
      pattern:
        /^\[ERROR\] (?:The compilation|Package|No solution|Could not|The sources|No package)|^#=== ERROR while /,
      role: 'error',
      priority: 'critical',
    },
    // Vim's own test runner.
    {
      id: 'vim-executed',
      pattern: /^Executed Test_\w{1,100}\(\) {1,4}in {1,6}[\d.]+ seconds$/,
      role: 'pass',
    },
    {
      id: 'busted-totals-failed',
      pattern: /^\d+ successes \/ (?:[1-9]\d* failures|\d+ failures \/ [1-9]\d* errors)/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'busted-totals', pattern: /^\d+ successes \/ 0 failures/, role: 'summary' },
    { id: 'busted-failed', pattern: /^(?:Failure|Error) (?:→|->) \S/, role: 'failure' },
    { id: 'lua-error', pattern: /^\s{0,4}(?:\S{0,100}lua[\d.jit]*: |\S{1,200}\.lua:\d+: )\S/, role: 'error' },
    { id: 'lua-traceback', pattern: /^stack traceback:$/, role: 'section' },
    {
      id: 'lua-frame',
      pattern:
        /^\t(?:\[C\]|\[string "[^"]{0,200}"\]|\S{1,300}):(?:\d+:)? in (?:function|main chunk|upvalue|local|field|method)/,
      role: 'frame',
    },
    {
      id: 'julia-error',
      pattern:
        /^\s{0,8}(?:ERROR: LoadError|ERROR: (?:\w{1,60}(?:Error|Exception)): ?|Error During Test at |Test Failed at )/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'julia-detail',
      pattern: /^\s{2,6}(?:Expression|Evaluated|Got exception outside|Test threw): /,
      role: 'detail',
    },
    { id: 'julia-frame', pattern: /^\s{1,6}\[\d{1,4}\] \S.{0,200}(?:\(|@ | at )/, role: 'frame' },
    {
      id: 'julia-totals',
      pattern: /^(?:Test Summary: {0,60}\||ERROR: Some tests did not pass)/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'r-error',
      pattern:
        /^(?:Error in .{1,200} ?:|Error: (?:package|object|unexpected|could not find)|Execution halted|ERROR: (?:dependenc|compilation failed|lazy loading failed|loading failed))/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'r-check-failed',
      pattern:
        /^\* (?:checking|installing|creating) .{1,300} \.\.\. ?(?:\[[^\]]{1,30}\] )?(?:ERROR|WARNING|FAILED)$/,
      role: 'failure',
    },
    {
      id: 'r-check-ok',
      pattern:
        /^\* (?:checking|installing|creating|using|preparing) .{1,300}(?:\.\.\. ?(?:\[[^\]]{1,30}\] )?(?:OK|NOTE|SKIPPED|DONE))?$/,
      role: 'pass',
    },
    { id: 'r-status', pattern: /^Status: [1-9]\d* (?:ERROR|WARNING)/, role: 'summary', priority: 'critical' },
    {
      id: 'testthat-failed',
      pattern: /^(?:── (?:Failure|Error|\d+\. (?:Failure|Error)).{0,200}|\[ FAIL [1-9]\d* \|)/,
      role: 'failure',
    },
    { id: 'testthat-totals', pattern: /^\[ FAIL 0 \|/, role: 'summary' },
    { id: 'perl-died', pattern: /\S at \S{1,300} line \d+(?:, <\w*> (?:line|chunk) \d+)?\.$/, role: 'error' },
    {
      id: 'perl-test-failed',
      pattern:
        /^\s{0,12}# {1,4}(?:Failed test|Looks like you (?:failed|planned|only)|Tests were run but no plan)/,
      role: 'failure',
    },
    { id: 'perl-test-values', pattern: /^\s{0,12}# {1,12}(?:got|expected|at \S+ line \d+)/, role: 'detail' },
    {
      id: 'perlcritic',
      pattern: / at line \d{1,7}, column \d{1,6}\. .{0,200}\(Severity: \d\)$/,
      role: 'error',
    },
    {
      id: 'prove-failed',
      pattern:
        /^(?:\S{1,200}\.t {1,4}\.{2,80} (?:Failed|Dubious)|Result: FAIL$|\s{2,4}Failed tests?: {1,4}\d|Failed \d+\/\d+ (?:subtests|test programs)|Dubious, test returned)/,
      role: 'failure',
    },
    {
      id: 'prove-passed',
      pattern: /^(?:\S{1,200}\.t {1,4}\.{2,80} (?:ok|skipped)|Result: PASS$|All tests successful)/,
      role: 'pass',
    },
    {
      id: 'cpan-progress',
      pattern:
        /^(?:--> Working on|Fetching https?:\S+|Configuring \S+-v?[\d.]+ \.\.\.|Building and testing \S+|==> Found dependencies|Successfully installed \S+)/,
      role: 'progress',
    },
    {
      id: 'crystal-error',
      pattern:
        /^(?:Error in \S{1,300}:\d+: |In \S{1,300}\.cr:\d+:\d+$|Error: (?:undefined method|no overload|expanding macro))/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'nim-error',
      pattern: /^\S{1,300}\.nims?\(\d+, \d+\) Error: /,
      role: 'error',
      priority: 'critical',
    },
  ],
};
