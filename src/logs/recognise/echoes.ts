/** Where a runner prints a script or the inputs of a step before it runs them. */
export interface EchoRegion {
  /** `actions-run` */
  readonly name: string;
  /** The line that begins it; itself no part of it. Tried on a line without colours, time and prefix. */
  readonly start: RegExp;
  /** The line that ends it. */
  readonly end: RegExp;
}

/** What stands between these lines was printed, not run: an `echo "Error: …"` in there is no error. */
export const ECHO_REGIONS: readonly EchoRegion[] = [
  { name: 'actions-run', start: /^(?:##\[group\]|::group::)Run /, end: /^(?:##\[endgroup\]|::endgroup::)/ },
  // Azure prints the script between these two.
  {
    name: 'azure-script',
    start: /^Script contents:$/,
    end: /^={5,40} Starting Command Output ={5,40}$/,
  },
];
