import { startGateway } from '../../gateway/index.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { openCore } from '../open-core.ts';
import { keepRequestsYoung } from '../server-heap.ts';

/** `pare serve`: runs until it is told to stop. */
export async function run(context: CommandContext): Promise<ExitCode> {
  keepRequestsYoung();
  const { options, io } = context;
  const core = await openCore(context, {
    'server.host': options['host'],
    'server.port': options['port'],
    preset: options['preset'],
    'upstreams.openai.url': options['upstreamOpenai'],
    'upstreams.anthropic.url': options['upstreamAnthropic'],
    'stages.semantic-cache': options['semantic'],
    'semantic.maxFalseHitRate': options['maxFalseHitRate'],
  });
  try {
    const gateway = await startGateway(core);
    await io.out(
      context.globals.json === true
        ? `${JSON.stringify({ event: 'ready', url: gateway.url, pid: process.pid })}\n`
        : `Pare listens on ${gateway.url}\n`,
    );
    await stopped(context.signal);
    io.note('pare: stopping; running answers may end (10 s)');
    await gateway.close();
    return 0;
  } finally {
    await core.close();
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
