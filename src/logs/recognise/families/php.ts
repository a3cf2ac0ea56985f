import type { RecogniserFamily } from '../recogniser.ts';

/** PHPUnit, Pest, PHPStan, Psalm and the coding-style tools. */
export const PHPUNIT: RecogniserFamily = {
  name: 'phpunit',
  recognisers: [
    { id: 'phpunit-failed-case', pattern: /^\d{1,5}\) [\w\\]{1,250}(?:::\w|$| with data)/, role: 'failure' },
    {
      id: 'phpunit-section',
      pattern: /^There (?:was|were) \d+ (?:failure|error|risky test|warning)s?:/,
      role: 'section',
      priority: 'critical',
    },
    { id: 'phpunit-verdict', pattern: /^(?:FAILURES!|ERRORS!)$/, role: 'summary', priority: 'critical' },
    {
      id: 'phpunit-totals-failed',
      pattern: /^Tests: \d+, Assertions: \d+, .{0,60}(?:Errors|Failures): [1-9]/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'phpunit-totals',
      pattern: /^(?:OK \(\d+ tests?, \d+ assertions?\)|Tests: \d+, Assertions: \d+|OK, but )/,
      role: 'summary',
    },
    { id: 'phpunit-assertion', pattern: /^Failed asserting that /, role: 'error', priority: 'critical' },
    {
      id: 'phpunit-progress-failed',
      pattern: /^[.SIRWDN]{0,200}[FE][.SIRWDNFE]{0,200} {1,60}\d+ \/ \d+ \( {0,2}\d+%\)/,
      role: 'failure',
      priority: 'high',
    },
    {
      id: 'phpunit-progress',
      pattern: /^[.SIRWDN]{1,200} {1,60}\d+ \/ \d+ \( {0,2}\d+%\)/,
      role: 'progress',
    },
    { id: 'pest-failed', pattern: /^\s{1,4}(?:FAIL {2}\S|⨯ \S|FAILED {2}\S)/, role: 'failure' },
    {
      id: 'behat-failed',
      pattern: /^--- Failed (?:steps|scenarios):/,
      role: 'section',
      priority: 'critical',
    },
    {
      id: 'phpstan-totals-failed',
      pattern: /^\s{0,4}\[ERROR\] Found [1-9]\d* errors?/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'phpstan-ok', pattern: /^\s{0,4}\[OK\] No errors/, role: 'pass' },
    {
      id: 'psalm-error',
      pattern: /^ERROR: (\w{3,60}) - \S{1,300}\.php:\d+:\d+/,
      role: 'error',
      typeGroup: 1,
    },
    { id: 'phpcs-error', pattern: /^\s{0,6}\d{1,6} \| ERROR {1,4}\| /, role: 'error' },
    { id: 'phpcs-warning', pattern: /^\s{0,6}\d{1,6} \| WARNING \| /, role: 'warning' },
    {
      id: 'phpcs-totals',
      pattern: /^(?:FOUND \d+ ERRORS?|A TOTAL OF \d+ ERRORS?)/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'php-cs-fixer-file',
      pattern: /^\s{1,6}\d{1,5}\) \S{1,300}\.php(?: \(|$)/,
      role: 'failure',
      priority: 'high',
    },
  ],
};

/** PHP itself and Composer. */
export const PHP: RecogniserFamily = {
  name: 'php',
  recognisers: [
    {
      id: 'php-fatal',
      pattern:
        /^(?:PHP )?(?:Fatal error|Parse error|Catchable fatal error): {1,2}(?:Uncaught ([\w\\]{1,120}))?/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'php-warning',
      pattern: /^(?:PHP )?(?:Warning|Notice|Deprecated|Strict Standards): {1,2}.{1,600} in \S+/,
      role: 'warning',
    },
    {
      id: 'php-exception',
      pattern: /^\s{0,6}\[?((?:[A-Z]\w{0,60}\\){0,8}[A-Z]\w{0,60}(?:Exception|Error))\]?(?::|\s*$)/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'php-frame',
      pattern: /^\s{0,6}#\d{1,4} (?:\S{1,300}\(\d+\)|\{main\}|\[internal function\])/,
      role: 'frame',
    },
    { id: 'php-place', pattern: /^(?:\/|[A-Z]:\\)\S{1,300}\.php:\d+$/, role: 'frame' },
    {
      id: 'composer-problem',
      pattern:
        /^(?:Your requirements could not be resolved|\s{2}Problem \d+$|Your lock file does not contain|The lock file is not up to date)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'composer-reason',
      pattern:
        /^\s{4}- (?:Root composer\.json|\S+ .{1,200}(?:requires|conflicts|is missing|could not be found))/,
      role: 'detail',
    },
    {
      id: 'composer-script-failed',
      pattern: /^Script .{1,300} returned with error code [1-9]\d*/,
      role: 'exit',
    },
    {
      id: 'composer-progress',
      pattern: /^\s{2,4}- (?:Installing|Downloading|Updating|Upgrading|Removing|Locking|Syncing) \S+\/\S+/,
      role: 'progress',
    },
    {
      id: 'composer-step',
      pattern:
        /^(?:Loading composer repositories|Updating dependencies|Installing dependencies|Package operations:|Lock file operations:|Generating (?:optimized )?autoload|Writing lock file)/,
      role: 'progress',
    },
  ],
};
