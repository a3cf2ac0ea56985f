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

const NONE: readonly string[] = Object.freeze([]);

/** Headers as one object: names in lower case, repeated ones as lists. */
export type HeaderMap = Record<string, string | string[]>;

/**
 * The headers of a request that go on to the upstream, from Node's raw list. Pare's own, those of the
 * connection, and those a browser adds about its page stay here.
 */
export function forwardableHeaders(raw: readonly string[]): HeaderMap {
  const headers: HeaderMap = {};
  let named: readonly string[] = NONE;
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    if (name === 'connection') named = namedBy(raw[i + 1] as string);
    if (NOT_FORWARDED.has(name) || name.startsWith('x-pare-') || name.startsWith('sec-fetch-')) continue;
    const value = raw[i + 1] as string;
    const known = headers[name];
    // A name such as "constructor" finds something that is no header.
    if (typeof known === 'string') headers[name] = [known, value];
    else if (Array.isArray(known)) known.push(value);
    else headers[name] = value;
  }
  for (const name of named) delete headers[name];
  return headers;
}

/** The headers to send upstream: the caller's, with the operator's credentials in place of an issued key. */
export function outgoingHeaders(
  request: { readonly rawHeaders: readonly string[] },
  caller: { readonly credentials?: HeaderMap },
): HeaderMap {
  const headers = forwardableHeaders(request.rawHeaders);
  if (caller.credentials === undefined) return headers;
  const { authorization: _authorization, 'x-api-key': _apiKey, ...rest } = headers;
  return { ...rest, ...caller.credentials };
}

/** The headers of an upstream answer that go on to the caller, as a raw list to which more can be added. */
export function returnableHeaders(raw: readonly string[]): string[] {
  const headers: string[] = [];
  let named: readonly string[] = NONE;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    const lower = name.toLowerCase();
    if (lower === 'connection') named = namedBy(raw[i + 1] as string);
    if (HOP_BY_HOP.has(lower)) continue;
    headers.push(name, raw[i + 1] as string);
  }
  return named.length === 0 ? headers : withoutNames(headers, named);
}

/** Header names that a `connection` header lists as its own besides the usual options. */
function namedBy(connection: string): readonly string[] {
  if (connection === 'keep-alive' || connection === 'close') return NONE;
  return connection
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
}

function withoutNames(headers: readonly string[], names: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (!names.includes(name.toLowerCase())) kept.push(name, headers[i + 1] as string);
  }
  return kept;
}

/** The value of a header that Node gives as text, list or not at all. */
export function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
