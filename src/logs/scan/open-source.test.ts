import { appendFile, mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPareError } from '../../contract/index.ts';
import { type LogInput, type LogSource, openSource, type SourceOptions, scanLog } from './index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pare-source-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const TEXT = Array.from({ length: 5000 }, (_, line) => `line ${line} ends\n`).join('');

async function file(name: string, content: string | Uint8Array): Promise<{ readonly path: string }> {
  const path = join(folder, name);
  await writeFile(path, content);
  return { path };
}

function textOf(source: LogSource): string {
  const bytes = Buffer.alloc(source.size);
  return bytes.subarray(0, source.read(0, bytes)).toString();
}

/** The text of a log, whole and in part; both ways have to agree. */
async function textFrom(input: LogInput, options?: SourceOptions): Promise<string> {
  const source = await openSource(input, options);
  const text = textOf(source);
  const part = Buffer.alloc(10);
  const partText = part.subarray(0, source.read(5, part)).toString('latin1');
  source.close();
  source.close();
  return Buffer.from(text).subarray(5, 15).toString('latin1') === partText ? text : 'two texts';
}

async function codeOf(input: LogInput, options?: SourceOptions): Promise<string> {
  const error = await openSource(input, options).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return isPareError(error) ? error.code : `no error: ${String(error)}`;
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('openSource', () => {
  it('reads a file where it lies, and bytes', async () => {
    expect(await textFrom(await file('plain.log', TEXT))).toBe(TEXT);
    expect(await textFrom({ bytes: Buffer.from(TEXT) })).toBe(TEXT);
    expect(await textFrom(await file('empty.log', ''))).toBe('');
    expect(await textFrom({ bytes: new Uint8Array(0) })).toBe('');
  });

  it.each([1, 3, 1000, 1_000_000])('takes in a stream in pieces of %i bytes', async (size) => {
    const text = TEXT.slice(0, size * 2000);
    expect(await textFrom({ stream: inPieces(Buffer.from(text), size) })).toBe(text);
    expect(await textFrom({ stream: inPieces(Buffer.from(text), size) }, { spoolMemoryBytes: 100 })).toBe(
      text,
    );
    expect(await textFrom({ stream: inPieces(zlib.gzipSync(text), size) }, { spoolMemoryBytes: 100 })).toBe(
      text,
    );
  });

  it('unpacks gzip, several in a row as well', async () => {
    const half = TEXT.length / 2;
    const twice = Buffer.concat([zlib.gzipSync(TEXT.slice(0, half)), zlib.gzipSync(TEXT.slice(half))]);
    expect(await textFrom(await file('a.log.gz', twice))).toBe(TEXT);
    expect(await textFrom({ bytes: twice })).toBe(TEXT);
  });

  it.skipIf(typeof zlib.zstdCompressSync !== 'function')('unpacks zstd', async () => {
    const packed = zlib.zstdCompressSync(TEXT);
    expect(await textFrom(await file('a.log.zst', packed))).toBe(TEXT);
    expect(await textFrom({ stream: inPieces(packed, 1) })).toBe(TEXT);
  });

  it('reads what there is of a file that is still being packed, and says so', async () => {
    const packed = zlib.gzipSync(TEXT);
    const source = await openSource(await file('cut.gz', packed.subarray(0, packed.length - 500)));
    expect(TEXT.startsWith(textOf(source))).toBe(true);
    expect(source.size).toBeGreaterThan(1000);
    expect(source.notes[0]).toMatch(/ends in the middle of its packed data/);
    source.close();
  });

  it('turns UTF-16 into UTF-8, and drops byte order marks', async () => {
    const text = `é 日本 😀\n${TEXT}`;
    const little = Buffer.from(`\uFEFF${text}`, 'utf16le');
    expect(await textFrom(await file('le.log', little))).toBe(text);
    expect(await textFrom({ stream: inPieces(little, 3) })).toBe(text);
    expect(await textFrom(await file('be.log', Buffer.from(little).swap16()))).toBe(text);
    expect(await textFrom(await file('bom.log', `\uFEFF${text}`))).toBe(text);
    expect(await textFrom({ bytes: Buffer.from(`\uFEFF${text}`) })).toBe(text);
  });

  it('says what is wrong with what it cannot read', async () => {
    await mkdir(join(folder, 'folder'));
    expect(await codeOf({ path: join(folder, 'none') })).toBe('log_not_found');
    expect(await codeOf({ path: join(folder, 'folder') })).toBe('log_is_directory');
    expect(await codeOf(await file('nul', 'text\0text'))).toBe('log_is_binary');
    expect(await codeOf({ bytes: Buffer.alloc(100, 3) })).toBe('log_is_binary');
    expect(await codeOf({ stream: inPieces(Buffer.alloc(200_000), 7000) })).toBe('log_is_binary');
    expect(await codeOf(await file('nul.gz', zlib.gzipSync('text\0text')))).toBe('log_is_binary');
    const broken = zlib.gzipSync(TEXT);
    broken.fill(7, 30, 60);
    expect(await codeOf(await file('broken.gz', broken))).toBe('log_unreadable');
    const failing = new Readable({ read: (): void => void failing.destroy(new Error('gone')) });
    expect(await codeOf({ stream: failing })).toBe('log_unreadable');
    expect(await codeOf({ path: join(folder, 'none') }, { signal: AbortSignal.abort() })).toBe('aborted');
  });

  it('stops taking in a stream when asked to', async () => {
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let at = 0; ; at++) {
        if (at === 20) controller.abort();
        yield Buffer.from(TEXT);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    expect(await codeOf({ stream: endless() }, { signal: controller.signal })).toBe('aborted');
  });

  it('leaves no temporary file behind', async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('pare-log-'));
    const source = await openSource({ stream: inPieces(Buffer.from(TEXT), 999) }, { spoolMemoryBytes: 10 });
    source.close();
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('pare-log-'))).toEqual(before);
  });

  it('has an identity that a change of either end shows in', async () => {
    const first = await openSource(await file('same.log', TEXT));
    const again = await openSource({ path: join(folder, 'same.log') });
    expect(again.identity).toEqual(first.identity);
    const changed = await openSource(await file('same.log', `${TEXT.slice(0, -2)}X\n`));
    expect(changed.identity.tailSha256).not.toBe(first.identity.tailSha256);
    const stream = await openSource({ stream: inPieces(Buffer.from(TEXT), 100) });
    expect(stream.identity).toMatchObject({
      headSha256: first.identity.headSha256,
      ino: null,
      mtimeMs: null,
    });
    expect(stream.path).toBeNull();
  });

  it('keeps what it read of a file that then shrinks, and says so', async () => {
    const input = await file('shrinking.log', TEXT);
    const source = await openSource(input);
    await truncate(input.path, 1000);
    const log = await scanLog(source);
    expect(log.bytes).toBe(1000);
    expect(log.text(0, 2)).toEqual(['line 0 ends', 'line 1 ends']);
    expect(source.notes[0]).toMatch(/became shorter/);
    await truncate(input.path, 0);
    expect(log.text(0, 2)).toHaveLength(2);
    expect(log.lineCount).toBe(log.shapes.reduce((sum, { count }) => sum + count, 0));
    log.close();
  });

  it('reads a file that grows as it was when it was opened, and says so', async () => {
    const input = await file('growing.log', TEXT);
    const source = await openSource(input);
    await appendFile(input.path, 'more\n');
    const log = await scanLog(source);
    expect(log.lineCount).toBe(5000);
    expect(source.notes[0]).toMatch(/grew while it was read/);
    log.close();
  });
});
