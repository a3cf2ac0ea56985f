import type { ShapeClasses } from './judge/shape-classes.ts';
import type { ProfileName } from './options.ts';
import type { LineRole } from './recognise/index.ts';
import type { ScannedLog } from './scan/index.ts';

/** By how much the worth of a role's lines counts more (over 1) or less. */
export type RoleFactors = Readonly<Record<LineRole, number>>;

const EVEN: RoleFactors = {
  failure: 1,
  error: 1,
  cause: 1,
  section: 1,
  detail: 1,
  frame: 1,
  summary: 1,
  exit: 1,
  warning: 1,
  step: 1,
  pass: 1,
  progress: 1,
  info: 1,
  debug: 1,
};

/** Profiles shift what is worth keeping; none hides a failure, an end or a summary. */
const FACTORS: Readonly<Record<ProfileName, RoleFactors>> = {
  test_logs: { ...EVEN, failure: 1.25, summary: 1.15, detail: 1.15, info: 0.8, step: 0.8, debug: 0.8 },
  error_logs: { ...EVEN, error: 1.15, cause: 1.25, frame: 1.25, pass: 0.8, step: 0.8 },
  info_logs: { ...EVEN, warning: 2.5, step: 2.5, info: 2.5, section: 1.25, frame: 0.8 },
};

/** The factors of a profile. */
export function factorsOf(profile: ProfileName): RoleFactors {
  return FACTORS[profile];
}

/** Families whose lines tell of tests. */
const TEST_FAMILIES: ReadonlySet<string> = new Set([
  'pytest',
  'unittest',
  'jest',
  'vitest',
  'mocha',
  'tap',
  'junit',
  'rspec',
  'phpunit',
  'dotnet-test',
  'cpp-tests',
]);
/** Rules about tests in families that know other things, too. */
const TEST_RULE =
  /test|spec|^(?:tasty|quickcheck|exunit|go-(?:failed|passed)-(?:case|package)|cargo-totals|busted|ginkgo)/;
const RESULTS: ReadonlySet<LineRole> = new Set(['failure', 'summary', 'pass']);
const TROUBLE: ReadonlySet<LineRole> = new Set(['failure', 'error', 'cause', 'frame']);

/** Shapes that are looked at. */
const MOST_SHAPES = 20_000;
/** Forms of test results that make a log one of tests. */
const LEAST_RESULTS = 2;
/** Share of forms of errors and stack traces that makes a log one of errors. */
const TROUBLE_SHARE = 0.02;

/** Tells by the forms of its lines what kind of log it is. */
export function profileOf(log: ScannedLog, classes: ShapeClasses): ProfileName {
  const step = Math.max(1, Math.ceil(log.shapes.length / MOST_SHAPES));
  let forms = 0;
  let results = 0;
  let trouble = 0;
  let isFatal = false;
  for (let id = 0; id < log.shapes.length; id += step) {
    const { role, family, by, isBlank, priority } = classes.of(id);
    if (isBlank) continue;
    forms++;
    if (RESULTS.has(role) && (TEST_FAMILIES.has(family) || TEST_RULE.test(by))) results++;
    if (TROUBLE.has(role)) trouble++;
    // What a tool said for sure; words alone do not make a log one of errors.
    if (priority === 'critical' && family !== 'generic') isFatal = true;
  }
  if (results >= LEAST_RESULTS) return 'test_logs';
  return isFatal || trouble > forms * TROUBLE_SHARE ? 'error_logs' : 'info_logs';
}
