/**
 * Writes a log as CI jobs and services write them: groups, npm install, compilers, tests, service lines with
 * times, levels and ids, JSON lines, stack traces, progress bars, colours. The same seed gives the same log.
 *
 *   node bench/logs/generate.ts PATH BYTES [SEED]
 */
import { closeSync, openSync, writeSync } from 'node:fs';

const WRITE_CHARS = 1_048_576;
const NAMES =
  'auth billing cart catalog gateway inventory mailer orders payments search sessions users'.split(' ');
const VERBS = 'created updated deleted fetched queued retried rejected expired indexed synced merged'.split(
  ' ',
);
const THINGS = 'order invoice session token cart user shipment refund product webhook report batch'.split(
  ' ',
);
const PACKAGES = 'lodash react webpack esbuild chalk semver glob rimraf undici zod vite rollup acorn'.split(
  ' ',
);
const CLASSES = 'OrderService PaymentClient SessionStore CartController UserRepository QueueWorker'.split(
  ' ',
);
const WORDS =
  'the connection request handler timed out while waiting for a lock on row of table after retry with backoff'.split(
    ' ',
  );

/** Numbers from a seed. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  pick(list: readonly string[]): string {
    return list[this.below(list.length)] as string;
  }

  hex(length: number): string {
    let text = '';
    while (text.length < length) text += this.below(0x10000).toString(16).padStart(4, '0');
    return text.slice(0, length);
  }

  uuid(): string {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-a${this.hex(3)}-${this.hex(12)}`;
  }

  sentence(): string {
    return Array.from({ length: 4 + this.below(10) }, () => this.pick(WORDS)).join(' ');
  }
}

/** What a program can say is limited, however much it says. */
class Texts {
  readonly sentences: readonly string[];
  readonly files: readonly string[];
  readonly tests: readonly string[];
  readonly frames: readonly string[];
  readonly actions: readonly string[];

  constructor(dice: Dice) {
    const some = (count: number, make: () => string): readonly string[] =>
      Array.from({ length: count }, make);
    this.sentences = some(300, () => dice.sentence());
    this.files = some(600, () => `${dice.pick(NAMES)}/${dice.pick(THINGS)}_${dice.pick(VERBS)}.cc`);
    this.tests = some(
      1500,
      () => `${dice.pick(NAMES)} ${dice.pick(VERBS)} ${dice.pick(THINGS)} when ${dice.pick(WORDS)}`,
    );
    this.actions = some(90, () => `${dice.pick(THINGS)} ${dice.pick(VERBS)}`);
    this.frames = some(400, () => {
      const [name, type] = [dice.pick(NAMES), dice.pick(CLASSES)];
      return `com.example.shop.${name}.${type}.${dice.pick(VERBS)}(${type}.java:${dice.below(700)})`;
    });
  }
}

/** One writer of lines: a job's part or a service. */
type Section = (dice: Dice, time: () => string, texts: Texts) => string;

