/**
 * Values by key, each for a short while.
 *
 * V8 keeps every table that a `Map` outgrew linked to its successor, with the entries it had then; once
 * one of them is old, all that were ever in the later ones live until the next full collection, and young
 * collections copy them. So the tables hold only places, which are emptied here.
 */
export class OpenCalls<Call> {
  readonly #places = new Map<string, { call: Call | undefined }>();

  get(key: string): Call | undefined {
    return this.#places.get(key)?.call;
  }

  set(key: string, call: Call): void {
    this.delete(key);
    this.#places.set(key, { call });
  }

  delete(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    place.call = undefined;
    this.#places.delete(key);
  }
}
