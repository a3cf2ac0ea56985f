import type { IncomingHttpHeaders } from 'node:http';
import { PareError, type WireFormat } from '../contract/index.ts';
import type { Config } from '../optimizer/index.ts';
import { BoundedMap, sha256Hex } from '../support/index.ts';
import { first, type HeaderMap } from './headers.ts';
import { type IssuedKey, type IssuedKeys, KEY_PREFIX } from './issued-keys.ts';

/** Who calls, and with which provider key. */
export interface Caller {
  readonly tenant: string;
  /** The key issued by Pare, when one was shown. */
  readonly issued?: IssuedKey;
  /** Credentials to set on the forwarded request, instead of the caller's. */
  readonly credentials?: HeaderMap;
}

/** Which provider a wire belongs to. */
export type ProviderName = 'openai' | 'anthropic';

/** The provider that speaks a wire. */
export function providerOf(wire: WireFormat): ProviderName {
  return wire === 'anthropic-messages' ? 'anthropic' : 'openai';
}

const TENANT_DIGITS = 16;
const BEARER = 'Bearer ';
const MAX_REMEMBERED_KEYS = 1_000;
const ANONYMOUS: Caller = Object.freeze({ tenant: 'anonymous' });

/** Tells callers apart. */
export interface CallerDesk {
  /** Answers at once for callers with their own provider key, which is the usual case. */
  identify(headers: IncomingHttpHeaders, provider: ProviderName): Caller | Promise<Caller>;
  /** Checks that a caller may read the dashboard and its API. */
  authorizeAdmin(headers: IncomingHttpHeaders): Promise<void>;
}

/** Returns the desk. With `requiresKey` every caller needs a key issued by Pare. */
export function createCallerDesk(config: Config, keys: IssuedKeys, requiresKey: boolean): CallerDesk {
  const ownKeys = createOwnKeys();
  return {
    identify: (headers, provider) => {
      const own = credentialOf(headers);
      const shown = first(headers['x-pare-key']) ?? (own?.startsWith(KEY_PREFIX) ? own : undefined);
      if (shown !== undefined) return identifyIssued({ shown, own, provider }, config, keys);
      if (requiresKey) throw missingKey();
      return own === undefined ? ANONYMOUS : ownKeys(own);
    },
    authorizeAdmin: async (headers) => {
      if (!requiresKey) return;
      const shown = first(headers['x-pare-key']) ?? credentialOf(headers);
      if (shown === undefined) throw missingKey();
      const issued = await keys.verify(shown);
      if (issued === undefined) throw unknownKey();
      if (issued.role !== 'admin') {
        throw new PareError(
          'forbidden_role',
          'This key may call models but not read the dashboard. Issue one with: pare keys create NAME --admin',
        );
      }
    },
  };
}

/** Tells callers with provider keys apart by a digest; the key itself is remembered in memory only, briefly. */
function createOwnKeys(): (key: string) => Caller {
  const known = new BoundedMap<string, Caller>(MAX_REMEMBERED_KEYS);
  let last: { readonly key: string; readonly caller: Caller } | undefined;
  return (key) => {
    if (last?.key === key) return last.caller;
    const remembered = known.get(key);
    const caller = remembered ?? { tenant: `key-${sha256Hex(key).slice(0, TENANT_DIGITS)}` };
    if (remembered === undefined) known.set(key, caller);
    last = { key, caller };
    return caller;
  };
}

async function identifyIssued(
  seen: { readonly shown: string; readonly own: string | undefined; readonly provider: ProviderName },
  config: Config,
  keys: IssuedKeys,
): Promise<Caller> {
  const issued = await keys.verify(seen.shown);
  if (issued === undefined) throw unknownKey();
  const tenant = `issued-${issued.tenant}`;
  // Shown apart (x-pare-key), the key only authenticates; the caller's own provider key goes on.
  if (seen.own !== undefined && seen.own !== seen.shown) return { tenant, issued };
  const operatorKey = config.upstreams[seen.provider].apiKey;
  if (operatorKey === undefined) {
    throw new PareError(
      'no_upstream_key',
      `This gateway holds no key for ${seen.provider}. Set upstreams.${seen.provider}.apiKey (PARE_${seen.provider.toUpperCase()}_API_KEY), ` +
        'or send your own provider key and the issued key as x-pare-key.',
    );
  }
  return { tenant, issued, credentials: providerCredentials(seen.provider, operatorKey) };
}

function providerCredentials(provider: ProviderName, key: string): HeaderMap {
  return provider === 'anthropic' ? { 'x-api-key': key } : { authorization: `Bearer ${key}` };
}

function credentialOf(headers: IncomingHttpHeaders): string | undefined {
  const apiKey = first(headers['x-api-key']);
  if (apiKey !== undefined) return apiKey;
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  if (authorization.startsWith(BEARER) && !authorization.includes(' ', BEARER.length)) {
    return authorization.slice(BEARER.length);
  }
  const [scheme = '', value = ''] = authorization.split(' ', 2);
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return authorization;
  // A browser asks for name and password; the password is the key.
  return Buffer.from(value, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
}

function missingKey(): PareError {
  return new PareError(
    'missing_key',
    'This gateway needs a key issued by Pare: send it as Bearer token, x-api-key or x-pare-key.',
  );
}

function unknownKey(): PareError {
  return new PareError('invalid_key', 'The key is not one that this gateway issued, or it was revoked.');
}
