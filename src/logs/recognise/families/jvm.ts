import type { RecogniserFamily } from '../recogniser.ts';

/** Stack traces of the JVM. */
export const JAVA: RecogniserFamily = {
  name: 'java',
  recognisers: [
    {
      id: 'java-thread-exception',
      pattern: /^\s{0,8}Exception in thread "[^"]{1,200}" ([\w.$]{1,200})/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'java-cause',
      pattern:
        /^\s{0,40}(?:\[CIRCULAR REFERENCE|Caused by|Suppressed|Cause|Wrapped by): ?\[?((?:[\w$]{1,80}\.){1,12}[A-Z][\w$]{0,100})?/,
      role: 'cause',
      typeGroup: 1,
    },
    {
      id: 'java-exception',
      pattern:
        /^\s{0,20}((?:[a-z_][\w$]{0,60}\.){1,12}[A-Z][\w$]{0,100}(?:Exception|Error|Failure|Throwable|Timeout|Fault|Death))(?::|$)/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    { id: 'java-nested', pattern: /; nested exception is ([\w.$]{1,200})/, role: 'error', typeGroup: 1 },
    {
      id: 'java-frame',
      pattern:
        /^\s{0,40}at (?:[\w.-]{1,60}\/{1,2}){0,3}[\w$.<>/@-]{1,300} ?\((?:[\w$. -]{1,120}(?::\d{1,7})?|Native Method|Unknown Source|<\w+>)\)/,
      role: 'frame',
    },
    { id: 'java-frames-more', pattern: /^\s{1,40}\.\.\. \d+ (?:more|common frames omitted)/, role: 'frame' },
    {
      id: 'java-fatal',
      pattern:
        /^# (?:A fatal error has been detected|There is insufficient memory|Internal Error|SIG\w{2,5} \()/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'java-out-of-memory',
      pattern: /java\.lang\.(OutOfMemoryError|StackOverflowError)\b/,
      role: 'error',
      priority: 'critical',
      typeGroup: 1,
    },
    {
      id: 'java-launch',
      pattern:
        /^Error: (?:Could not find or load main class|Unable to access jarfile|Unable to initialize main class|A JNI error|LinkageError|Main method not found)/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'java-picked-up',
      pattern: /^(?:Picked up (?:_JAVA_OPTIONS|JAVA_TOOL_OPTIONS)|OpenJDK 64-Bit Server VM warning)/,
      role: 'info',
    },
    {
      id: 'java-illegal-access',
      pattern:
        /^WARNING: (?:An illegal reflective|Illegal reflective|Please consider reporting|Use --illegal-access|All illegal access|A terminally deprecated)/,
      role: 'warning',
    },
  ],
};

/** javac, kotlinc, ant and groovyc. */
export const JAVAC: RecogniserFamily = {
  name: 'javac',
  recognisers: [
    {
      id: 'javac-error',
      pattern: /^(?:\s{0,12}\[javac\] )?\S{1,300}\.(?:java|groovy|aj):\d{1,7}: error:/,
      role: 'error',
      priority: 'critical',
    },
    {
      id: 'javac-warning',
      pattern: /^(?:\s{0,12}\[javac\] )?\S{1,300}\.java:\d{1,7}: warning:/,
      role: 'warning',
    },
    {
      id: 'javac-detail',
      pattern: /^\s{0,12}(?:symbol|location|required|found|reason): {1,8}\S/,
      role: 'detail',
    },
    {
      id: 'javac-totals',
      pattern: /^(?:\s{0,12}\[javac\] )?[1-9]\d{0,6} errors?$/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'javac-totals-warnings',
      pattern: /^(?:\s{0,12}\[javac\] )?[1-9]\d{0,6} warnings?$/,
      role: 'summary',
      priority: 'medium',
    },
    {
      id: 'kotlinc-error',
      pattern: /^(?:e: (?:file:\/\/)?\S|\S{1,300}\.kts?:\d+:\d+: error: )/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'kotlinc-warning', pattern: /^w: (?:file:\/\/)?\S/, role: 'warning' },
    { id: 'javac-note', pattern: /^Note: (?:Some input files|\S+\.java uses|Recompile with)/, role: 'info' },
    {
      id: 'groovyc-error',
      pattern: /^(?:startup failed:|\S{1,300}\.groovy: \d+: )/,
      role: 'error',
      priority: 'critical',
    },
    { id: 'ant-failed', pattern: /^BUILD FAILED$/, role: 'summary', priority: 'critical' },
    {
      id: 'ant-task',
      pattern: /^\s{1,12}\[(?:junit|exec|java|echo|mkdir|copy|jar|unzip|delete|get)\] /,
      role: 'info',
    },
    {
      id: 'ant-junit-failed',
      pattern: /^\s{0,12}\[junit\] .{0,200}(?:FAILED|Caused an ERROR)$/,
      role: 'failure',
    },
  ],
};

/** JUnit, TestNG and ScalaTest-like runners without a build tool's frame. */
export const JUNIT: RecogniserFamily = {
  name: 'junit',
  recognisers: [
    {
      id: 'junit-failed-case',
      pattern: /^\s{0,8}\d{1,5}\) \w{1,200}\((?:[a-z_]\w*\.)+[A-Z]\w*\)/,
      role: 'failure',
    },
    {
      id: 'junit-tree-failed',
      pattern: /^\s{0,12}[│├└+'|][\s│├└─+'|-]{0,60} \S.{0,300}\[(?:X|✘)\] /,
      role: 'failure',
    },
    {
      id: 'junit-tree-passed',
      pattern: /^\s{0,12}[│├└+'|][\s│├└─+'|-]{0,60} \S.{0,300}\[(?:OK|✔|S|↷)\]/,
      role: 'pass',
    },
    {
      id: 'junit-totals-failed',
      pattern: /^(?:FAILURES!!!|Tests run: \d+, {1,2}Failures: [1-9]|\[ {1,9}[1-9]\d* tests failed)/,
      role: 'summary',
      priority: 'critical',
    },
    {
      id: 'junit-totals',
      pattern: /^\[ {1,9}\d+ (?:tests|containers) (?:found|started|successful|skipped|aborted|failed)/,
      role: 'summary',
    },
    {
      id: 'junit-expected',
      pattern:
        /^(?:\s{0,8}(?:Expecting|Expected|Actual|but was|to (?:be|contain|equal))\b.{0,40}:?$|expected: ?<.{0,200}> but was: ?<)/,
      role: 'detail',
    },
    {
      id: 'testng-totals-failed',
      pattern: /^Total tests run: \d+, (?:Passes: \d+, )?Failures: [1-9]/,
      role: 'summary',
      priority: 'critical',
    },
    { id: 'testng-failed', pattern: /^FAILED(?: CONFIGURATION)?: (?:@\w+ )?\w/, role: 'failure' },
    { id: 'testng-passed', pattern: /^(?:PASSED|SKIPPED): \w/, role: 'pass' },
    { id: 'spock-condition', pattern: /^\s{0,8}Condition not satisfied:$/, role: 'error' },
  ],
};
