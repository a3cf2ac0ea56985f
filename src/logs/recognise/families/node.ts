import type { RecogniserFamily } from '../recogniser.ts';

/** npm, pnpm, yarn, bun, lerna, nx and turbo. */
export const NPM: RecogniserFamily = {
  name: 'npm',
  recognisers: [
    {
      id: 'npm-error-code',
      pattern: /^npm (?:ERR!|error) code (E\w{2,40}|\d{1,5})/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'npm-log-hint',
      pattern: /^npm (?:ERR!|error) (?:A complete log of this run|\s*\S*_logs)/,
      role: 'info',
    },
    { id: 'npm-error', pattern: /^npm (?:ERR!|error)(?: |$)/, role: 'error', priority: 'high' },
    {
      id: 'pnpm-error',
      pattern: /^\s{0,4}(ERR_PNPM_\w{1,80})/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    { id: 'pnpm-lifecycle', pattern: /^\s{0,4}ELIFECYCLE /, role: 'exit' },
    {
      id: 'yarn-error',
      pattern:
        /^error (?:Command failed|An unexpected error|Couldn't find|Found incompatible|Your lockfile|Package |No lockfile|\S+@\S+: |https?:)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'yarn-berry-error',
      pattern: /^➤ (YN\d{4}): .{0,12}(?:✘|│ Error|.{0,200}(?:failed|couldn't|not found|forbidden))/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    { id: 'yarn-berry-step', pattern: /^➤ YN\d{4}: /, role: 'progress' },
    { id: 'npm-warning', pattern: /^(?:npm (?:WARN|warn) |warning \S|\s{0,2}WARN {2}\S)/, role: 'warning' },
    { id: 'npm-lifecycle-step', pattern: /^> (?:@[\w.-]+\/)?[\w.-]+(?:@\S+)? \S/, role: 'step' },
    {
      id: 'yarn-step',
      pattern:
        /^(?:yarn (?:run|install|add) v\d|\[\d\/\d\] .{1,3}? ?(?:Resolving|Fetching|Linking|Building|Validating|Rebuilding))/,
      role: 'step',
    },
    {
      id: 'npm-audit',
      pattern:
        /^(?:\d+ vulnerabilities|found \d+ vulnerabilities|To address all issues|Run `npm (?:audit|fund)`|\d+ packages? are looking for funding)/,
      role: 'info',
    },
    { id: 'npm-added', pattern: /^(?:added|changed|removed|up to date).{0,60} packages?/, role: 'pass' },
    {
      id: 'pnpm-progress',
      pattern:
        /^(?:Progress: resolved \d+|Packages: \+\d+|\++-*$|Lockfile is up to date|Already up to date|Scope: )/,
      role: 'progress',
    },
    {
      id: 'turbo-failed',
      pattern: /^\s{0,4}(?:Failed: {1,6}\S+#|ERROR {1,2}\S+#\S+: command|ERROR {1,2}run failed)/,
      role: 'failure',
    },
    { id: 'turbo-totals', pattern: /^\s{0,4}(?:Tasks|Cached|Time): {3,8}\d/, role: 'summary' },
    {
      id: 'nx-failed',
      pattern:
        /^\s{0,4}(?:(?:NX|>) .{0,12}(?:Running target .{0,100} failed|ERROR)|Failed tasks:|✖ {2}nx run)/,
      role: 'failure',
    },
    { id: 'lerna-error', pattern: /^lerna ERR! /, role: 'error', priority: 'critical' },
    { id: 'lerna-info', pattern: /^lerna (?:info|notice|success|http) /, role: 'info' },
  ],
};

/** Node's own errors, and bundlers. */
export const NODE: RecogniserFamily = {
  name: 'node',
  recognisers: [
    {
      id: 'node-uncaught',
      pattern:
        /^(?:Uncaught |\(node:\d+\) )?((?:Assertion|Type|Reference|Range|Syntax|Eval|URI|Aggregate|System|Internal)Error)(?: \[\w{1,60}\])?: /,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'node-plain-error',
      pattern: /^(?:Uncaught )?Error(?: \[(\w{1,60})\])?: \S/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'node-indented-error',
      pattern: /^\s{1,40}(?:Uncaught )?(?:Error|([A-Z]\w{0,60}Error))(?: \[\w{1,60}\])?: /,
      role: 'error',
      typeGroup: 1,
    },
    { id: 'node-error-code', pattern: /^\s{1,40}code: '(E[A-Z_]{2,60})'/, role: 'detail', typeGroup: 1 },
    {
      id: 'node-throw',
      pattern: /^(?:node:internal\/\S+:\d+$|\s{2,12}throw (?:new |err|e\b))/,
      role: 'frame',
    },
    {
      id: 'node-heap',
      pattern:
        /^(?:FATAL ERROR: .{0,200}(?:heap|memory|Allocation)|<--- (?:Last few GCs|JS stacktrace) --->)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'node-unhandled',
      pattern: /^\(node:\d+\) (?:UnhandledPromiseRejection|Unhandled)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'node-deprecation', pattern: /^\(node:\d+\) /, role: 'warning' },
    {
      id: 'node-frame',
      pattern:
        /^\s{1,40}at (?:async )?(?:.{1,200} \()?(?:[\w./\\@:+-]{1,300}|<anonymous>|\[.{1,60}\])(?::\d{1,7}){1,2}\)?[ ,{]{0,3}$/,
      role: 'frame',
    },
    {
      id: 'node-frame-anonymous',
      pattern: /^\s{1,40}at .{1,200} \((?:<anonymous>|native|index \d+|eval at)/,
      role: 'frame',
    },
    { id: 'node-version', pattern: /^Node\.js v\d+\.\d+\.\d+$/, role: 'info' },
    {
      id: 'webpack-error',
      pattern:
        /^(?:ERROR in |Module not found: |Module (?:build|parse) failed|Can't resolve |Failed to compile)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'webpack-totals', pattern: /^webpack \S{1,20} compiled (?:with|successfully)/, role: 'summary' },
    { id: 'webpack-warning', pattern: /^WARNING in /, role: 'warning' },
    {
      id: 'webpack-asset',
      pattern: /^\s{0,20}(?:asset |modules by path |runtime modules |cacheable modules |chunk (?:\{|\())/,
      role: 'progress',
    },
    { id: 'esbuild-error', pattern: /^\s{0,4}[✘X] \[ERROR\] /, role: 'error', priority: 'critical' },
    { id: 'esbuild-warning', pattern: /^\s{0,4}[▲!] \[WARNING\] /, role: 'warning' },
    {
      id: 'rollup-error',
      pattern: /^(?:\[!\] |RollupError: |error during build:|Build failed with \d+ errors?|x Build failed)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'vite-built',
      pattern:
        /^(?:✓ (?:built in|\d+ modules transformed)|transforming|rendering chunks|dist\/\S+ {2,80}[\d.,]+ kB)/,
      role: 'progress',
    },
    {
      id: 'grunt-failed',
      pattern: /^(?:Warning: .{1,300} Use --force to continue|Aborted due to warnings\.|Fatal error: )/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'grunt-task',
      pattern: /^(?:Running "[^"]{1,120}"(?: \([^)]{1,60}\))? task|(?:Starting|Finished) '[^']{1,100}')/,
      role: 'step',
    },
    {
      id: 'gulp-task-missing',
      pattern:
        /^(?:Task never defined: |Did you forget to signal async completion|The following tasks did not complete)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'gulp-failed', pattern: /^'[^']{1,100}' errored after/, role: 'failure' },
  ],
};
