import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AbortedError } from '../../contract/index.ts';
import { startGateway } from '../../gateway/index.ts';
import { type Core, createCore, loadConfig } from '../../optimizer/index.ts';
import { createSimulatedProvider, type SimulatedProvider, sampleSessions } from '../../testing/index.ts';
import { loadEncoding } from '../../tokens/index.ts';
import { atExit } from '../at-exit.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { playSessions } from '../demo/play.ts';
import { type DemoTable, makeTable, renderDemo } from '../demo/table.ts';
import { eventReporter } from '../event-reporter.ts';
import { toJson } from '../output.ts';

const HOUR_MS = 3_600_000;

/** `pare demo`: sample sessions through a real gateway, against a simulated provider. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const folder = mkdtempSync(join(tmpdir(), 'pare-demo-'));
  const discard = atExit(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  try {
    const encoding = await loadEncoding('o200k_base');
    await using provider = await createSimulatedProvider({ countTokens: (text) => encoding.count(text) });
    const core = await openDemoCore(context, provider, folder);
    try {
      await play(context, core);
    } finally {
      await core.close();
    }
  } finally {
    discard();
  }
  return 0;
}

async function play(context: CommandContext, core: Core): Promise<void> {
  const { io, signal, options, globals } = context;
  const gateway = await startGateway(core);
  try {
    const sessions = sampleSessions();
    io.note(`pare: playing ${sessions.length} sample sessions through ${gateway.url} (simulated provider)`);
    const played = await playSessions({ core, gateway, signal }, sessions);
    const now = core.now();
    const table = makeTable(played, {
      report: await core.ledger.report({ hours: 1 }),
      sums: await core.ledger.summary({ from: now - HOUR_MS, to: now + HOUR_MS }),
    });
    const isKept = options['keep'] === true;
    await io.out(globals.json === true ? toJson(withUrl(table, isKept, gateway.url)) : renderDemo(table));
    if (!isKept) return;
    if (globals.json !== true) await io.out(`\nThe gateway goes on at ${gateway.url} until Ctrl-C\n`);
    await stopped(signal);
  } finally {
    await gateway.close();
  }
}

/** The demonstration is the same everywhere: no configuration, no keys and no data of the user are read. */
async function openDemoCore(
  context: CommandContext,
  provider: SimulatedProvider,
  folder: string,
): Promise<Core> {
  const { config } = await loadConfig({
    environment: {},
    directory: folder,
    searches: false,
    overridesOrigin: 'demo',
    overrides: {
      dataDir: folder,
      'server.port': 0,
      'upstreams.openai.url': provider.url,
      'upstreams.anthropic.url': provider.url,
    },
  });
  return createCore({ config, onEvent: eventReporter(context) });
}

function withUrl(table: DemoTable, isKept: boolean, url: string): object {
  return isKept ? { ...table, url } : table;
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) throw new AbortedError();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
