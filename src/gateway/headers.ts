/** Headers that concern one connection only (RFC 9110, 7.6.1), or that the next hop sets itself. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const NOT_FORWARDED = new Set([
  ...HOP_BY_HOP,
  'host',
  'content-length',
  'expect',
  'cookie',
  'origin',
  'referer',
]);

/** Headers as one object: names in lower case, repeated ones as lists. */
export type HeaderMap = Record<string, string | string[]>;

/**
 * The headers of a request that go on to the upstream, from Node's raw list. Pare's own, those of the
 * connection, and those a browser adds about its page stay here.
 */
export function forwardableHeaders(raw: readonly string[]): HeaderMap {
  const headers: HeaderMap = {};
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    if (NOT_FORWARDED.has(name) || name.startsWith('x-pare-') || name.startsWith('sec-fetch-')) continue;
    const value = raw[i + 1] as string;
    const known = headers[name];
    if (known === undefined) headers[name] = value;
    else if (Array.isArray(known)) known.push(value);
    else headers[name] = [known, value];
  }
  return headers;
}

/** The headers of an upstream answer that go on to the caller, as a raw list to which more can be added. */
export function returnableHeaders(raw: readonly string[]): string[] {
  const headers: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    if (HOP_BY_HOP.has(name.toLowerCase())) continue;
    headers.push(name, raw[i + 1] as string);
  }
  return headers;
}

/** The value of a header that Node gives as text, list or not at all. */
export function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
