import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonValue, StateStore } from '../../contract/index.ts';
import { parseReference, readText } from './index.ts';
import { createReferences, type References } from './references.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pare-references-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function memoryState(): StateStore {
  const values = new Map<string, JsonValue>();
  return {
    get: (_, id) => values.get(id),
    put: (_, id, value) => void values.set(id, value),
    delete: (_, id) => values.delete(id),
    list: () => [...values].map(([id, value]) => ({ id, value })),
    close: () => {},
  };
}

function create(bounds: { mostEntries?: number; mostCopyBytes?: number } = {}): References {
  let time = 0;
  return createReferences({
    state: memoryState(),
    folder: join(folder, 'originals'),
    now: () => ++time,
    ...bounds,
  });
}

async function keep(references: References, bytes: Uint8Array): Promise<string | undefined> {
  const draft = references.beginCopy();
  await draft.write(bytes);
  return references.keepCopy(draft);
}

async function textOf(references: References, reference: string): Promise<string> {
  const { lines } = parseReference(reference);
  const chunks: Uint8Array[] = [];
  const log = await references.open(reference);
  for await (const block of readText(log, lines === undefined ? {} : { lines })) chunks.push(block);
  return Buffer.concat(chunks).toString('utf8');
}

describe('references', () => {
  it('forget the oldest logs beyond their number, with their copies', async () => {
    const references = create({ mostEntries: 3 });
    const kept: string[] = [];
    for (let i = 0; i < 5; i++) kept.push((await keep(references, Buffer.from(`log ${i}\n`))) ?? '');
    for (const old of kept.slice(0, 2)) {
      await expect(references.open(old)).rejects.toMatchObject({ code: 'unknown_reference' });
    }
    for (const [i, ref] of kept.slice(2).entries()) {
      expect(await textOf(references, ref)).toBe(`log ${i + 2}\n`);
    }
    expect(readdirSync(join(folder, 'originals'))).toHaveLength(3);
  });

  it('keep copies within their bytes, and none that is larger than all may be', async () => {
    const references = create({ mostCopyBytes: 200 });
    const noise = (length: number, seed: number): Buffer =>
      Buffer.from(Array.from({ length }, (_, i) => 32 + ((i * i * 31 + i * seed * 17 + (i >> 3)) % 90)));
    const first = (await keep(references, noise(60, 1))) ?? '';
    const others: string[] = [];
    for (let i = 2; i < 6; i++) others.push((await keep(references, noise(60, i))) ?? '');
    await expect(references.open(first)).rejects.toMatchObject({ code: 'unknown_reference' });
    expect(await textOf(references, others.at(-1) ?? '')).toBe(noise(60, 5).toString());
    let state = 1;
    const random = Buffer.from(
      Array.from(
        { length: 2000 },
        () => 32 + (((state = Math.imul(state, 48_271) % 0x7fff_ffff) >>> 3) % 90),
      ),
    );
    expect(await keep(references, random)).toBeUndefined();
  });

  it('tell lines apart at every kind of line end, and print them byte for byte', async () => {
    const text = 'one\r\ntwo\nthree ünï\n\nfive, no end';
    const references = create();
    const ref = (await keep(references, Buffer.from(text))) ?? '';
    expect(await textOf(references, ref)).toBe(text);
    expect(await textOf(references, `${ref}#L1`)).toBe('one\r\n');
    expect(await textOf(references, `${ref}#L2-3`)).toBe('two\nthree ünï\n');
    expect(await textOf(references, `${ref}#L4-99`)).toBe('\nfive, no end');
    await expect(textOf(references, `${ref}#L6`)).rejects.toMatchObject({ code: 'no_such_lines' });
  });

  it('unpack what was packed, in copies and in files', async () => {
    const references = create();
    const packed = gzipSync('packed text\n');
    const path = join(folder, 'log.gz');
    writeFileSync(path, packed);
    expect(await textOf(references, (await keep(references, packed)) ?? '')).toBe('packed text\n');
    expect(await textOf(references, await references.keepFile(path))).toBe('packed text\n');
    // Another packed log behind it is another text.
    const ref = await references.keepFile(path);
    writeFileSync(path, Buffer.concat([packed, gzipSync('more\n')]));
    await expect(references.open(ref)).rejects.toMatchObject({ code: 'reference_changed' });
  });

  it('are the same for the same log, and go on for one that grows', async () => {
    const references = create();
    const path = join(folder, 'a.log');
    writeFileSync(path, 'first\n');
    const ref = await references.keepFile(path);
    expect(await references.keepFile(path)).toBe(ref);
    writeFileSync(path, 'first\nsecond\n');
    expect(await textOf(references, ref)).toBe('first\n');
    expect(await references.keepFile(path, ref)).toBe(ref);
    expect(await textOf(references, ref)).toBe('first\nsecond\n');
    writeFileSync(path, 'other\n');
    expect(await references.keepFile(path, ref)).not.toBe(ref);
  });
});
