import type { RecogniserFamily } from '../recogniser.ts';

/** Xcode, Swift, CocoaPods, Dart and Flutter. */
export const MOBILE: RecogniserFamily = {
  name: 'mobile',
  recognisers: [
    {
      id: 'xcode-failed',
      pattern:
        /^\*{2} (?:\w+ )?(?:BUILD|TEST|ARCHIVE|CLEAN|ANALYZE|TEST BUILD|TEST EXECUTE|EXPORT)(?: \w+)? FAILED \*{2}/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'xcode-succeeded', pattern: /^\*{2} .{1,40} SUCCEEDED \*{2}/, role: 'summary' },
    {
      id: 'xctest-failed',
      pattern: /^\s{0,8}(?:Test Case '.{1,300}' failed \(|\/\S{1,300}:\d+: error: [-+]\[)/,
      role: 'failure',
    },
    {
      id: 'xctest-totals-failed',
      pattern: /^\s{0,4}Executed \d+ tests?, with (?:\d+ tests? skipped and )?[1-9]\d* failures?/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'xctest-totals', pattern: /^\s{0,4}Executed \d+ tests?, with /, role: 'summary' },
    {
      id: 'xctest-passed',
      pattern: /^\s{0,8}Test (?:Case|Suite) '.{1,300}' (?:passed|started)/,
      role: 'pass',
    },
    {
      id: 'xcode-failed-commands',
      pattern:
        /^(?:The following build commands failed:|xcodebuild: error: |Testing failed:|\s{0,4}Command \S+ failed with (?:a nonzero )?exit code|Failing tests:)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'xcpretty-error', pattern: /^\s{0,4}(?:❌|\[x\]) {1,3}\S/, role: 'error', priority: 'critical' },
    { id: 'xcpretty-warning', pattern: /^\s{0,4}(?:⚠️|\[!\]) {1,3}\S/u, role: 'warning' },
    {
      id: 'xcpretty-step',
      pattern:
        /^(?:▸ |\[[\w.-]{1,40}\] )(?:Compiling|Linking|Copying|Processing|Building|Running script|Touching|Signing|Check Dependencies|Generating|Creating|Analyzing) /,
      role: 'progress',
    },
    {
      id: 'xcode-command',
      pattern:
        /^(?:CompileSwift|CompileC|Ld|CodeSign|PhaseScriptExecution|ProcessInfoPlistFile|CpResource|SwiftCompile|SwiftEmitModule|SwiftDriver|Libtool|MkDir|Touch|ProcessPCH|CreateBuildDirectory|WriteAuxiliaryFile|CopyPNGFile|builtin-\w+) \S/,
      role: 'progress',
    },
    {
      id: 'xcode-command-detail',
      pattern: /^\s{4}(?:cd|export|setenv|\/bin\/sh|\/Applications\/Xcode\S*|\/usr\/bin\/\S+) /,
      role: 'progress',
    },
    {
      id: 'swift-testing-failed',
      pattern: /^(?:✘|􀢄) (?:Test|Suite) .{1,300} (?:failed|recorded an issue)/u,
      role: 'failure',
    },
    {
      id: 'pod-error',
      pattern: /^\[!\] (?:CocoaPods could not|Unable to|Error installing|An error occurred|Oh no)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'pod-progress',
      pattern:
        /^(?:Installing|Using|Downloading) \w[\w/.-]{0,100} (?:\([\d.]+\)|\d)|^(?:Analyzing dependencies|Generating Pods project|Integrating client project|Pod installation complete)/,
      role: 'progress',
    },
    {
      id: 'carthage-step',
      pattern: /^\*{3} (?:Fetching|Checking out|Cloning|Downloading|Building|xcodebuild output|Skipped)/,
      role: 'step',
    },
    {
      id: 'fastlane-error',
      pattern: /^\s{0,4}(?:\[!\] |fastlane finished with errors|Exit status of command )/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'dart-analyzer',
      pattern: /^\s{0,4}(?:error|warning|info) [-•] .{1,400} [-•] ([a-z_]{3,80})$/,
      role: 'error',
      typeGroup: 1,
    },
    {
      id: 'dart-test-failed',
      pattern: /^\d\d:\d\d \+\d+(?: ~\d+)? -\d+: .{0,300}(?:\[E\]|Some tests failed\.)$/,
      role: 'failure',
    },
    { id: 'dart-test-progress', pattern: /^\d\d:\d\d \+\d+(?: ~\d+)?(?: -\d+)?: /, role: 'progress' },
    {
      id: 'dart-compile-error',
      pattern: /^\S{1,300}\.dart:\d+:\d+: Error: /,
      role: 'error',
      priority: 'critical',
    },
    { id: 'flutter-box', pattern: /^══╡ EXCEPTION CAUGHT BY /, role: 'error', priority: 'critical' },
    {
      id: 'pub-error',
      pattern: /^(?:Because .{1,300} version solving failed|pub (?:get|upgrade) failed)/,
      role: 'error',
      priority: 'critical',
    },
  ],
};