const sections: readonly Section[] = [
  (dice, time) => {
    const lines = [
      `${time()} ##[group]Run npm ci`,
      `${time()} \x1b[36;1mnpm ci\x1b[0m`,
      `${time()} ##[endgroup]`,
    ];
    for (let i = 0; i < 20; i++) {
      const [name, version] = [dice.pick(PACKAGES), `${dice.below(9)}.${dice.below(30)}.${dice.below(10)}`];
      lines.push(
        dice.below(3) === 0
          ? `${time()} npm warn deprecated ${name}@${version}: this version is no longer supported`
          : `${time()} npm http fetch GET 200 https://registry.npmjs.org/${name} ${dice.below(900)}ms (cache miss)`,
      );
    }
    lines.push(
      `${time()} added ${dice.below(2000)} packages, and audited ${dice.below(2000)} packages in ${dice.below(60)}s`,
    );
    return `${lines.join('\n')}\n`;
  },
  (dice, time, texts) => {
    let text = '';
    for (let i = 0; i < 40; i++) {
      const file = dice.pick(texts.files);
      text += `${time()} [${i * 2}/80] Building CXX object src/CMakeFiles/core.dir/${file}.o\n`;
      if (dice.below(12) === 0) {
        text += `src/${file}:${dice.below(900)}:${dice.below(80)}: warning: unused variable '${dice.pick(THINGS)}' [-Wunused-variable]\n`;
      }
    }
    return text;
  },
  (dice, _, texts) => {
    let text = '';
    for (let i = 0; i < 40; i++) {
      text += `  \x1b[32m✓\x1b[0m \x1b[2m${dice.pick(texts.tests)} (${dice.below(80)} ms)\x1b[0m\n`;
    }
    if (dice.below(40) === 0) {
      text += `  \x1b[31m✗ ${dice.pick(NAMES)} keeps its ${dice.pick(THINGS)}\x1b[0m\n    AssertionError: expected ${dice.below(50)} to equal ${dice.below(50)}\n`;
    }
    return text;
  },
  (dice, time, texts) => {
    let text = '';
    for (let i = 0; i < 60; i++) {
      const level = dice.below(30) === 0 ? 'ERROR' : dice.below(10) === 0 ? 'WARN ' : 'INFO ';
      text += `${time()} ${level} [http-nio-8080-exec-${dice.below(8)}] c.e.shop.${dice.pick(CLASSES)} - ${dice.pick(texts.actions)} id=${dice.uuid()} for user=${dice.below(1e6)} from 10.${dice.below(256)}.${dice.below(256)}.${dice.below(256)}:${dice.below(65_536)} in ${dice.below(900)}ms\n`;
    }
    return text;
  },
  (dice, time, texts) => {
    let text = '';
    for (let i = 0; i < 40; i++) {
      text += `${JSON.stringify({ ts: time(), level: dice.below(20) === 0 ? 'error' : 'info', service: dice.pick(NAMES), trace: dice.hex(32), msg: dice.pick(texts.actions), ms: dice.below(2000), status: 200 + dice.below(4) * 100 })}\n`;
    }
    return text;
  },
  (dice, time, texts) => {
    let text = `${time()} ERROR ${dice.pick(CLASSES)} java.lang.IllegalStateException: ${dice.pick(texts.sentences)}\n`;
    for (let i = 0; i < 12; i++) text += `\tat ${dice.pick(texts.frames)}\n`;
    return `${text}Caused by: java.net.SocketTimeoutException: Read timed out after ${dice.below(9000)} ms\n\t... ${dice.below(40)} more\n`;
  },
  (dice) => {
    let text = '';
    const total = dice.below(900) + 100;
    for (let done = 0; done <= 20; done++) {
      text += `\rDownloading ${dice.pick(PACKAGES)} [${'='.repeat(done)}>${' '.repeat(20 - done)}] ${done * 5}% ${Math.floor((total * done) / 20)}/${total} MB`;
    }
    return `${text}\r\n`;
  },
  (dice, time, texts) => {
    let text = '';
    for (let i = 0; i < 20; i++)
      text += `${time()} DEBUG worker ${dice.below(64)}: ${dice.pick(texts.sentences)}\n`;
    return text;
  },
];

/** Writes a log of about so many bytes, at least. */
export function generateLog(path: string, bytes: number, seed = 1): void {
  const dice = new Dice(seed);
  const texts = new Texts(dice);
  let now = Date.UTC(2026, 0, 5, 8);
  const time = (): string => {
    now += dice.below(120);
    return new Date(now).toISOString();
  };
  const fd = openSync(path, 'w');
  try {
    let text = '';
    for (let written = 0; written < bytes; ) {
      while (text.length < WRITE_CHARS && written + text.length < bytes) {
        text += (sections[dice.below(sections.length)] as Section)(dice, time, texts);
      }
      written += writeSync(fd, text);
      text = '';
    }
  } finally {
    closeSync(fd);
  }
}

const [, script, path, size, seed] = process.argv;
if (import.meta.filename === script && path !== undefined) generateLog(path, Number(size), Number(seed ?? 1));
