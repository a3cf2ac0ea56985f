import type { RecogniserFamily } from '../recogniser.ts';

/** GoogleTest, Catch2, doctest, Boost.Test and CTest. */
export const CPP_TESTS: RecogniserFamily = {
  name: 'cpp-tests',
  recognisers: [
    { id: 'gtest-failed', pattern: /^\[ {2}FAILED {2}\] \S/, role: 'failure' },
    {
      id: 'gtest-place',
      pattern: /^\S{1,300}(?::\d+|\(\d+\)): (?:Failure|error: )/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'gtest-values',
      pattern:
        /^(?:Expected equality of these values:|Value of: |Expected: |\s{2}Actual: |Which is: |Expected equality)/,
      role: 'detail',
    },
    {
      id: 'gtest-totals-failed',
      pattern: /^\s{0,2}\d+ FAILED TESTS?$/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'gtest-passed', pattern: /^\[ {1,7}(?:OK|PASSED|SKIPPED) {1,2}\] /, role: 'pass' },
    { id: 'gtest-run', pattern: /^\[(?: RUN {6}|-{10}|={10})\]/, role: 'progress' },
    {
      id: 'ctest-failed',
      pattern: /^\s{0,8}\d{1,6}\/\d{1,6} Test {1,4}#\d+: .{1,300}(?:\*{3}|Failed|Timeout|Exception)/,
      role: 'failure',
    },
    {
      id: 'ctest-failed-name',
      pattern:
        /^\s{1,8}\d{1,6} - \S{1,200} \((?:Failed|Timeout|SEGFAULT|ILLEGAL|NUMERICAL|OTHER_FAULT|Not Run|BAD_COMMAND|Subprocess aborted|INTERRUPT|Child aborted)\)/,
      role: 'failure',
    },
    {
      id: 'ctest-totals-failed',
      pattern: /^\d+% tests passed, [1-9]\d* tests failed out of/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'ctest-errors',
      pattern: /^(?:The following tests FAILED:|Errors while running CTest)/,
      role: 'section',
      priority: 'critical',
    },
    {
      id: 'ctest-passed',
      pattern: /^\s{0,8}\d{1,6}\/\d{1,6} Test {1,4}#\d+: .{1,300} Passed /,
      role: 'pass',
    },
    { id: 'ctest-start', pattern: /^\s{0,8}Start {1,6}\d+: /, role: 'progress' },
    {
      id: 'ctest-totals',
      pattern: /^(?:100% tests passed, 0 tests failed|Total Test time \(real\))/,
      role: 'summary',
    },
    {
      id: 'catch-failed',
      pattern: /^\S{1,300}(?::\d+|\(\d+\)): (?:FAILED|FATAL ERROR|ERROR):?/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'catch-totals-failed',
      pattern:
        /^(?:test cases|assertions|\[doctest\] (?:test cases|assertions)): {1,4}\d+ \|.{0,80} [1-9]\d* failed/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'catch-totals',
      pattern:
        /^(?:test cases|assertions|\[doctest\] (?:test cases|assertions)): {1,4}\d+ \||^All tests passed \(/,
      role: 'summary',
    },
    { id: 'boost-test-failed', pattern: /^\S{1,300}\(\d+\): (?:fatal )?error: in "/, role: 'failure' },
    {
      id: 'boost-totals-failed',
      pattern: /^\*{3} (?:[1-9]\d* failures? (?:is|are) detected|No errors detected)/,
      role: 'summary',
    },
  ],
};
