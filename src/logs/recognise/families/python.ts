import type { RecogniserFamily } from '../recogniser.ts';

/** Tracebacks of the interpreter itself. */
export const PYTHON: RecogniserFamily = {
  name: 'python',
  recognisers: [
    {
      id: 'python-traceback',
      pattern: /^\s{0,40}(?:[|+] )?(?:Exception Group )?Traceback \(most recent call last\):/,
      role: 'section',
    },
    {
      id: 'python-cause',
      pattern: /^(?:During handling of the above exception|The above exception was the direct cause)/,
      role: 'cause',
    },
    {
      id: 'python-exception',
      pattern:
        /^((?:[a-z_]\w{0,60}\.){0,8}[A-Z]\w{0,80}(?:Error|Exception|Exit|Interrupt|Iteration|NotFound|Timeout|Failure|Refused|Fault|Failed|Exists|Unavailable))(?::\s|$)/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'python-known-exception',
      pattern:
        /^(AssertionError|KeyError|ValueError|TypeError|ImportError|ModuleNotFoundError|AttributeError|SystemExit|KeyboardInterrupt)\b/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'python-frame',
      pattern: /^\s{0,40}(?:[|+] )?File "[^"\n]{1,400}", line \d+(?:, in |$)/,
      role: 'frame',
    },
    { id: 'python-repeated-frame', pattern: /^\s+\[Previous line repeated \d+ more times\]/, role: 'frame' },
    { id: 'python-caret', pattern: /^\s+[~^]{1,200}$/, role: 'detail' },
    {
      id: 'python-fatal',
      pattern: /^(?:Fatal Python error|Current thread 0x[\da-f]+)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'python-not-openable',
      pattern: /^\S{0,200}python[\d.]*: (?:can't open file|No module named|Error while finding)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'python-ignored-exception', pattern: /^Exception ignored in/, role: 'warning' },
    {
      id: 'python-warning',
      pattern: /^\S{1,300}\.py:\d{1,7}: (\w{0,60}Warning): /,
      role: 'warning',
      typeGroup: 1,
    },
    { id: 'python-syntax-file', pattern: /^\s{0,12}\*{0,3} ?Error compiling '[^']{1,300}'/, role: 'error' },
  ],
};

/** pip, poetry, uv, conda, setuptools and tox. */
export const PYTHON_PACKAGES: RecogniserFamily = {
  name: 'pip',
  recognisers: [
    {
      id: 'pip-error',
      pattern:
        /^\s{0,8}(?:ERROR|error|× ?): ?(?:Could not|No matching|Cannot|Failed|Command errored|Package|subprocess|metadata-generation|Invalid|Failed building wheel|ResolutionImpossible|pip's)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'pip-box', pattern: /^\s{0,8}(?:× |╰─>|│ exit code)/, role: 'error' },
    {
      id: 'pip-build-failed',
      pattern: /^\s{0,8}Failed (?:building wheel for|to build) /,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'conda-error',
      pattern:
        /^((?:PackagesNotFound|UnsatisfiableError|ResolvePackageNotFound|CondaHTTP|CondaValue|CondaError|LibMambaUnsatisfiable|EnvironmentLocationNotFound)(?:Error)?):/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'poetry-error',
      pattern: /^\s{0,4}(SolverProblemError|EnvCommandError|PoetryException|ChefBuildError)$/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'uv-no-solution',
      pattern: /^\s{0,4}(?:× No solution found|error: (?:Failed to|No solution|distutils))/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'tox-failed',
      pattern:
        /^(?:ERROR: {1,4}\S+: (?:commands failed|could not install|InvocationError)|\s{2}\S+: FAIL\b|ERROR: InvocationError)/,
      role: 'failure',
    },
    { id: 'tox-result', pattern: /^\s{2}\S+: (?:OK|commands succeeded|SKIP)\b/, role: 'summary' },
    {
      id: 'nox-failed',
      pattern: /^nox > (?:Command .{0,300} failed|Session \S+ failed|\* \S+: failed)/,
      role: 'failure',
    },
    { id: 'nox-step', pattern: /^nox > /, role: 'step' },
    {
      id: 'pip-warning',
      pattern:
        /^(?:WARNING: (?:You are using pip|Running pip|The script|The scripts|Skipping|Retrying)|DEPRECATION: )/,
      role: 'warning',
    },
    {
      id: 'pip-progress',
      pattern:
        /^\s{0,10}(?:Collecting \S|Downloading \S|Using cached \S|Requirement already satisfied|Obtaining \S|Getting requirements|Installing build dependencies|Preparing metadata|Building wheel|Created wheel|Stored in directory|Installing backend|Attempting uninstall|Found existing installation|Uninstalling \S|Running setup\.py|Looking in )/,
      role: 'progress',
    },
    {
      id: 'pip-installed',
      pattern:
        /^(?:Successfully (?:installed|built|uninstalled) |Installing collected packages: |Installed \d+ packages|Resolved \d+ packages|Prepared \d+ packages)/,
      role: 'pass',
    },
    {
      id: 'poetry-progress',
      pattern: /^\s{1,4}[-•] (?:Installing|Updating|Removing|Downgrading) \S+ \(/,
      role: 'progress',
    },
    { id: 'uv-package', pattern: /^ [+~-] [\w.-]+==\S+$/, role: 'progress' },
    {
      id: 'conda-progress',
      pattern:
        /^(?:Solving environment|Collecting package metadata|Preparing transaction|Verifying transaction|Executing transaction|Fetching package metadata)/,
      role: 'progress',
    },
    {
      id: 'setuptools-progress',
      pattern:
        /^(?:running (?:build|install|egg_info|bdist|sdist|develop|build_py|build_ext)|creating build|copying \S+ -> |writing \S+|reading manifest|adding '\S+')/,
      role: 'progress',
    },
  ],
};
