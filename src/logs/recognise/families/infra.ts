import type { RecogniserFamily } from '../recogniser.ts';

/** Docker, BuildKit and compose. */
export const DOCKER: RecogniserFamily = {
  name: 'docker',
  recognisers: [
    {
      id: 'buildkit-failed',
      pattern:
        /^(?:ERROR: )?(?:failed to solve|failed to build|error building image|failed to compute cache key)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'buildkit-step-failed', pattern: /^#\d+ ERROR: ?/, role: 'failure' },
    { id: 'buildkit-failed-mark', pattern: /^\s{0,4}>>> \S|^ > \[.{1,200}\]:?$/, role: 'detail' },
    {
      id: 'docker-command-failed',
      pattern:
        /The command '.{1,2000}' returned a non-zero code: [1-9]|executor failed running|did not complete successfully: exit code: [1-9]/,
      role: 'exit',
    },
    {
      id: 'docker-daemon',
      pattern:
        /Error response from daemon: |Cannot connect to the Docker daemon|docker: Error|OCI runtime (?:exec|create) failed/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'docker-manifest',
      pattern: /manifest (?:for \S+ not found|unknown)|pull access denied/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'compose-exited', pattern: /\bexited with code [1-9]\d*/, role: 'exit' },
    { id: 'compose-exited-zero', pattern: /\bexited with code 0\b/, role: 'exit', priority: 'low' },
    { id: 'docker-step', pattern: /^(?:Step \d+\/\d+ : |(?:#\d+ |=> )\[[\w /.-]{1,60}\] )/, role: 'step' },
    {
      id: 'docker-layer',
      pattern:
        /^\s{0,4}(?:[\da-f]{12}: |(?:#\d+ )?(?:sha256:[\da-f]{12}|DONE [\d.]+s|CACHED$|extracting sha256|transferring |resolve |exporting |naming to |writing image|\.\.\.$)| ?---> |Removing intermediate container|Successfully (?:built|tagged) |Digest: |Status: |latest: Pulling)/,
      role: 'progress',
    },
    {
      id: 'compose-state',
      pattern:
        /^\s{0,4}(?:✔ )?(?:Container|Network|Volume|Image) \S+ {1,20}(?:Creat|Start|Stop|Remov|Pull|Built|Healthy|Running|Waiting)/,
      role: 'progress',
    },
    {
      id: 'compose-unhealthy',
      pattern: /is unhealthy\b|dependency failed to start/,
      role: 'error',
      priority: 'critical',
    },
  ],
};

/** Terraform, Helm, Kubernetes, Ansible, Pulumi, Packer and the cloud CLIs. */
export const CLOUD: RecogniserFamily = {
  name: 'cloud',
  recognisers: [
    { id: 'terraform-error', pattern: /^(?:[│╷╵|] {0,2})?Error: \S/, role: 'error', priority: 'critical' },
    {
      id: 'terraform-box',
      pattern: /^(?:[╷╵]$|│ (?:Error|Warning): |│ {3}(?:on \S+ line|with )|│ {4}\d{1,6}: )/,
      role: 'detail',
    },
    {
      id: 'terraform-plan',
      pattern: /^(?:Plan: \d+ to add|Apply complete!|No changes\.|Destroy complete!)/,
      role: 'summary',
    },
    {
      id: 'terraform-progress',
      pattern:
        /^[\w.[\]"-]{1,200}: (?:Still )?(?:Creating|Destroying|Modifying|Refreshing state|Reading|Creation complete|Destruction complete|Read complete|Modifications complete)/,
      role: 'progress',
    },
    {
      id: 'helm-error',
      pattern:
        /^(?:Error: (?:INSTALLATION|UPGRADE|release|chart|template|parse)|Error: .{0,100}(?:helm|kubernetes))/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'kubectl-error',
      pattern:
        /^(?:Error from server|error: (?:unable to|the server|timed out|no matching|error validating|You must))/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'kubernetes-bad-state',
      pattern:
        /\b(CrashLoopBackOff|ImagePullBackOff|ErrImagePull|CreateContainerConfigError|RunContainerError|OOMKilled|FailedScheduling|FailedMount|BackOff|Evicted|NodeNotReady|DeadlineExceeded|InvalidImageName|FailedCreatePodSandBox)\b/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'kubernetes-warning-event',
      pattern: /^\s{0,4}(?:\S+ {1,12})?Warning {1,12}([A-Z][A-Za-z]{2,40}) {1,20}\S/,
      role: 'error',
      typeGroup: 1,
    },
    {
      id: 'kubernetes-normal-event',
      pattern: /^\s{0,4}(?:\S+ {1,12})?Normal {1,12}[A-Z][A-Za-z]{2,40} {1,20}\S/,
      role: 'progress',
    },
    {
      id: 'kubernetes-applied',
      pattern: /^[\w./-]{1,200} (?:created|configured|unchanged|serverside-applied|condition met)$/,
      role: 'pass',
    },
    { id: 'ansible-failed', pattern: /^(?:fatal|failed): \[[^\]]{1,200}\]/, role: 'failure' },
    { id: 'ansible-error', pattern: /^ERROR! /, role: 'error', priority: 'critical' },
    {
      id: 'ansible-recap-failed',
      pattern: /^\S{1,200} {1,40}: ok=\d+.{0,60}(?:unreachable=[1-9]|failed=[1-9])/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'ansible-recap', pattern: /^(?:PLAY RECAP|\S{1,200} {1,40}: ok=\d+ )/, role: 'summary' },
    { id: 'ansible-task', pattern: /^(?:TASK|PLAY|RUNNING HANDLER) \[.{0,200}\] \*{3}/, role: 'step' },
    { id: 'ansible-ok', pattern: /^(?:ok|changed|skipping|included): \[?\S/, role: 'pass' },
    {
      id: 'aws-error',
      pattern: /^An error occurred \((\w{2,80})\) when calling the /,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'gcloud-error',
      pattern: /^ERROR: \(gcloud\.[\w.-]{1,100}\) /,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'packer-error',
      pattern: /^(?:==> |Build ').{1,200}(?:errored|error:|Error )/,
      role: 'error',
      priority: 'critical',
    },
  ],
};

/** Bazel, Buck, Nix, Pants and CI cache tools. */
export const BAZEL: RecogniserFamily = {
  name: 'bazel',
  recognisers: [
    { id: 'bazel-failed-test', pattern: /^(?:FAIL|TIMEOUT|FLAKY): \/\/\S+/, role: 'failure' },
    {
      id: 'bazel-target-failed',
      pattern: /^\s{0,4}(?:\/\/|@)\S{1,300} {1,80}(?:FAILED|TIMEOUT|NO STATUS|FAILED TO BUILD)\b/,
      role: 'failure',
    },
    {
      id: 'bazel-target-passed',
      pattern: /^\s{0,4}(?:\/\/|@)\S{1,300} {1,80}(?:\(cached\) )?PASSED\b/,
      role: 'pass',
    },
    {
      id: 'bazel-error',
      pattern:
        /^ERROR: (?:\/|\S{1,200}BUILD|no such|Analysis of|Skipping|Build did NOT|The project|An error|error loading|Failed to)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'bazel-build-failed',
      pattern:
        /^(?:FAILED: Build did NOT complete|Build did NOT complete successfully|Executed \d+ out of \d+ tests?: .{0,80}fails?)/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'bazel-totals',
      pattern: /^(?:INFO: Build completed|Executed \d+ out of \d+ tests?)/,
      role: 'summary',
    },
    {
      id: 'bazel-progress',
      pattern:
        /^(?:\[[\d,]{1,9} \/ [\d,]{1,9}\] |INFO: (?:Analyzed|Found|From|Elapsed|Invocation|Streaming|Reading|Current date)|Loading: |Analyzing: )/,
      role: 'progress',
    },
    {
      id: 'buck-failed',
      // Gradle's own words go on: `BUILD FAILED in 3s`.
      pattern:
        /^(?:BUILD FAILED(?! in \d)|Action failed: |FAILURE \S|FAIL {4}\S|Command failed with exit code [1-9])/,
      role: 'failure',
    },
    {
      id: 'nix-error',
      pattern:
        /^error: (?:builder for|\d+ dependencies of derivation|attribute|hash mismatch|undefined variable|evaluation aborted|getting status of|Cannot build)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'nix-progress',
      pattern:
        /^(?:building '\/nix|copying path '\/nix|these \d+ (?:paths|derivations)|\s{2}\/nix\/store\/\S+$|unpacking source|patching sources|@nix \{)/,
      role: 'progress',
    },
    {
      id: 'nix-phase-failed',
      pattern: /^(?:build of .{1,300} failed|note: keeping build directory|builder for '.{1,300}' failed)/,
      role: 'failure',
    },
    { id: 'pants-failed', pattern: /^(?:✕|𐄂) \S+ (?:failed|timed out)/u, role: 'failure' },
  ],
};
