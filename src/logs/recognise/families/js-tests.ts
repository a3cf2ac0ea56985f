import type { RecogniserFamily } from '../recogniser.ts';

/** Jest. */
export const JEST: RecogniserFamily = {
  name: 'jest',
  recognisers: [
    { id: 'jest-failed-file', pattern: /^\s{0,4}FAIL {1,3}\S/, role: 'failure' },
    { id: 'jest-failed-case', pattern: /^\s{0,6}● (?!Console)\S/, role: 'failure' },
    { id: 'jest-suite-crashed', pattern: /^\s{0,6}(?:● )?Test suite failed to run/, role: 'failure' },
    { id: 'jest-threshold', pattern: /^Jest: .{0,200}threshold/, role: 'failure' },
    { id: 'jest-summary-section', pattern: /^Summary of all failing tests/, role: 'section' },
    {
      id: 'jest-totals-failed',
      pattern: /^(?:Tests|Test Suites|Snapshots): {1,8}\d+ (?:failed|obsolete)/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'jest-totals',
      pattern:
        /^(?:Tests|Test Suites|Snapshots|Time): {6,12}\d|^(?:Tests|Test Suites): {1,8}\d+ (?:passed|skipped|todo)/,
      role: 'summary',
    },
    {
      id: 'jest-open-handles',
      pattern: /^(?:Jest did not exit|Jest has detected the following|A worker process has failed to exit)/,
      role: 'warning',
    },
    {
      id: 'jest-snapshots',
      pattern: /^ › \d+ snapshots? (?:failed|obsolete|written|updated)/,
      role: 'summary',
    },
    { id: 'jest-matcher', pattern: /^\s{0,12}(?:Error: )?expect\(.{0,300}\)\.\w/, role: 'error' },
    {
      id: 'jest-values',
      pattern:
        /^\s{0,12}(?:(?:Expected|Received)(?: (?:value|string|array|object|length|path|substring|pattern|constructor|message|name|mock name|promise|function|property|set|map|symbol|type|number of (?:calls|returns|elements|assertions)|has (?:type|value)|serializes to).{0,30})?:|(?:Difference|Number of calls|Snapshot name|Comparing two different types.{0,60}|Thrown (?:value|message|name)|Matcher error):)/,
      role: 'detail',
    },
    { id: 'jest-code', pattern: /^\s{1,8}>? {0,6}\d{1,6} \| /, role: 'detail' },
    { id: 'jest-code-caret', pattern: /^\s{1,20}\| {1,200}\^/, role: 'detail' },
    {
      id: 'jest-console',
      pattern: /^\s{0,6}(?:● Console|console\.(?:log|error|warn|info|debug)(?:$| \S+:\d+))/,
      role: 'info',
    },
    { id: 'jest-passed-file', pattern: /^\s{0,4}PASS {1,3}\S/, role: 'pass' },
    { id: 'jest-running', pattern: /^\s{0,4}RUNS {1,3}\S/, role: 'progress' },
    { id: 'jest-ran-all', pattern: /^Ran all test suites/, role: 'info' },
  ],
};

