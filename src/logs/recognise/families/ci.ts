import type { RecogniserFamily } from '../recogniser.ts';

/** GitHub Actions, and Azure Pipelines, which shares its commands. */
export const ACTIONS: RecogniserFamily = {
  name: 'github-actions',
  recognisers: [
    {
      id: 'actions-exit',
      pattern: /^(?:##\[error\]|::error[^:]{0,300}::|Error: )?Process completed with exit code [1-9]\d*/,
      role: 'exit',
    },
    {
      id: 'azure-exit',
      pattern:
        /^##\[error\].{0,200}(?:exited with code|exit code:? |failed with (?:exit|return) code) ?'?[1-9]\d*/,
      role: 'exit',
    },
    { id: 'actions-error', pattern: /^##\[error\]\S/, role: 'error', priority: 'critical' },
    {
      id: 'actions-error-command',
      pattern: /^\s{0,8}::error(?: [^:]{1,400})?::/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'azure-issue',
      pattern: /^##vso\[task\.(?:logissue [^\]]{0,200}type=error|complete [^\]]{0,100}result=Failed)/i,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'actions-warning',
      pattern:
        /^(?:##\[warning\]|\s{0,8}::warning(?: [^:]{1,400})?::|##vso\[task\.logissue [^\]]{0,200}type=warning)/,
      role: 'warning',
    },
    {
      id: 'actions-group',
      pattern: /^(?:##\[(?:group|section|start-action|command)|::group::)/,
      role: 'step',
    },
    { id: 'actions-command', pattern: /^\[command\]/, role: 'step' },
    { id: 'actions-group-end', pattern: /^(?:##\[(?:endgroup|end-action)|::endgroup::)/, role: 'progress' },
    { id: 'actions-debug', pattern: /^(?:##\[debug\]|::debug::|##vso\[)/, role: 'debug' },
    {
      id: 'actions-notice',
      pattern:
        /^(?:##\[notice\]|::notice(?: [^:]{1,400})?::|::(?:set-output|save-state|add-mask|set-env|add-path|echo|add-matcher|remove-matcher)\b)/,
      role: 'info',
    },
    {
      id: 'actions-cancelled',
      pattern:
        /^(?:##\[error\])?(?:The operation was canceled|The runner has received a shutdown signal|The job running on runner .{1,200} has exceeded the maximum execution time|The hosted runner.{0,80}lost communication)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'actions-cleanup',
      pattern:
        /^(?:Post job cleanup\.|Cleaning up orphan processes|Evaluate and set job outputs|Terminate orphan process)/,
      role: 'progress',
    },
    {
      id: 'actions-setup',
      pattern:
        /^(?:Current runner version: |Secret source: |Prepare (?:workflow directory|all required actions)|Getting action download info|Download action repository|Complete job name: |Uses: |shell: \/|Runner Image|Operating System$)/,
      role: 'info',
    },
    { id: 'azure-finishing', pattern: /^(?:Finishing|Starting|Async Command (?:Start|End)): /, role: 'step' },
  ],
};

/** Travis, GitLab, Jenkins, CircleCI, Buildkite, AppVeyor, TeamCity and Drone. */
export const CI: RecogniserFamily = {
  name: 'ci',
  recognisers: [
    {
      id: 'travis-exit',
      pattern: /^The command "?.{0,1200} (?:exited with|failed and exited with) [1-9]\d*/,
      role: 'exit',
    },
    { id: 'travis-exit-zero', pattern: /^The command "?.{0,1200} exited with 0\.?$/, role: 'pass' },
    { id: 'travis-done', pattern: /^Done\. Your build exited with [1-9]\d*/, role: 'exit' },
    { id: 'travis-done-zero', pattern: /^Done\. Your build exited with 0/, role: 'pass' },
    {
      id: 'travis-stalled',
      pattern:
        /^(?:No output has been received in the last|The build has been terminated|The job exceeded the maximum (?:time|log length)|Your build has been stopped|The log length has exceeded)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'travis-command-tail',
      pattern: /^" (?:exited with|failed and exited with) [1-9]\d*/,
      role: 'exit',
    },
    { id: 'gitlab-failed', pattern: /^ERROR: Job failed(?::|$| \()/, role: 'exit' },
    { id: 'gitlab-succeeded', pattern: /^Job succeeded$/, role: 'pass' },
    {
      id: 'jenkins-exit',
      pattern:
        /^(?:ERROR: script returned exit code [1-9]|Build step '.{1,200}' marked build as failure|Finished: (?:FAILURE|ABORTED|UNSTABLE))/,
      role: 'exit',
    },
    { id: 'jenkins-success', pattern: /^Finished: SUCCESS$/, role: 'pass' },
    {
      id: 'jenkins-pipeline',
      pattern:
        /^\[Pipeline\] (?:\/\/|\{|\}|stage|sh$|node|echo|step|script|with\w+|dir|bat|End of Pipeline|Start of Pipeline)/,
      role: 'progress',
    },
    {
      id: 'circle-exit',
      pattern: /^(?:Exited with code(?: exit status)? [1-9]|Too long with no output)/,
      role: 'exit',
    },
    { id: 'buildkite-exit', pattern: /^(?:🚨 Error: |\^\^\^ \+\+\+|user command error: )/u, role: 'exit' },
    { id: 'buildkite-section', pattern: /^(?:~~~|---|\+\+\+) [^\s-].{0,200}$/, role: 'step' },
    {
      id: 'appveyor-exit',
      pattern: /^Command e(?:xited|xecuted) with (?:code [1-9-]|exception)/,
      role: 'exit',
    },
    {
      id: 'teamcity-failed',
      pattern: /^\s{0,8}##teamcity\[(?:testFailed|buildProblem|message [^\]]{0,400}status='ERROR')/,
      role: 'failure',
    },
    { id: 'teamcity-service', pattern: /^\s{0,8}##teamcity\[/, role: 'info' },
    {
      id: 'drone-exit',
      pattern: /^(?:drone-runner: |exit code [1-9]\d*$|Cleaning up project directory)/,
      role: 'exit',
    },
    {
      id: 'exit-status',
      pattern:
        /\b(?:exit(?:ed)?(?: with)?(?: a)?(?: non-?zero)? (?:code|status)|returned (?:exit )?(?:code|status)|return code|error code|exit status|failed with (?:status|code)|exited with|returned non-zero exit status)[: =(]{1,3}'?-?[1-9]\d{0,4}\b/i,
      role: 'exit',
      priority: 'high',
    },
    {
      id: 'exit-zero',
      pattern:
        /\b(?:exit(?:ed)?(?: with)? (?:code|status)|return code|exit status|exited with)[: =(]{1,3}'?0\b/i,
      role: 'exit',
      priority: 'low',
    },
    {
      id: 'ci-running-command',
      pattern: /^(?:\$ |\+{1,6} |>>> |\* Running: |Running command: |Executing: )\S/,
      role: 'step',
    },
  ],
};

/** Mozilla's harnesses. */
export const MOZILLA: RecogniserFamily = {
  name: 'mozilla',
  recognisers: [
    {
      id: 'mozilla-unexpected',
      pattern:
        /^(?:\d+ )?(?:INFO )?(TEST-UNEXPECTED-[A-Z]{3,12}|PROCESS-CRASH|ASSERTION-FAILURE|REFTEST TEST-UNEXPECTED-[A-Z]{3,12}) \|/,
      role: 'failure',
      typeGroup: 1,
    },
    {
      id: 'mozilla-unexpected-within',
      pattern: /\b(TEST-UNEXPECTED-[A-Z]{3,12}|PROCESS-CRASH|MOZ_CRASH|LeakSanitizer(?=:)|ASAN error)\b/,
      role: 'failure',
      typeGroup: 1,
    },
    {
      id: 'mozilla-task-aborted',
      pattern:
        /^(?:\[taskcluster(?::error)?\] (?:Aborting task|Task timeout|Unsuccessful task run|exit status: [1-9])|\[taskcluster:error\])/,
      role: 'exit',
    },
    {
      id: 'mozilla-return-code',
      pattern: /^(?:Return code: [1-9]|# TBPL (?:FAILURE|EXCEPTION|RETRY|WARNING) #)/,
      role: 'exit',
    },
    {
      id: 'mozilla-application-timeout',
      pattern: /\bapplication (?:timed out|ran for longer|terminated with exit code [1-9])/,
      role: 'failure',
    },
    { id: 'mozilla-leak-checks', pattern: /^LeakSanitizer \| Leak checks /, role: 'progress' },
    {
      id: 'mozilla-leak',
      pattern: /\bLeak(?:ed|Report) .{0,80}bytes|leakcheck \| .{0,80}leaked/,
      role: 'error',
    },
    {
      id: 'mozilla-pass',
      pattern: /^(?:\d+ )?(?:INFO )?(?:REFTEST )?(?:TEST-(?:PASS|OK|KNOWN-FAIL|SKIP)|SUITE-END|TEST-END)\b/,
      role: 'pass',
    },
    {
      id: 'mozilla-start',
      pattern:
        /^(?:\d+ )?(?:INFO )?(?:REFTEST )?(?:TEST-START|SUITE-START|SUITE-INFO|TEST-INFO|INFO TEST-START)\b/,
      role: 'progress',
    },
    {
      id: 'mozilla-totals-failed',
      pattern: /\b(?:Failed|Unexpected results): {1,6}[1-9]\d*/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'mozilla-perfherder', pattern: /^PERFHERDER_DATA:/, role: 'debug' },
    {
      id: 'mozilla-console',
      pattern: /^(?:GECKO\(\d+\) \| )?(?:JavaScript (?:error|warning)|console\.(?:error|warn)): /,
      role: 'warning',
    },
  ],
};
