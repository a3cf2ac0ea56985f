import { createReadStream } from 'node:fs';
import type { CommandContext } from '../command.ts';
import type { OpenReferences } from './open-references.ts';
import { RawSpool, type Spooled } from './raw-spool.ts';

/** What a command prints, kept for the condenser; where that fails, it goes to stdout as it is (INV-L5). */
export class RawOutput {
  readonly #context: CommandContext;
  #spool: RawSpool | undefined;

  constructor(context: CommandContext, references: OpenReferences | undefined) {
    this.#context = context;
    try {
      this.#spool = RawSpool.create(context, references);
    } catch (error) {
      warnOfFault(context, error);
    }
  }

  /** Takes output; never throws. */
  async write(chunk: Uint8Array): Promise<void> {
    const spool = this.#spool;
    if (spool === undefined) return this.#context.io.out(chunk);
    try {
      await spool.write(chunk);
    } catch (error) {
      warnOfFault(this.#context, error);
      await this.#giveUp(spool);
      await this.#context.io.out(chunk);
    }
  }

  /** What was kept; `undefined` when all went to stdout. */
  async finish(): Promise<Spooled | undefined> {
    return this.#spool?.finish();
  }

  /** Prints what was kept as it is, after a fault of ours. */
  async printRaw(): Promise<void> {
    if (this.#spool !== undefined) await this.#giveUp(this.#spool);
  }

  /** Removes what was kept. */
  close(): void {
    this.#spool?.close();
    this.#spool = undefined;
  }

  async #giveUp(spool: RawSpool): Promise<void> {
    this.#spool = undefined;
    try {
      // A write that failed may have left part of its bytes: they are written again.
      if (spool.bytes > 0) {
        for await (const block of createReadStream(spool.path, { end: spool.bytes - 1 })) {
          await this.#context.io.out(block as Buffer);
        }
      }
    } finally {
      spool.close();
    }
  }
}

/** Says that the raw output follows instead of a condensed one. */
export function warnOfFault({ io }: Pick<CommandContext, 'io'>, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: unknown } | null)?.code;
  io.warn(
    `pare: the output could not be condensed and is printed as it is: ${why}${typeof code === 'string' ? ` [${code}]` : ''}`,
  );
}
