import type { RecogniserFamily } from '../recogniser.ts';

/** GHC, Cabal, Stack and Hspec. */
export const HASKELL: RecogniserFamily = {
  name: 'haskell',
  recognisers: [
    {
      id: 'ghc-error',
      pattern: /^\S{1,300}\.l?hs:(?:\d+:\d+(?:-\d+)?|\(\d+,\d+\)-\(\d+,\d+\)): error:(?: \[(GHC-\d+)\])?/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    { id: 'ghc-old-error', pattern: /^\S{1,300}\.l?hs:\d+:\d+:$/, role: 'error', priority: 'critical' },
    { id: 'ghc-warning', pattern: /^\S{1,300}\.l?hs:\d+:\d+(?:-\d+)?: [Ww]arning:/, role: 'warning' },
    { id: 'ghc-bullet', pattern: /^\s{4}• \S/, role: 'detail' },
    {
      id: 'cabal-error',
      pattern: /^(?:cabal(?:\.exe)?: |Error: (?:cabal|\[Cabal)|rejecting: |Could not resolve dependencies:)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'stack-error',
      pattern:
        /^(?:Error: \[S-\d+\]|-- While building|While constructing the build plan|Test suite failure for package|\s{4}Process exited with code: ExitFailure)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'haskell-suite-failed', pattern: /^Test suite \S+: FAIL/, role: 'failure' },
    { id: 'haskell-suite-passed', pattern: /^Test suite \S+: (?:PASS|RUNNING)/, role: 'pass' },
    { id: 'hspec-failed', pattern: /^\s{0,40}\S.{0,200} FAILED \[\d+\]$/, role: 'failure' },
    { id: 'tasty-failed', pattern: /^\s{0,40}\S.{0,200}: {1,80}FAIL(?: \([\d.]+s\))?$/, role: 'failure' },
    { id: 'tasty-passed', pattern: /^\s{0,40}\S.{0,200}: {1,80}OK(?: \([\d.]+s\))?$/, role: 'pass' },
    {
      id: 'tasty-totals-failed',
      pattern: /^[1-9]\d* out of \d+ tests failed/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'quickcheck-failed', pattern: /^\s{0,12}\*{3} Failed! /, role: 'failure' },
    { id: 'quickcheck-passed', pattern: /^\s{0,12}\+{3} OK, passed \d+ tests/, role: 'pass' },
    { id: 'ghc-progress', pattern: /^\[ {0,4}\d+ of \d+\] (?:Compiling|Linking) /, role: 'progress' },
    {
      id: 'cabal-progress',
      pattern:
        /^(?:Preprocessing|Configuring|Registering|Building) (?:library|executable|test suite|benchmark|\S+-[\d.]+)|^\S+-[\d.]+: (?:download|configure|build|copy\/register|unregistering)/,
      role: 'progress',
    },
  ],
};

/** Elixir, Erlang, rebar and Common Test. */
export const BEAM: RecogniserFamily = {
  name: 'beam',
  recognisers: [
    {
      id: 'elixir-exception',
      pattern: /^\s{0,12}\*\* \(((?:\w{1,60}\.){0,6}\w{1,80}|EXIT[^)]{0,60})\) ?/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'exunit-failed',
      pattern: /^\s{1,6}\d{1,5}\) (?:test|doctest|property) .{1,300} \([\w.]+\)$/,
      role: 'failure',
    },
    {
      id: 'exunit-totals-failed',
      pattern: /^(?:\d+ \w+, ){0,3}\d+ tests?, [1-9]\d* failures?/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'exunit-totals', pattern: /^(?:\d+ \w+, ){0,3}\d+ tests?, 0 failures/, role: 'summary' },
    {
      id: 'exunit-detail',
      pattern:
        /^\s{5,7}(?:code|left|right|stacktrace|Assertion with \S+ failed|The following output was logged): ?/,
      role: 'detail',
    },
    {
      id: 'elixir-frame',
      pattern: /^\s{4,12}(?:\([\w.]+(?: [\w.-]+)?\) )?\S{1,300}\.(?:exs?|erl):\d+: \S/,
      role: 'frame',
    },
    {
      id: 'elixir-compile-error',
      pattern:
        /^(?:== Compilation error in file|could not compile dependency|Unchecked dependencies for environment)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'mix-format', pattern: /^\*\* \(Mix\) /, role: 'error', priority: 'critical' },
    {
      id: 'erlc-error',
      pattern: /^\S{1,300}\.[ehx]rl:\d+(?::\d+)?: (?!Warning|warning)\S/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'erlc-warning', pattern: /^\S{1,300}\.[ehx]rl:\d+(?::\d+)?: [Ww]arning/, role: 'warning' },
    {
      id: 'erlang-crash',
      pattern:
        /^(?:=(?:ERROR|CRASH) REPORT=|\{"init terminating|Crash dump is being written|escript: exception)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'rebar-error',
      pattern: /^===> (?:Failed|Compiling \S+ failed|.{0,100}(?:failed|error|Error))/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'rebar-step', pattern: /^===> \S/, role: 'step' },
    {
      id: 'common-test-failed',
      pattern:
        /^(?:\S{1,100}_SUITE[:.]\S{1,120} failed|Failed \d+ tests\.|Testing \S+: .{0,100}FAILED|%%% \S+ ==> \S+: FAILED)/,
      role: 'failure',
    },
    {
      id: 'eunit-failed',
      pattern: /^\s{0,8}(?:\S{1,120}:\d+:|\S{1,200}) ?.{0,100}\*failed\*$/,
      role: 'failure',
    },
    { id: 'elixir-warning', pattern: /^\s{0,4}warning: \S/, role: 'warning' },
    {
      id: 'elixir-progress',
      pattern: /^(?:Compiling \d+ files? \(|Generated \S+ app|==> \w+$|\* Getting \S+ \(Hex)/,
      role: 'progress',
    },
  ],
};
