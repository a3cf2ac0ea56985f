/** A part of a log in which the words of failure tell of none. */
export interface QuietRegion {
  /** `actions-run` */
  readonly name: string;
  /** The line that begins it; itself no part of it. Tried on a line without colours, time and prefix. */
  readonly start: RegExp;
  /** The line that ends it, and shows that it was quiet. */
  readonly end: RegExp;
  /** The line that ends it, and shows that it was not: then its lines say what they say. */
  readonly unless?: RegExp;
  /** Lines that it has at most: of a longer one the end was lost. @default 1000 */
  readonly mostLines?: number;
}

/**
 * Scripts that a runner prints before it runs them, where an `echo "Error: …"` is no error, and what tests
 * printed that passed in the end.
 */
export const QUIET_REGIONS: readonly QuietRegion[] = [
  { name: 'actions-run', start: /^(?:##\[group\]|::group::)Run /, end: /^(?:##\[endgroup\]|::endgroup::)/ },
  // Azure prints the script between these two.
  {
    name: 'azure-script',
    start: /^Script contents:$/,
    end: /^={5,40} Starting Command Output ={5,40}$/,
  },
  // A test of Go logs in the form in which it fails; its last line says which it was.
  {
    name: 'go-test',
    start: /^\s{0,40}=== RUN {1,4}\S/,
    end: /^\s{0,40}--- (?:PASS|SKIP|BENCH): /,
    unless: /^(?:\s{0,40}--- FAIL: |FAIL$|FAIL\t|panic: |\s{0,4}fatal error: )/,
    mostLines: 20_000,
  },
  {
    name: 'pytest-passes',
    start: /^={4,100} PASSES ={4,100}$/,
    end: /^={4,100} (?:short test summary info|\d{1,9} \w.{0,200}) ={4,100}$/,
    unless: /^={4,100} (?:FAILURES|ERRORS) ={4,100}$/,
    mostLines: 200_000,
  },
];

/** Lines that begin or end a region begin like this: a cheap look before all else. */
export const REGION_HINT = /^(?:##\[|::|Script|====|\s{0,40}(?:===|---) |FAIL|panic: |\s{0,4}fatal error: )/;
