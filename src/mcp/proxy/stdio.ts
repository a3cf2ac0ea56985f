import type { StdioFace } from './options.ts';
import type { Sdk } from './sdk.ts';
import type { Session } from './session.ts';

/** A client that has closed its end may still read what it asked for. */
const GRACE_MS = 5_000;
const MOST_MESSAGE_BYTES = 256 * 1024 * 1024;

/** The process's streams, or others in their place. */
export interface StdioOptions {
  readonly sdk: Sdk;
  readonly session: Session;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Speaks with one client over two streams until it goes. */
export async function serveStdio({ sdk, session, input, output }: StdioOptions): Promise<StdioFace> {
  const transport = new sdk.StdioServerTransport(
    input as ConstructorParameters<Sdk['StdioServerTransport']>[0],
    output as ConstructorParameters<Sdk['StdioServerTransport']>[1],
    { maxBufferSize: MOST_MESSAGE_BYTES },
  );
  const closed = new Promise<void>((resolve) => {
    session.server.onclose = resolve;
    const end = (): void => {
      // What came just before the end is being handed on still.
      setImmediate(() => {
        void within(GRACE_MS, session.idle())
          .then(() => session.close())
          .finally(resolve);
      });
    };
    input.once('end', end);
    input.once('close', end);
  });
  await session.server.connect(transport);
  return { closed, close: () => session.close() };
}

function within(milliseconds: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    void work.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
