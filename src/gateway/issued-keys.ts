import { randomBytes } from 'node:crypto';
import { InputError, type JsonObject, type JsonValue, type StateStore } from '../contract/index.ts';
import { sha256Hex } from '../support/index.ts';

const COLLECTION = 'issued-keys';
/** Every key issued by Pare begins with this, so that it is never mistaken for a provider's. */
export const KEY_PREFIX = 'pare_';
const KEY_BYTES = 24;
const REFRESH_MS = 5_000;
/** Fewer digits of an id could mean several keys. */
const MIN_ID_DIGITS = 8;

/** A key issued by Pare, as stored: its digest, never the key. */
export interface IssuedKey {
  readonly id: string;
  readonly name: string;
  /** Callers with the same tenant share cached answers. */
  readonly tenant: string;
  /** `admin` may also read the dashboard and its API. */
  readonly role: 'caller' | 'admin';
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Issues, checks and revokes keys. */
export interface IssuedKeys {
  /** Makes a key; the return value is the only place where it ever stands in clear. */
  create(options: {
    readonly name: string;
    readonly role?: IssuedKey['role'];
    readonly tenant?: string;
  }): Promise<{ key: string; issued: IssuedKey }>;
  list(): Promise<readonly IssuedKey[]>;
  /** Revokes by name, or by the first 8 or more digits of the id. */
  revoke(idOrName: string): Promise<boolean>;
  /** The key's record, or `undefined` for a key that was not issued or was revoked. */
  verify(key: string): Promise<IssuedKey | undefined>;
}

/** Returns the issued keys kept in a state store. Changes by other processes are seen within 5 seconds. */
export function createIssuedKeys(state: StateStore, now: () => number = Date.now): IssuedKeys {
  let known = new Map<string, IssuedKey>();
  let readAt = Number.NEGATIVE_INFINITY;
  const refresh = async (): Promise<void> => {
    const rows = await state.list(COLLECTION);
    known = new Map(rows.map((row) => [row.id, toIssuedKey(row.id, row.value)]));
    readAt = now();
  };
  return {
    create: async ({ name, role = 'caller', tenant = name }) => {
      if (!/^[\w.@-]{1,64}$/.test(name)) {
        throw new InputError(
          'invalid_key_name',
          `A key's name takes 1 to 64 letters, digits, "_", ".", "@" or "-", got "${name}".`,
        );
      }
      const key = KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url');
      const id = sha256Hex(key);
      const issued: IssuedKey = { id, name, tenant, role, createdAt: new Date(now()).toISOString() };
      const value: JsonObject = { name, tenant, role, created_at: issued.createdAt };
      await state.put(COLLECTION, id, value);
      await refresh();
      return { key, issued };
    },
    list: async () => {
      await refresh();
      return [...known.values()];
    },
    revoke: async (idOrName) => {
      await refresh();
      const isId = new RegExp(`^[0-9a-f]{${MIN_ID_DIGITS},}$`).test(idOrName);
      const found = [...known.values()].filter(
        (key) => key.name === idOrName || (isId && key.id.startsWith(idOrName)),
      );
      for (const key of found) await state.delete(COLLECTION, key.id);
      await refresh();
      return found.length > 0;
    },
    verify: async (key) => {
      const id = sha256Hex(key);
      if (now() - readAt > REFRESH_MS) await refresh();
      return known.get(id);
    },
  };
}

function toIssuedKey(id: string, value: JsonValue): IssuedKey {
  const row = (
    typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  ) as JsonObject;
  const text = (field: string): string => (typeof row[field] === 'string' ? row[field] : '');
  return {
    id,
    name: text('name'),
    tenant: text('tenant'),
    role: row['role'] === 'admin' ? 'admin' : 'caller',
    createdAt: text('created_at'),
  };
}