/** Vitest. */
export const VITEST: RecogniserFamily = {
  name: 'vitest',
  recognisers: [
    {
      id: 'vitest-failed',
      pattern: /^\s{0,6}(?:FAIL {2}\S.{0,300} > |[×❯] \S.{0,300}(?:failed|> ))/,
      role: 'failure',
    },
    {
      id: 'vitest-sections',
      pattern:
        /^\s{0,2}⎯{3,100} ?(?:Failed (?:Tests|Suites) \d+|Unhandled (?:Errors|Rejection|Error)|Uncaught Exception|Startup Error)/,
      role: 'section',
    },
    {
      id: 'vitest-totals-failed',
      pattern: /^\s{0,8}(?:Test Files|Tests|Errors) {1,4}\d+ (?:failed|errors?)/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'vitest-totals',
      pattern: /^\s{0,8}(?:Test Files|Tests|Duration|Start at|Snapshots) {1,4}(?:\d|\()/,
      role: 'summary',
    },
    { id: 'vitest-frame', pattern: /^\s{1,6}❯ \S{1,300}:\d{1,7}:\d{1,7}/, role: 'frame' },
    {
      id: 'vitest-values',
      pattern: /^\s{0,6}[-+] (?:Expected|Received)(?: {2}- \d+| {2}\+ \d+)?$/,
      role: 'detail',
    },
    { id: 'vitest-passed', pattern: /^\s{0,8}[✓√✔] \S/, role: 'pass' },
    { id: 'vitest-skipped', pattern: /^\s{0,8}[↓○] \S/, role: 'pass' },
    { id: 'vitest-console', pattern: /^std(?:out|err) \| \S/, role: 'info' },
    { id: 'vitest-start', pattern: /^\s{0,2}(?:RUN|DEV) {2}v\d/, role: 'step' },
  ],
};

/** Mocha, Jasmine, Karma, Cypress, Playwright, AVA and Node's own runner. */
export const MOCHA: RecogniserFamily = {
  name: 'mocha',
  recognisers: [
    { id: 'mocha-failed-case', pattern: /^\s{1,12}\d{1,4}\) \S/, role: 'failure' },
    {
      id: 'mocha-cross',
      pattern: /^\s{0,20}(?:✗|✘|✖|❌) ? ?(?!\d+ problems?|[Ff]ail(?:ing|ed) tests)\S/,
      role: 'failure',
    },
    { id: 'mocha-failing', pattern: /^\s{0,4}[1-9]\d{0,6} failing$/, role: 'summary', priority: 'critical' },
    {
      id: 'mocha-totals',
      pattern: /^\s{0,4}(?:✔ )?\d{1,7} (?:passing|pending|tests? complete|passed)\b/,
      role: 'summary',
    },
    {
      id: 'jasmine-totals-failed',
      pattern: /^\d+ (?:specs?|of \d+ specs?), [1-9]\d* failures?/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'jasmine-totals', pattern: /^\d+ specs?, 0 failures/, role: 'summary' },
    { id: 'jasmine-message', pattern: /^\s{2,6}Message:$/, role: 'detail' },
    {
      id: 'karma-failed',
      pattern: /^[A-Z][\w .]{2,60} \([\w .]{2,60}\):? .{0,300} FAILED$/,
      role: 'failure',
    },
    {
      id: 'karma-error',
      pattern:
        /^[A-Z][\w .]{2,60} \([\w .]{2,60}\):? (?:ERROR|DISCONNECTED|Executed \d+ of \d+ {0,2}(?:DISCONNECTED|ERROR))/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'karma-progress',
      pattern: /^[A-Z][\w .]{2,60} \([\w .]{2,60}\): Executed \d+ of \d+(?! \(\d+ FAILED| DISC| ERR)/,
      role: 'progress',
    },
    {
      id: 'karma-totals-failed',
      pattern:
        /^(?:[A-Z][\w .]{2,60} \([\w .]{2,60}\): Executed \d+ of \d+ ?\(\d+ FAILED\)|TOTAL: \d+ FAILED)/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'karma-browser',
      pattern:
        /^(?:ERROR|WARN) \[(?:launcher|karma|reporter|config|plugin|preprocessor)[\w. -]{0,60}\]: .{0,200}(?:not start|Disconnected|failed|crashed|Cannot)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'playwright-failed', pattern: /^\s{0,6}\d{1,5}\) \[\w[\w -]{0,60}\] › /, role: 'failure' },
    {
      id: 'playwright-totals-failed',
      pattern: /^\s{1,4}\d{1,6} (?:failed|flaky|did not run|interrupted)$/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'cypress-totals-failed',
      pattern: /^\s{0,4}(?:│ (?:Failing|Failures): {1,20}[1-9]|✖ {1,4}\d+ of \d+ failed)/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'ava-failed',
      pattern: /^\s{0,4}(?:\d+ (?:tests?|hooks?) failed|\d+ uncaught exceptions?)$/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'node-test-failed', pattern: /^\s{0,20}✖ \S.{0,300} \([\d.]+ms\)/, role: 'failure' },
    {
      id: 'node-test-failing',
      pattern: /^(?:✖ failing tests:|ℹ fail [1-9])/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'node-test-totals',
      pattern: /^ℹ (?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) \d/,
      role: 'summary',
    },
    { id: 'mocha-passed', pattern: /^\s{0,20}(?:✓|✔|√) \S/, role: 'pass' },
    {
      id: 'diff-head',
      pattern: /^\s{0,8}(?:\+\+\+|---) (?:Actual|Expected|expected|actual|[ab]\/\S)|^\s{0,8}@@ (?:-\d|@@)/,
      role: 'detail',
    },
    { id: 'mocha-diff-legend', pattern: /^\s{2,12}\+ expected - actual$/, role: 'detail' },
  ],
};

/** The Test Anything Protocol, whoever prints it. */
export const TAP: RecogniserFamily = {
  name: 'tap',
  recognisers: [
    // TODO and SKIP are directives of the protocol: a test marked so may fail without failing the run.
    { id: 'tap-not-ok', pattern: /^\s{0,40}not ok\b(?!.{0,300}# (?:TODO|SKIP))/, role: 'failure' },
    { id: 'tap-bail-out', pattern: /^Bail out!/, role: 'error', priority: 'critical' },
    {
      id: 'tap-failed-totals',
      pattern: /^# (?:fail {1,4}[1-9]|failed [1-9]|not ok)/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'tap-ok', pattern: /^\s{0,40}ok \d+\b/, role: 'pass' },
    { id: 'tap-not-ok-todo', pattern: /^\s{0,40}not ok\b.{0,300}# (?:TODO|SKIP)/, role: 'pass' },
    { id: 'tap-totals', pattern: /^# (?:tests|pass|fail|ok|skip|todo|time)\b/, role: 'summary' },
    {
      id: 'tap-detail',
      pattern: /^\s{2,40}(?:operator|expected|actual|at|failureType|error|code|stack|severity): /,
      role: 'detail',
    },
    { id: 'tap-plan', pattern: /^\s{0,40}(?:TAP version \d+|1\.\.\d+)/, role: 'info' },
    { id: 'tap-subtest', pattern: /^\s{0,40}# Subtest: /, role: 'step' },
  ],
};
