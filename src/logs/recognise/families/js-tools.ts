import type { RecogniserFamily } from '../recogniser.ts';

/** The TypeScript compiler. */
export const TSC: RecogniserFamily = {
  name: 'tsc',
  recognisers: [
    {
      id: 'tsc-error',
      pattern: /^.{1,300}?(?:\(\d{1,7},\d{1,7}\): |:\d{1,7}:\d{1,7} - )error (TS\d{1,6}): /,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'tsc-global-error',
      pattern: /^\s{0,8}error (TS\d{1,6}): /,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'tsc-bundler-error',
      pattern: /\b(TS\d{4,5}): \S/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'tsc-totals',
      pattern: /^Found [1-9]\d* errors?(?: in |\.)/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'tsc-totals-none', pattern: /^Found 0 errors/, role: 'summary' },
    { id: 'tsc-table', pattern: /^Errors {2}Files$/, role: 'summary' },
    {
      id: 'tsc-watch',
      pattern: /^(?:\d\d:\d\d:\d\d - )?(?:Starting compilation|File change detected)/,
      role: 'info',
    },
    { id: 'tsc-squiggle', pattern: /^\s{1,200}~{1,200}\s*$/, role: 'detail' },
  ],
};

/** ESLint, oxlint, Biome, Prettier and Stylelint. */
export const ESLINT: RecogniserFamily = {
  name: 'eslint',
  recognisers: [
    {
      id: 'eslint-error',
      pattern:
        /^\s{0,6}\d{1,7}:\d{1,6} {1,6}(?:error|✖) {1,4}\S.{0,400}? {2,80}((?:@[\w-]{1,60}\/)?[\w/-]{2,80})$/,
      role: 'error',
      typeGroup: 1,
    },
    { id: 'eslint-parse-error', pattern: /^\s{0,6}\d{1,7}:\d{1,6} {1,6}error {1,4}\S/, role: 'error' },
    { id: 'eslint-warning', pattern: /^\s{0,6}\d{1,7}:\d{1,6} {1,6}(?:warning|⚠) {1,4}\S/, role: 'warning' },
    {
      id: 'eslint-next',
      pattern: /^\d{1,7}:\d{1,6} {1,4}Error: .{1,400} ((?:@[\w-]{1,60}\/)?[\w/-]{2,80})$/,
      role: 'error',
      typeGroup: 1,
    },
    {
      id: 'eslint-totals-failed',
      pattern: /^\s{0,4}✖ \d+ problems? \([1-9]\d* errors?/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'eslint-totals', pattern: /^\s{0,4}✖ \d+ problems? \(0 errors/, role: 'summary' },
    {
      id: 'eslint-fixable',
      pattern: /^\s{2,6}\d+ errors? and \d+ warnings? potentially fixable/,
      role: 'info',
    },
    { id: 'eslint-crashed', pattern: /^Oops! Something went wrong!/, role: 'error', priority: 'critical' },
    {
      id: 'prettier-unformatted',
      pattern: /^\[(?:warn|error)\] (?:Code style issues|.{1,300}: SyntaxError|Error occurred when checking)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'prettier-file',
      pattern: /^\[(?:warn|error)\] \S{1,300}\.\w{1,8}$/,
      role: 'failure',
      priority: 'high',
    },
    {
      id: 'prettier-checking',
      pattern: /^(?:Checking formatting\.\.\.|All matched files use Prettier)/,
      role: 'info',
    },
    {
      id: 'biome-diagnostic',
      pattern:
        /^\S{1,300}\.\w{1,8}(?::\d+:\d+)? ((?:lint|format|parse|assist|organizeImports|suppressions)(?:\/[\w/-]{1,80})?) {1,4}(?:FIXABLE )? ?━{3,200}/,
      role: 'error',
      typeGroup: 1,
    },
    {
      id: 'biome-totals',
      pattern: /^(?:Found [1-9]\d* (?:errors?|warnings?)\.|Checked \d+ files? in )/,
      role: 'summary',
    },
    {
      id: 'oxlint-diagnostic',
      pattern:
        /^\s{0,4}[×⚠] ((?:eslint|typescript|import|unicorn|react|oxc|promise|vitest|jest|node|jsx-a11y|nextjs)[\w-]{0,40}\([\w-]{1,80}\)): /,
      role: 'error',
      typeGroup: 1,
    },
  ],
};
