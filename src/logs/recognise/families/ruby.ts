import type { RecogniserFamily } from '../recogniser.ts';

/** RSpec, minitest, test-unit and Cucumber. */
export const RSPEC: RecogniserFamily = {
  name: 'rspec',
  recognisers: [
    { id: 'rspec-rerun', pattern: /^rspec \S{1,300}(?:\.rb:\d+|\.rb\[[\d:,]+\])(?: #|$)/, role: 'failure' },
    {
      id: 'rspec-failures',
      pattern: /^(?:Failures|Failed examples|An error occurred (?:while loading|in an?|outside)).{0,200}:?$/,
      role: 'section',
      priority: 'critical',
    },
    { id: 'rspec-failure-error', pattern: /^\s{2,12}Failure\/Error: /, role: 'error', priority: 'critical' },
    {
      id: 'rspec-totals-failed',
      pattern: /^\d+ examples?, (?:[1-9]\d* failures?|0 failures, .{0,60}[1-9]\d* errors?)/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'rspec-totals', pattern: /^\d+ examples?, 0 failures/, role: 'summary' },
    { id: 'rspec-failed-inline', pattern: /^\s{2,40}\S.{0,300} \(FAILED - \d+\)$/, role: 'failure' },
    {
      id: 'rspec-values',
      pattern: /^\s{4,14}(?:expected|got|actual|expected: |got: |Diff:|@@ )/,
      role: 'detail',
    },
    {
      id: 'minitest-failed',
      pattern:
        /^(?:\s{0,4}\d{1,4}\) (?:Failure|Error):|(?:Failure|Error):$|\S{1,200}#\S{1,200} \[\S{1,300}\.rb:\d+\]:?$)/,
      role: 'failure',
    },
    {
      id: 'minitest-test-name',
      pattern: /^(?:Failure|Error): (?:test[_ :]|\S{1,120}#test_)/,
      role: 'failure',
    },
    {
      id: 'minitest-totals-failed',
      pattern: /^\d+ (?:runs|tests), \d+ assertions, (?:[1-9]\d* failures|0 failures, [1-9]\d* errors)/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'minitest-totals',
      pattern: /^\d+ (?:runs|tests), \d+ assertions, 0 failures, 0 errors/,
      role: 'summary',
    },
    { id: 'minitest-rerun', pattern: /^(?:bin\/)?(?:rails|rake) test \S{1,300}\.rb:\d+$/, role: 'failure' },
    {
      id: 'cucumber-failed',
      pattern: /^(?:cucumber \S{1,300}\.feature:\d+|\(::\) failed steps \(::\))/,
      role: 'failure',
    },
    {
      id: 'cucumber-totals-failed',
      pattern: /^\d+ (?:scenarios?|steps?) \(.{0,80}\d+ (?:failed|undefined)/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'rubocop-offense',
      pattern: /^\S{1,300}\.\w{2,8}:\d+:\d+: ([CWEFR]): (?:\[Corre\w+\] )?/,
      role: 'error',
      typeGroup: 1,
    },
    {
      id: 'rubocop-totals-failed',
      pattern: /^\d+ files? inspected, [1-9]\d* offenses? detected/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'rubocop-totals', pattern: /^\d+ files? inspected, no offenses/, role: 'summary' },
    { id: 'rspec-dots-failed', pattern: /^[.*]{0,300}F[.*F]{3,300}$/, role: 'failure', priority: 'high' },
    {
      id: 'rspec-finished',
      pattern: /^(?:Finished in [\d.]+|Randomized with seed \d+|Run options: )/,
      role: 'info',
    },
  ],
};

/** The Ruby interpreter, bundler, gem and rake. */
export const RUBY: RecogniserFamily = {
  name: 'ruby',
  recognisers: [
    {
      id: 'ruby-exception',
      pattern: /^\s{0,4}(?:\S{1,300}:\d+:in [`'][^']{1,120}': ).{0,400}\(((?:\w+::)*\w+)\)$/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'ruby-raised',
      pattern:
        /^\s{0,12}((?:[A-Z]\w{0,60}::){0,8}[A-Z]\w{0,60}(?:Error|Exception|NotFound|Invalid|Timeout)|Errno::E\w+): ?/,
      role: 'error',
      typeGroup: 1,
    },
    { id: 'ruby-syntax', pattern: /^\S{1,300}\.rb:\d+: syntax error/, role: 'error' },
    { id: 'ruby-frame', pattern: /^\s{0,20}(?:# |from |\d+: from )?\S{1,300}:\d+:in [`']/, role: 'frame' },
    { id: 'rspec-frame', pattern: /^\s{2,20}# \S{1,300}:\d+(?::in |$)/, role: 'frame' },
    {
      id: 'bundler-error',
      pattern:
        /^(?:Bundler (?:could not|found conflicting)|Could not find (?:gem )?'?\S+'? in|An error occurred while installing|Gem::\w{0,60}(?:Error|Conflict)|Your Ruby version is|Your bundle is locked|The gemspec for|There was an error (?:parsing|while))/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'gem-error',
      pattern:
        /^ERROR: {1,3}(?:Could not find|While executing gem|Error installing|Failed to build gem|Possible alternatives)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'rake-aborted', pattern: /^(?:rake|rails) aborted!/, role: 'error', priority: 'critical' },
    { id: 'rake-tasks', pattern: /^(?:Tasks: TOP =>|\(See full trace by running task)/, role: 'frame' },
    {
      id: 'bundler-progress',
      pattern:
        /^(?:Using|Fetching|Installing) [\w.-]+ [\d.]+(?: |$)|^(?:Fetching (?:gem metadata|source index|version metadata)|Resolving dependencies\.{3})/,
      role: 'progress',
    },
    {
      id: 'bundler-done',
      pattern:
        /^(?:Bundle complete!|Bundled gems are installed|Successfully installed \S+|\d+ gems? installed)/,
      role: 'pass',
    },
    {
      id: 'ruby-warning',
      pattern: /^(?:DEPRECATION WARNING: |\S{1,300}\.rb:\d+: warning: )/,
      role: 'warning',
    },
  ],
};
