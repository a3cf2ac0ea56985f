import type { RecogniserFamily } from '../recogniser.ts';

/** `go test`, `go build`, `go vet`, gotestsum and the runtime's panics. */
export const GO: RecogniserFamily = {
  name: 'go',
  recognisers: [
    { id: 'go-failed-case', pattern: /^\s{0,40}--- FAIL: \S+/, role: 'failure' },
    { id: 'go-failed-package', pattern: /^FAIL\t\S+/, role: 'failure' },
    { id: 'go-build-failed', pattern: /^FAIL {1,4}\S+ \[(?:build|setup) failed\]/, role: 'failure' },
    { id: 'gotestsum-failed', pattern: /^(?:=== FAIL: \S|✖ {2}\S+ \()/, role: 'failure' },
    { id: 'go-failed-check', pattern: /^(?:FAIL: \S+\.go:\d+|OOPS: \d+ passed)/, role: 'failure' },
    {
      id: 'ginkgo-failed',
      pattern: /^\s{0,6}(?:\[FAIL\]|\[Fail\]|• Failure|•? ?\[FAILED\]|\[PANICKED\])/,
      role: 'failure',
    },
    {
      id: 'ginkgo-totals-failed',
      pattern: /^(?:FAIL! -- |Ran \d+ of \d+ Specs|Summarizing [1-9]\d* Failures?)/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'go-panic', pattern: /^\s{0,8}panic: /, role: 'error', priority: 'critical' },
    {
      id: 'go-fatal',
      pattern:
        /^fatal error: (?:all goroutines|concurrent map|runtime|stack overflow|unexpected signal|sync:)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'go-json-failed',
      pattern:
        /^\{"Time":.{1,600}"Action":"(?:fail|build-fail)"|^\{"Time":.{1,600}"Output":"(?:\s|\\t){0,40}(?:--- FAIL: |FAIL\\t)/,
      role: 'failure',
    },
    {
      id: 'go-json-panic',
      pattern: /^\{"Time":.{1,600}"Output":"(?:\s|\\t){0,8}(?:panic: |fatal error: )/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'go-json-said',
      pattern: /^\{"Time":.{1,600}"Output":"(?:\s|\\t){4,24}[\w-]{1,100}\.go:\d{1,6}: /,
      role: 'detail',
    },
    {
      id: 'go-json-passed',
      pattern:
        /^\{"Time":.{1,600}"Action":"(?:pass|skip)"|^\{"Time":.{1,600}"Output":"(?:\s|\\t){0,40}(?:--- (?:PASS|SKIP): |PASS\\n|ok {1,4}\\t)/,
      role: 'pass',
    },
    {
      id: 'go-json-run',
      pattern:
        /^\{"Time":.{1,600}"Action":"(?:run|start|pause|cont)"|^\{"Time":.{1,600}"Output":"(?:\s|\\t){0,40}=== (?:RUN|PAUSE|CONT|NAME) /,
      role: 'progress',
    },
    { id: 'go-race', pattern: /^\s{0,8}WARNING: DATA RACE/, role: 'error', priority: 'critical' },
    {
      id: 'go-race-found',
      pattern: /^(?:Found \d+ data race\(s\)|\s{2,12}testing\.go:\d+: race detected)/,
      role: 'failure',
    },
    { id: 'go-timeout', pattern: /^(?:panic: )?test timed out after /, role: 'error', priority: 'critical' },
    { id: 'go-signal', pattern: /^\[signal (SIG\w{2,8}|0x[\da-f]+)/, role: 'detail', typeGroup: 1 },
    { id: 'go-goroutine', pattern: /^\s{0,8}goroutine \d+ \[[^\]]{1,80}\]:/, role: 'frame' },
    { id: 'go-frame', pattern: /^\s{1,12}\/\S{1,300}\.(?:go|s):\d{1,7}(?: \+0x[\da-f]+)?$/, role: 'frame' },
    { id: 'go-created-by', pattern: /^created by \S/, role: 'frame' },
    {
      id: 'go-compile-error',
      pattern: /^(?:vet: )?(?:\.{0,2}\/?[\w@./+-]{1,300})\.go:\d{1,7}:\d{1,6}: (?!warning|note)\S/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'go-assert-place',
      pattern: /^\s{4,24}(?:[\w-]{1,100}_test|\w[\w-]{0,100})\.go:\d{1,6}: \S/,
      role: 'error',
    },
    {
      id: 'testify-error',
      pattern: /^\s{4,24}(?:Error Trace|Error|Messages|Test): {0,12}\t/,
      role: 'detail',
    },
    {
      id: 'go-module-error',
      pattern:
        /^go: (?:.{0,300}(?:no required module|cannot find|unknown revision|reading |module lookup|updates to go|errors parsing|verifying|inconsistent|not found|checksum))/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'go-package-missing',
      pattern:
        /^(?:no required module provides|cannot find (?:package|module)|package \S+ is not in (?:GOROOT|std)|can't load package|import cycle not allowed)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'go-exit-status', pattern: /^exit status [1-9]\d*$/, role: 'exit' },
    { id: 'go-fail-alone', pattern: /^FAIL$/, role: 'summary', priority: 'critical' },
    { id: 'go-package-head', pattern: /^# [\w-]{1,60}(?:\.[\w-]+){0,4}\/\S+(?: \[\S+\])?$/, role: 'section' },
    { id: 'go-passed-case', pattern: /^\s{0,40}--- (?:PASS|SKIP|BENCH): /, role: 'pass' },
    {
      id: 'go-passed-package',
      pattern: /^(?:ok {1,4}\t\S|ok {2}\S|\?\s{1,8}\S+\s{1,8}\[no test files\]|✓ {2}\S+ \(|∅ {2}\S+)/,
      role: 'pass',
    },
    { id: 'go-pass-alone', pattern: /^PASS$/, role: 'pass' },
    { id: 'go-test-run', pattern: /^\s{0,40}=== (?:RUN|PAUSE|CONT|NAME) /, role: 'progress' },
    {
      id: 'go-downloading',
      pattern: /^go: (?:downloading|finding|extracting|added|upgraded) /,
      role: 'progress',
    },
    { id: 'gotestsum-done', pattern: /^DONE \d+ tests?/, role: 'summary' },
    {
      id: 'golangci-issue',
      pattern: /^\S{1,300}\.go:\d{1,7}(?::\d{1,6})?:{1,2}(?:warning|error): .{1,400}\(([\w-]{2,40})\)$/,
      role: 'error',
      typeGroup: 1,
    },
    { id: 'go-coverage', pattern: /^coverage: [\d.]+% of statements/, role: 'info' },
  ],
};
