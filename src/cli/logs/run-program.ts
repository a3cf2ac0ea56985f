import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { atExit } from '../at-exit.ts';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const SHELL = '/bin/sh';
const SIGNAL_BASE = 128;
/** After the program has ended, others that it started may still hold its output: silence for so long ends it. */
const SILENCE_MS = 1000;
const LOOK_EVERY_MS = 50;

/** A program to run. */
export interface Program {
  readonly command: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes output in the order in which it comes; the program waits while it is busy. */
  readonly onOutput: (chunk: Buffer) => Promise<void>;
}

/** How a program ended. */
export type Ending =
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'not-started'; readonly why: string };

/** Runs a program to its end; its stdin is ours, and signals are passed on to it. */
export async function runProgram(program: Program): Promise<Ending> {
  // From here on signals are the program's, so that none comes in between.
  const { child, restore } = startForwarding(() => start(program));
  const fault = await new Promise<Error | undefined>((resolve) => {
    child.once('spawn', () => resolve(undefined));
    child.once('error', resolve);
  });
  if (fault !== undefined) {
    restore();
    return { kind: 'not-started', why: fault.message };
  }
  let isRunning = true;
  const atEnd = atExit(() => isRunning && child.kill('SIGKILL'));
  try {
    const ended = new Promise<number>((resolve) => {
      child.once('exit', (code, signal) =>
        resolve(signal === null ? (code ?? SIGNAL_BASE) : SIGNAL_BASE + constants.signals[signal]),
      );
    });
    const output = new OutputQueue(child, program.onOutput);
    const code = await ended;
    isRunning = false;
    await output.end();
    return { kind: 'ended', code };
  } finally {
    restore();
    atEnd();
  }
}

function start({ command, directory, environment }: Program): ChildProcess {
  const [name = '', ...args] = command;
  const options = { cwd: directory, env: { ...environment } };
  // One pipe for both streams keeps their order; the shell is replaced by the program at once.
  if (process.platform !== 'win32' && existsSync(SHELL)) {
    return spawn(SHELL, ['-c', 'exec "$@" 2>&1', 'pare', name, ...args], {
      ...options,
      stdio: ['inherit', 'pipe', 'inherit'],
    });
  }
  return spawn(name, args, { ...options, stdio: ['inherit', 'pipe', 'pipe'] });
}

interface Forwarding {
  readonly child: ChildProcess;
  /** Puts things back. */
  readonly restore: () => void;
}

/** Starts a child; signals are passed on to it instead of ending us. */
function startForwarding(begin: () => ChildProcess): Forwarding {
  let child: ChildProcess | undefined;
  const before = FORWARDED.map((signal) => ({ signal, listeners: process.listeners(signal) }));
  const forwards = FORWARDED.map((signal) => {
    const forward = (): void => {
      // A terminal sends Ctrl-C to the whole group: a second one would mean "now".
      if (signal === 'SIGINT' && (process.stdin.isTTY || process.stderr.isTTY)) return;
      child?.kill(signal);
    };
    process.removeAllListeners(signal);
    process.on(signal, forward);
    return { signal, forward };
  });
  const restore = (): void => {
    for (const { signal, forward } of forwards) process.off(signal, forward);
    for (const { signal, listeners } of before) {
      for (const listener of listeners) process.on(signal, listener);
    }
  };
  try {
    child = begin();
  } catch (error) {
    restore();
    throw error;
  }
  return { child, restore };
}

/** Hands output on, one piece after the other. */
class OutputQueue {
  readonly #streams: readonly Readable[];
  readonly #onOutput: Program['onOutput'];
  readonly #closed: Promise<unknown>;
  #queue = Promise.resolve();
  #lastAt = 0;
  #waiting = 0;
  #isClosed = false;

  constructor(child: ChildProcess, onOutput: Program['onOutput']) {
    this.#streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
    this.#onOutput = onOutput;
    for (const stream of this.#streams) stream.on('data', (chunk: Buffer) => this.#add(stream, chunk));
    const closings = this.#streams.map(
      (stream) => new Promise<void>((resolve) => void stream.once('close', resolve)),
    );
    this.#closed = Promise.all(closings).then(() => {
      this.#isClosed = true;
    });
  }

  /** Waits for what is still to come after the program has ended. */
  async end(): Promise<void> {
    this.#lastAt = performance.now();
    while (!this.#isClosed && (this.#waiting > 0 || performance.now() - this.#lastAt < SILENCE_MS)) {
      await Promise.race([this.#closed, sleep(LOOK_EVERY_MS)]);
    }
    for (const stream of this.#streams) stream.destroy();
    await this.#queue;
  }

  #add(stream: Readable, chunk: Buffer): void {
    this.#lastAt = performance.now();
    this.#waiting++;
    stream.pause();
    this.#queue = this.#queue.then(async () => {
      await this.#onOutput(chunk);
      this.#waiting--;
      stream.resume();
    });
  }
}
