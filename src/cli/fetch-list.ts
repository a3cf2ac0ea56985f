import { AbortedError, InputError, PareError } from '../contract/index.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_REDIRECTS = 5;
const TIMEOUT_MS = 60_000;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The text at an address that the user named: over https, or http on this machine; redirects only
 * within the same origin (INV-E2), at most 64 MiB, at most a minute.
 *
 * @throws InputError for an address that is not allowed; PareError `download_failed`; AbortedError
 */
export async function fetchList(address: string, signal: AbortSignal): Promise<string> {
  let url = allowed(address);
  const ending = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await fetchOnce(url, ending, signal);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      if (response.status !== 200) throw failed(url, `the server answered with status ${response.status}`);
      return readBody(response, url, signal);
    }
    await response.body?.cancel();
    const next = new URL(location, url);
    if (next.origin !== url.origin) {
      throw failed(url, `it leads to another host, ${next.origin}. Name that address if you trust it`);
    }
    url = allowed(next.href);
  }
  throw failed(url, `it redirects more than ${MAX_REDIRECTS} times`);
}

/** True for what is meant as an address rather than a file. */
export function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

function allowed(address: string): URL {
  const url = URL.parse(address);
  const isAllowed =
    url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname)));
  if (url === null || !isAllowed) {
    throw new InputError(
      'invalid_url',
      `The address "${address}" must begin with https:// (http:// only on this machine).`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new InputError('invalid_url', `The address of ${url.host} must not hold a name or password.`);
  }
  return url;
}

async function fetchOnce(url: URL, ending: AbortSignal, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'manual', signal: ending, headers: { accept: 'application/json' } });
  } catch (cause) {
    throw broken(url, cause, signal);
  }
}

async function readBody(response: Response, url: URL, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw failed(url, `it is longer than ${MAX_BYTES / 1024 / 1024} MiB`);
      chunks.push(chunk);
    }
  } catch (cause) {
    throw broken(url, cause, signal);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function broken(url: URL, cause: unknown, signal: AbortSignal): Error {
  if (cause instanceof PareError) return cause;
  if (signal.aborted) return new AbortedError(undefined, { cause });
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    return failed(url, `it took longer than ${TIMEOUT_MS / 1000} s`, cause);
  }
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return failed(url, inner instanceof Error ? inner.message : String(inner), cause);
}

function failed(url: URL, why: string, cause?: unknown): PareError {
  return new PareError('download_failed', `${url.href} could not be read: ${why}.`, { cause });
}
