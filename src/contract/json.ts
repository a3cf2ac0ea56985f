/** Any JSON value, as `JSON.parse` returns it. */
export type JsonValue = string | number | boolean | null | JsonArray | JsonObject;
export type JsonArray = readonly JsonValue[];
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** Steps from the root of a JSON body to one value: `['messages', 0, 'content']`. */
export type JsonPath = readonly (string | number)[];

/** A value, or a promise of it: embedded drivers answer at once, remote ones later. */
export type MaybePromise<T> = T | Promise<T>;
