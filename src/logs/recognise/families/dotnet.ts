import type { RecogniserFamily } from '../recogniser.ts';

/** MSBuild, csc, NuGet and the .NET runtime. */
export const DOTNET: RecogniserFamily = {
  name: 'dotnet',
  recognisers: [
    {
      id: 'msbuild-error',
      pattern:
        /^\s{0,12}(?:\d{1,4}>)?.{0,300}?\(\d{1,7}(?:,\d{1,6}){0,3}\) ?: (?:fatal )?error ([A-Z]{1,8}\d{1,6}) ?:/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'msbuild-tool-error',
      pattern: /^\s{0,12}(?:\d{1,4}>)?[^"']{1,300} ?: (?:fatal )?error ([A-Z]{1,8}\d{1,6}) ?:/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'msbuild-warning',
      pattern:
        /^\s{0,12}(?:\d{1,4}>)?.{0,300}?(?:\(\d{1,7}(?:,\d{1,6}){0,3}\))? ?: warning ([A-Z]{1,8}\d{1,6}) ?:/,
      role: 'warning',
      typeGroup: 1,
    },
    {
      id: 'msbuild-failed',
      pattern: /^\s{0,4}(?:Build FAILED\.?|Restore failed)/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'msbuild-succeeded', pattern: /^\s{0,4}(?:Build succeeded|Restore complete \()/, role: 'summary' },
    {
      id: 'msbuild-totals-failed',
      pattern: /^\s{1,8}[1-9]\d* Error\(s\)/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'msbuild-totals', pattern: /^\s{1,8}(?:0 Error\(s\)|\d+ Warning\(s\))/, role: 'summary' },
    {
      id: 'dotnet-unhandled',
      pattern: /^(?:Unhandled [Ee]xception[.:] |Process terminated\. )(?:([\w.]{1,200}))?/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'dotnet-exception',
      pattern: /^\s{0,12}((?:[A-Z]\w{0,60}\.){1,10}\w{0,80}Exception) ?(?:\(0x[\dA-F]+\))?: /,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'dotnet-inner',
      pattern: /^\s{0,12}-{2,4}> ((?:\w{1,80}\.){1,10}\w{0,80}Exception)/,
      role: 'cause',
      typeGroup: 1,
    },
    {
      id: 'dotnet-frame',
      pattern: /^\s{1,12}at [\w.<>`+[\],]{1,300}\(.{0,300}\)(?: (?:in \S|\[0x).{0,300})?$/,
      role: 'frame',
    },
    { id: 'dotnet-place-frame', pattern: /^\s{1,12}\S{1,300}\.(?:cs|fs|vb)\(\d+,\d+\): at /, role: 'frame' },
    { id: 'powershell-frame', pattern: /^\s{0,12}at \S{1,200}, \S{1,300}: ?(?:line )?\d+$/, role: 'frame' },
    // Pester marks each test: [+] passed, [-] failed, [!] skipped.
    { id: 'pester-failed', pattern: /^\s{0,40}\[-\] \S/, role: 'failure' },
    { id: 'pester-passed', pattern: /^\s{0,40}\[[+!?]\] \S/, role: 'pass' },
    {
      id: 'powershell-error',
      pattern: /^\s{0,4}(?:\+ (?:CategoryInfo|FullyQualifiedErrorId) {1,4}: |At \S{1,300}:\d+ char:\d+)/,
      role: 'detail',
    },
    { id: 'dotnet-frame-end', pattern: /^\s{0,8}--- End of (?:inner exception )?stack trace/, role: 'frame' },
    {
      id: 'cake-error',
      pattern: /^(?:An error occured when executing task|Error: One or more errors occurred)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'paket-error',
      pattern: /^(?:Paket failed with|-> ?Could not)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'dotnet-restore',
      pattern:
        /^\s{0,8}(?:Determining projects to restore|Restored \S|Restore completed in|All projects are up-to-date|Restoring packages for|Installing \S+ [\d.]+\.$|(?:GET|OK|CACHE) https?:|\S+ -> \S+\.(?:dll|exe)$)/,
      role: 'progress',
    },
  ],
};

/** xUnit, NUnit, MSTest and `dotnet test`. */
export const DOTNET_TEST: RecogniserFamily = {
  name: 'dotnet-test',
  recognisers: [
    {
      id: 'vstest-failed',
      pattern: /^\s{0,6}(?:Failed|X|✗) {1,2}[\w.]{3,300}(?:\(.{0,300}\))?(?: \[[^\]]{1,20}\])?$/,
      role: 'failure',
    },
    { id: 'xunit-failed', pattern: /^\s{0,8}\S.{1,300} \[FAIL\]$/, role: 'failure' },
    {
      id: 'nunit-failed',
      pattern: /^\d{1,5}\) (?:Failed|Error|Invalid|Failure|Test Failure|Test Error|Not runnable) ?: /,
      role: 'failure',
    },
    {
      id: 'vstest-totals-failed',
      pattern: /^(?:Failed! {1,4}- |Test Run Failed|Test run failed|\s{1,6}Failed: {1,6}[1-9])/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'xunit-totals-failed',
      pattern: /Total: \d+, (?:Errors: [1-9]|Errors: \d+, Failed: [1-9])/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'nunit-totals-failed',
      pattern: /^(?:Overall result: Failed|\s{0,4}Test Count: .{0,40}Failed: [1-9])/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'vstest-totals',
      pattern:
        /^(?:Passed! {1,4}- |Test Run Successful|Total tests: \d+|\s{1,6}(?:Passed|Skipped|Total time): {1,6}\d)/,
      role: 'summary',
    },
    {
      id: 'vstest-detail',
      pattern: /^\s{0,8}(?:Error Message|Stack Trace|Standard Output Messages|Standard Error Messages):$/,
      role: 'detail',
    },
    {
      id: 'xunit-assert',
      pattern: /^\s{0,12}(?:Assert\.\w{2,40}\(\) Failure|Assert\.\w{2,40} failed)/,
      role: 'error',
    },
    {
      id: 'vstest-passed',
      pattern: /^\s{0,6}(?:Passed|Skipped|√|!) {1,2}[\w.]{3,300}(?:\(.{0,300}\))?(?: \[[^\]]{1,20}\])?$/,
      role: 'pass',
    },
    { id: 'xunit-skip', pattern: /^\s{0,8}\S.{1,300} \[(?:SKIP|PASS)\]$/, role: 'pass' },
    {
      id: 'vstest-host-crashed',
      pattern: /^The active test run was aborted|Test host process crashed/,
      role: 'error',
      priority: 'critical',
    },
  ],
};
