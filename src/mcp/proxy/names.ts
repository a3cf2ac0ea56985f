import { sha256Hex } from '../../support/index.ts';

/** Longest name that the APIs of the model providers accept. */
const MOST_CHARS = 64;
/** Leaves at least half of a name to the tool. */
const MOST_SERVER_CHARS = 24;
const BETWEEN = '__';

/**
 * Returns for each server, in order, what its tools' names begin with: its own name in the characters that
 * are allowed, unique, without a double underscore, so that the first one in a name always ends the server's part.
 */
export function serverPrefixes(servers: readonly string[]): string[] {
  const taken = new Set<string>();
  return servers.map((server) => {
    const plain = fit(server, MOST_SERVER_CHARS).replaceAll(/_{2,}/g, '_').replace(/_+$/, '') || 'server';
    let prefix = plain;
    for (let n = 2; taken.has(prefix); n += 1) prefix = `${plain}-${n}`;
    taken.add(prefix);
    return prefix;
  });
}

/** The name under which a tool is shown: `server__tool`, at most 64 characters of `a-z A-Z 0-9 _ -`. */
export function publicName(prefix: string, tool: string): string {
  return `${prefix}${BETWEEN}${fit(tool, MOST_CHARS - prefix.length - BETWEEN.length)}`;
}

/** A name in the allowed characters and length; a digest keeps names apart that become alike by that. */
function fit(name: string, most: number): string {
  const allowed = name.replaceAll(/[^\w-]/g, '_');
  if (allowed === name && name.length <= most) return name;
  const digest = sha256Hex(name).slice(0, 8);
  return `${allowed.slice(0, most - digest.length - 1)}_${digest}`;
}
