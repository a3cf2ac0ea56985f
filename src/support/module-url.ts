/**
 * The URL of a module beside the caller, for `new Worker` and the like: `.ts` when running from
 * source, `.js` when running from the build.
 *
 * @param base the caller's `import.meta.url`
 * @param name the module without extension: `./counting-worker`
 */
export function moduleUrl(base: string, name: string): URL {
  return new URL(name + (base.endsWith('.ts') ? '.ts' : '.js'), base);
}
