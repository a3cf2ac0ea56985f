import type { McpServer } from '../../optimizer/mcp-servers.ts';

/** Shorter values are no keys, and stand in too many words by chance. */
const LEAST_CHARS = 6;
/** Arguments and parameters of an address with such a name hold keys. */
const TELLING = /key|token|secret|passw|pwd|auth|credential|signature/i;

/**
 * Returns what takes the secrets of a server's entry out of a text and puts their names there: values of its
 * variables, headers and parameters of its address, and arguments that are named like keys. Servers repeat in their
 * errors what they were given (INV-E3).
 */
export function secretsOf(server: McpServer): (text: string) => string {
  const named = server.kind === 'http' ? ofHttp(server) : ofStdio(server);
  const secrets = named
    .flatMap(([name, value]) => [value, ...value.split(/\s+/)].map((part) => [name, part] as const))
    .filter(([, value]) => value.length >= LEAST_CHARS)
    .toSorted(([, a], [, b]) => b.length - a.length);
  return (text) => secrets.reduce((rest, [name, value]) => rest.replaceAll(value, () => `<${name}>`), text);
}

type Named = readonly [name: string, value: string];

function ofHttp({ url, headers }: Extract<McpServer, { kind: 'http' }>): readonly Named[] {
  const { searchParams, username, password } = new URL(url);
  return [
    ...Object.entries(headers),
    ...[...searchParams].filter(([name]) => TELLING.test(name)),
    ...[username, password].map((value): Named => ['credentials', value]),
  ];
}

function ofStdio({ env, args }: Extract<McpServer, { kind: 'stdio' }>): readonly Named[] {
  const named = args.flatMap((arg, at): readonly Named[] => {
    const [, flag = '', value] = /^(--?[\w-]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (!TELLING.test(flag)) return [];
    return [[flag, value ?? args[at + 1] ?? '']];
  });
  return [...Object.entries(env), ...named];
}
