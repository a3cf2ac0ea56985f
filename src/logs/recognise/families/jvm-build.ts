import type { RecogniserFamily } from '../recogniser.ts';

/** Maven and its plugins; a level in brackets may precede every line. */
export const MAVEN: RecogniserFamily = {
  name: 'maven',
  recognisers: [
    {
      id: 'maven-compile-error',
      pattern: /^(?:\[ERROR\] )?\/?[\w./\\:+@ -]{1,300}\.(?:java|kt|scala|groovy):\[\d+(?:,\d+)?\] ?\S/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'maven-goal-failed',
      pattern: /^(?:\[ERROR\] )?Failed to execute goal /,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'maven-failed-test',
      pattern: /^(?:\[ERROR\] )?(?:Tests run: \d+, )?.{0,300}<<< (?:FAILURE|ERROR)!/,
      role: 'failure',
    },
    {
      id: 'maven-totals-failed',
      pattern: /^(?:\[\w+\] )?Tests run: \d+, (?:Failures: [1-9]|Failures: \d+, Errors: [1-9])/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'maven-totals-class',
      pattern: /^(?:\[\w+\] )?Tests run: \d+, Failures: 0, Errors: 0.{0,80}(?:Time elapsed|- in )/,
      role: 'pass',
    },
    { id: 'maven-totals', pattern: /^(?:\[\w+\] )?Tests run: \d+, Failures: 0, Errors: 0/, role: 'summary' },
    {
      id: 'maven-failures',
      pattern: /^(?:\[ERROR\] )?(?:Failures|Failed tests|Errors|Tests in error|Results): ?$/,
      role: 'section',
    },
    {
      id: 'maven-failed-name',
      pattern: /^(?:\[ERROR\] )\s{1,4}[\w$.]{1,200}(?:[.:>-]{1,3}\w|\()/,
      role: 'failure',
    },
    { id: 'maven-compilation', pattern: /^(?:\[ERROR\] )?COMPILATION ERROR/, role: 'section' },
    {
      id: 'maven-build-failure',
      pattern: /^(?:\[(?:INFO|ERROR)\] )?BUILD (?:FAILURE|ERROR)$/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'maven-build-success', pattern: /^(?:\[INFO\] )?BUILD SUCCESS$/, role: 'summary' },
    { id: 'maven-reactor-failed', pattern: /^(?:\[INFO\] )?\S.{0,120} \.{2,80} FAILURE/, role: 'failure' },
    { id: 'maven-reactor', pattern: /^(?:\[INFO\] )?\S.{0,120} \.{2,80} (?:SUCCESS|SKIPPED)/, role: 'pass' },
    {
      id: 'maven-help',
      pattern:
        /^\[ERROR\] (?:$|-> \[Help|\[Help \d+\]|To see the full stack trace|Re-run Maven|For more information about the errors|After correcting the problems|Please refer to)/,
      role: 'info',
    },
    {
      id: 'maven-dependency',
      pattern: /Could not (?:resolve dependencies|find artifact|transfer artifact)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'maven-module',
      pattern: /^(?:\[INFO\] )?(?:-{3,40}[<[] {0,2}\S.{0,120} {0,2}[>\]]-{3,40}|Building \S.{0,120})$/,
      role: 'step',
    },
    {
      id: 'maven-plugin',
      pattern: /^(?:\[INFO\] )?--- \S{1,120}:\S{1,80} (?:\(\S{1,80}\) )?@ \S/,
      role: 'step',
    },
    {
      id: 'maven-download',
      pattern: /^(?:\[INFO\] )?(?:Downloading|Downloaded|Progress)(?: from| \(\d|:)/,
      role: 'progress',
    },
    { id: 'maven-running', pattern: /^(?:\[INFO\] )?Running (?:[a-z]\w*\.)+[A-Z]\w*$/, role: 'progress' },
    {
      id: 'maven-checkstyle',
      pattern: /^(?:\[(?:ERROR|WARN)\] )?\S{1,300}\.java:\d+(?::\d+)?: .{1,300} \[(\w{2,60})\]\.?$/,
      role: 'error',
      typeGroup: 1,
    },
  ],
};

/** Gradle, and the Android tools over it. */
export const GRADLE: RecogniserFamily = {
  name: 'gradle',
  recognisers: [
    { id: 'gradle-failed-task', pattern: /^(?:> Task )?:\S{1,200} FAILED$/, role: 'failure' },
    {
      id: 'gradle-execution-failed',
      pattern:
        /^\s{0,4}(?:> )?(?:Execution failed for task|A problem occurred|Could not determine the dependencies|Could not resolve all|Could not find \S+:\S+:|There were failing tests|Compilation (?:error|failed))/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'gradle-failure',
      pattern: /^FAILURE: Build (?:failed|completed with)/,
      role: 'section',
      priority: 'critical',
    },
    {
      id: 'gradle-what-went-wrong',
      pattern: /^\* (?:What went wrong|Where):/,
      role: 'section',
      priority: 'critical',
    },
    { id: 'gradle-build-failed', pattern: /^BUILD FAILED(?: in |$)/, role: 'summary', priority: 'critical' },
    { id: 'gradle-build-success', pattern: /^BUILD SUCCESSFUL(?: in |$)/, role: 'summary' },
    {
      id: 'gradle-failed-test',
      pattern: /^\s{0,4}\S.{0,300} > \S.{0,300} (?:FAILED|TIMED OUT)$/,
      role: 'failure',
    },
    {
      id: 'gradle-totals-failed',
      pattern: /^\d+ tests? completed, [1-9]\d* failed/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'gradle-totals', pattern: /^(?:\d+ tests? completed|\d+ actionable tasks?)/, role: 'summary' },
    {
      id: 'gradle-passed-test',
      pattern: /^\s{0,4}\S.{0,300} > \S.{0,300} (?:PASSED|SKIPPED|STARTED)$/,
      role: 'pass',
    },
    {
      id: 'gradle-reason',
      pattern:
        /^> (?:Could not|There were|Process '|Failed|Cannot|java\.|org\.|No matching|Unable|Lint found|Build failed)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'gradle-process', pattern: /finished with non-zero exit value [1-9]\d*/, role: 'exit' },
    { id: 'gradle-try', pattern: /^\* (?:Try|Get more help|Exception is):/, role: 'info' },
    { id: 'gradle-help', pattern: /^(?:> )?Run with --(?:stacktrace|info|debug|scan)/, role: 'info' },
    {
      id: 'gradle-task-quiet',
      pattern: /^(?:> Task )?:\S{1,200} (?:UP-TO-DATE|NO-SOURCE|FROM-CACHE|SKIPPED)$/,
      role: 'progress',
    },
    { id: 'gradle-task', pattern: /^> Task :\S+$/, role: 'step' },
    { id: 'gradle-configure', pattern: /^> Configure project /, role: 'step' },
    {
      id: 'gradle-download',
      pattern:
        /^(?:Download(?:ing)? https?:\/\/|Starting a Gradle Daemon|Welcome to Gradle|\.{10,200}\d{1,3}%)/,
      role: 'progress',
    },
    { id: 'gradle-deprecated', pattern: /^Deprecated Gradle features were used/, role: 'warning' },
    {
      id: 'aapt-error',
      pattern: /^(?:AAPT: error: |ERROR:\S{1,300}\.xml:\d+)/,
      role: 'error',
      priority: 'critical',
    },
  ],
};

/** sbt, scalac, Mill and Leiningen. */
export const SBT: RecogniserFamily = {
  name: 'sbt',
  recognisers: [
    {
      id: 'scalac-error',
      pattern: /^\[error\] (?:-- )?(?:\[?(E\d{3})\]? )?.{1,300}\.(?:scala|java|sbt):\d+(?::\d+)?/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'dotty-error',
      pattern: /^-- (?:\[(E\d{3})\] )?[\w ]{0,40}Error: /,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'sbt-failed-tests',
      pattern: /^\[error\] (?:Failed tests:|Failed: Total \d+|\(\S.{0,200}\) \S)/,
      role: 'failure',
    },
    {
      id: 'sbt-exception',
      pattern: /^\[error\] .{0,200}?\b([A-Z]\w{0,80}(?:Exception|Error))\b/,
      role: 'error',
      typeGroup: 1,
    },
    {
      id: 'scalatest-failed',
      pattern: /^(?:\[(?:info|error)\] )?.{0,300}\*{3} (?:FAILED|ABORTED) \*{3}/,
      role: 'failure',
    },
    {
      id: 'sbt-totals-failed',
      pattern:
        /^\[(?:error|info)\] .{0,20}(?:Failed|Tests): .{0,80}(?:failed [1-9]|Failed [1-9]|Errors [1-9])/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'specs2-failed', pattern: /^\[(?:error|info)\]\s{1,12}[x!] \S/, role: 'failure' },
    {
      id: 'sbt-totals',
      pattern: /^\[info\] (?:Passed: Total|Tests: succeeded|All tests passed|Run completed in)/,
      role: 'summary',
    },
    { id: 'sbt-success', pattern: /^\[success\] /, role: 'pass' },
    { id: 'sbt-passed', pattern: /^\[info\]\s{1,12}[+-] \S/, role: 'pass' },
    {
      id: 'sbt-progress',
      pattern:
        /^\[info\] (?:Resolving|Updating|downloading|Compiling|Done updating|Loading|Set current project|welcome to sbt)/,
      role: 'progress',
    },
    {
      id: 'clojure-error',
      pattern: /^(?:Syntax error \(?\w*|Execution error|Exception in thread "main" Syntax error)/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'clojure-failed', pattern: /^(?:FAIL|ERROR) in \(\S/, role: 'failure' },
    {
      id: 'clojure-totals-failed',
      pattern: /^(?:[1-9]\d* failures?, \d+ errors?\.|0 failures, [1-9]\d* errors?\.)/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'clojure-totals',
      pattern: /^(?:0 failures, 0 errors\.|Ran \d+ tests containing \d+ assertions)/,
      role: 'summary',
    },
    { id: 'clojure-values', pattern: /^\s{0,4}(?:expected|actual): /, role: 'detail' },
    { id: 'lein-retrieving', pattern: /^(?:Retrieving \S+ from |lein test )/, role: 'progress' },
  ],
};
