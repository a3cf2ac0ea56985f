import { InputError, type StateStore } from '../../contract/index.ts';
import { createIssuedKeys, type IssuedKey, type IssuedKeys } from '../../gateway/issued-keys.ts';
import { openStateStore } from '../../optimizer/state-store.ts';
import { nearest } from '../../support/index.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { eventReporter } from '../event-reporter.ts';
import { toJson } from '../output.ts';
import { readConfig } from '../read-config.ts';
import { renderTable } from '../text-table.ts';

const SHOWN_DIGITS = 12;
/** Fewer digits of an id may name another key than was meant. */
const MIN_ID_DIGITS = 8;
const TENANT = /^[\w.@-]{1,64}$/;

/** `pare keys create`: issues a key and prints it once. */
export async function create(context: CommandContext): Promise<ExitCode> {
  const { options, io } = context;
  const name = context.args[0] as string;
  const tenant = options['tenant'] as string | undefined;
  if (tenant !== undefined && !TENANT.test(tenant)) {
    throw new InputError(
      'invalid_tenant',
      `A tenant takes 1 to 64 letters, digits, "_", ".", "@" or "-", got "${tenant}".`,
    );
  }
  const { key, issued } = await withKeys(context, async (keys) => {
    const known = await keys.list();
    if (known.some((other) => other.name === name)) {
      throw new InputError(
        'key_name_taken',
        `There is a key named "${name}" already. Choose another name, or revoke it: pare keys revoke ${name}`,
      );
    }
    return keys.create({
      name,
      role: options['admin'] === true ? 'admin' : 'caller',
      ...(tenant === undefined ? {} : { tenant }),
    });
  });
  await io.out(context.globals.json === true ? toJson({ key, ...describe(issued) }) : `${key}\n`);
  io.note(
    `pare: keep this key of "${name}" (${issued.role}, tenant ${issued.tenant}); it is not shown again`,
  );
  return 0;
}

/** `pare keys list`: the valid keys, by name. */
export async function list(context: CommandContext): Promise<ExitCode> {
  const keys = await withKeys(context, (issued) => issued.list());
  const sorted = keys.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  await context.io.out(
    context.globals.json === true
      ? toJson({ keys: sorted.map(describe) })
      : renderTable(
          [{ name: 'name' }, { name: 'id' }, { name: 'tenant' }, { name: 'role' }, { name: 'created' }],
          sorted.map((key) => [key.name, key.id.slice(0, SHOWN_DIGITS), key.tenant, key.role, key.createdAt]),
        ),
  );
  return 0;
}

/** `pare keys revoke`: a running gateway refuses the key within five seconds. */
export async function revoke(context: CommandContext): Promise<ExitCode> {
  const wanted = context.args[0] as string;
  const revoked = await withKeys(context, async (keys) => {
    const found = findKey(await keys.list(), wanted);
    await keys.revoke(found.id);
    return found;
  });
  await context.io.out(
    context.globals.json === true ? toJson({ revoked: describe(revoked) }) : `revoked ${revoked.name}\n`,
  );
  return 0;
}

function findKey(keys: readonly IssuedKey[], wanted: string): IssuedKey {
  const named = keys.find((key) => key.name === wanted);
  if (named !== undefined) return named;
  const byId = wanted.length < MIN_ID_DIGITS ? [] : keys.filter((key) => key.id.startsWith(wanted));
  if (byId.length === 1) return byId[0] as IssuedKey;
  if (byId.length > 1) {
    throw new InputError(
      'ambiguous_key',
      `Several keys have an id that begins with "${wanted}". Give more of it.`,
    );
  }
  const meant = nearest(
    wanted,
    keys.map((key) => key.name),
  );
  const hint = meant === undefined ? 'See: pare keys list' : `Did you mean "${meant}"?`;
  throw new InputError('unknown_key', `There is no key with the name or id "${wanted}". ${hint}`);
}

function describe(key: IssuedKey): object {
  return { id: key.id, name: key.name, tenant: key.tenant, role: key.role, created_at: key.createdAt };
}

async function withKeys<T>(context: CommandContext, use: (keys: IssuedKeys) => Promise<T>): Promise<T> {
  const { config } = await readConfig(context);
  const state: StateStore = openStateStore(config, eventReporter(context));
  try {
    return await use(createIssuedKeys(state));
  } finally {
    await state.close();
  }
}
