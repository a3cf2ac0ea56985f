import type { RecogniserFamily } from '../recogniser.ts';

/** mypy, pyright, ruff, flake8, pylint, black and isort. */
export const PYTHON_LINT: RecogniserFamily = {
  name: 'python-lint',
  recognisers: [
    {
      id: 'mypy-error',
      pattern: /^\S{1,300}\.pyi?:\d+(?::\d+)?(?::\d+:\d+)?: error: .{1,600}?\[([\w-]{2,60})\]$/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'mypy-error-plain',
      pattern: /^\S{1,300}\.pyi?:\d+(?::\d+)?: error: /,
      role: 'error',
      priority: 'critical',
    },
    { id: 'mypy-note', pattern: /^\S{1,300}\.pyi?:\d+(?::\d+)?: note: /, role: 'detail' },
    {
      id: 'mypy-totals',
      pattern: /^Found [1-9]\d* errors? in \d+ files?/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'mypy-success', pattern: /^Success: no issues found/, role: 'pass' },
    {
      id: 'pyright-error',
      pattern: /^\s{0,4}\S{1,300}\.pyi?:\d+:\d+ - error: .{1,600}?(?:\((report\w{2,60})\))?$/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'flake8-code',
      pattern: /^\S{1,300}\.(?:pyi?|ipynb)(?::cell \d+)?:\d+:\d+: ([A-Z]{1,4}\d{2,5})(?: |$)/,
      role: 'error',
      typeGroup: 1,
    },
    { id: 'pylint-code', pattern: /^\S{1,300}\.py:\d+:\d+: ([CRWEFI]\d{4}): /, role: 'error', typeGroup: 1 },
    { id: 'pylint-module', pattern: /^\*{10,20} Module \S/, role: 'section' },
    { id: 'ruff-code', pattern: /^([A-Z]{1,4}\d{3,4}) (?:\[\*\] )?\S.{1,200}$/, role: 'error', typeGroup: 1 },
    {
      id: 'ruff-totals',
      pattern: /^Found [1-9]\d* errors?(?: \(|\.)/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'black-would', pattern: /^(?:would reformat|error: cannot format) \S/, role: 'failure' },
    {
      id: 'black-totals-failed',
      pattern: /^\d+ files? would be (?:reformatted|left unchanged)|^Oh no! /,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'black-totals',
      pattern: /^(?:All done! |\d+ files? (?:left unchanged|reformatted)|All checks passed!)/,
      role: 'pass',
    },
    { id: 'isort-error', pattern: /^ERROR: \S{1,300}\.py Imports are incorrectly sorted/, role: 'failure' },
    { id: 'pre-commit-failed', pattern: /^.{1,200}\.{3,100}Failed$/, role: 'failure' },
    {
      id: 'pre-commit-passed',
      pattern: /^.{1,200}\.{3,100}(?:\(no files to check\))?(?:Passed|Skipped)$/,
      role: 'pass',
    },
    {
      id: 'pre-commit-detail',
      pattern: /^- (?:hook id|exit code|files were modified by this hook|duration): ?/,
      role: 'detail',
    },
  ],
};

/** ShellCheck, hadolint, cppcheck, clang-tidy, yamllint, markdownlint, actionlint and their like. */
export const LINT: RecogniserFamily = {
  name: 'lint',
  recognisers: [
    { id: 'shellcheck-place', pattern: /^In \S{1,300} line \d+:$/, role: 'error' },
    {
      id: 'shellcheck-code',
      pattern: /^\s{0,200}\^-{0,200}\^? ?(SC\d{4})(?: \(\w+\))?: /,
      role: 'error',
      typeGroup: 1,
    },
    {
      id: 'shellcheck-gcc',
      pattern: /^\S{1,300}:\d+:\d+: (?:error|warning|note): .{1,300}\[(SC\d{4})\]$/,
      role: 'error',
      typeGroup: 1,
    },
    {
      id: 'hadolint-code',
      pattern: /^\S{0,300}:\d+ (?:unexpected|(DL\d{4}|SC\d{4}) (?:error|warning|info|style): )/,
      role: 'error',
      typeGroup: 1,
    },
    {
      id: 'cppcheck-error',
      pattern:
        /^\[\S{1,300}:\d+(?::\d+)?\](?: -> \[\S{1,300}\])?: ?\((?:error|warning|style|performance|portability)\)/,
      role: 'error',
    },
    {
      id: 'clang-tidy',
      pattern:
        /^\S{1,300}:\d+:\d+: (?:warning|error): .{1,400} \[((?:bugprone|modernize|readability|performance|cppcoreguidelines|misc|google|clang-analyzer|clang-diagnostic|cert|hicpp|llvm)-[\w.,-]{1,200})\]$/,
      role: 'error',
      typeGroup: 1,
    },
    {
      id: 'markdownlint',
      pattern: /^\S{1,300}\.mdx?:\d+(?::\d+)? (?:error )?(MD\d{3})(?:\/| )/,
      role: 'error',
      typeGroup: 1,
    },
    {
      id: 'yamllint',
      pattern: /^\s{1,4}\d+:\d+ {1,8}(?:error|warning) {2,6}\S.{0,300}\(([\w-]{2,40})\)$/,
      role: 'error',
      typeGroup: 1,
    },
    { id: 'codespell', pattern: /^\S{1,300}:\d+: \w{1,60} ==> \w/, role: 'error' },
    {
      id: 'whitespace-check',
      pattern:
        /^\S{1,300}:\d+: (?:trailing whitespace|space before tab|new blank line at EOF|leftover conflict marker)/,
      role: 'error',
    },
    {
      id: 'semgrep-totals',
      pattern: /^Ran \d+ rules? on \d+ files?: [1-9]\d* findings?/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'link-check-numbered',
      pattern: /^\s{1,6}\d{1,5}\. \[L\d{1,7}\] (\d{3}) https?:/,
      role: 'error',
      typeGroup: 1,
    },
    {
      id: 'link-check-failed',
      pattern: /^\s{0,6}\[(?:✖|✗|ERROR|[45]\d\d|TIMEOUT)\] <?(?:https?:\/\/|#)/,
      role: 'failure',
    },
    {
      id: 'html-proofer',
      pattern: /^\s{0,4}\* {1,2}At \S{1,300}:\d+|^HTML-Proofer found [1-9]\d* failures?/,
      role: 'error',
      priority: 'critical',
    },
  ],
};

/** Coverage tools and their thresholds. */
export const COVERAGE: RecogniserFamily = {
  name: 'coverage',
  recognisers: [
    {
      id: 'coverage-below',
      pattern:
        /^(?:ERROR: )?(?:Coverage (?:failure|for .{1,60} (?:\([\d.]+%\) )?does not meet)|FAIL Required test coverage|Required test coverage of .{1,20} not reached|.{0,80}coverage threshold .{0,80}not met|Coverage check failed|Line coverage .{0,40}below)/i,
      role: 'failure',
    },
    { id: 'coverage-reached', pattern: /^Required test coverage of .{1,20} reached/, role: 'pass' },
    {
      id: 'coverage-table',
      pattern:
        /^(?:-{8,120}\|[-|]{4,120}|File {1,120}\| % Stmts|All files {1,120}\||Name {1,120}Stmts {1,8}Miss|TOTAL {1,120}\d+ {1,12}\d+ )/,
      role: 'info',
    },
    {
      id: 'coverage-row',
      pattern: /^\s{0,12}\S{1,120} {1,100}\| {1,8}[\d.]{1,6} \| {1,8}[\d.]{1,6} \|/,
      role: 'info',
      priority: 'verbose',
    },
    {
      id: 'coverage-row-python',
      pattern: /^\S{1,250}\.pyx? {1,120}\d{1,7} {1,12}\d{1,7} .{0,60}\d{1,3}%/,
      role: 'info',
      priority: 'verbose',
    },
    {
      id: 'codecov-error',
      pattern: /^(?:\[[^\]]{1,40}\] \['error'\] |Codecov: Failed|X> (?:Failed|HTTP))/,
      role: 'error',
    },
    {
      id: 'codecov-info',
      pattern:
        /^(?:==> (?:Travis|GitHub|Circle|Uploading|Reading|Gathering|Python coveragepy|Detecting|Processing|Preparing)|\s{4}(?:-> |\+ )\S|Coverage report generated|Wrote (?:HTML|XML|JSON) report)/,
      role: 'info',
    },
  ],
};
