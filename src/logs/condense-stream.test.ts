import { PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { condenseLog } from './condense.ts';
import { condenseStream } from './condense-stream.ts';

const count = (text: string): number => Math.ceil(text.length / 3);
const lines = Array.from({ length: 30_000 }, (_, i) => `line ${i} of a long log that is piped through\n`);
lines[20_000] = 'TypeError: here it is\n';
const options = { count, limits: { tokenBudget: 500 } };

describe('condenseStream', () => {
  test('gives at the end what condenseLog gives', async () => {
    const stream = condenseStream(options);
    const out: Buffer[] = [];
    const sink = new Writable({
      write: (chunk, _, done) => {
        out.push(chunk);
        done();
      },
    });
    await pipeline(Readable.from(lines.map((line) => Buffer.from(line))), stream, sink);
    const expected = await condenseLog({ bytes: Buffer.from(lines.join('')) }, options);
    expect(Buffer.concat(out).toString()).toBe(expected.text);
    expect(expected.text).toContain('TypeError: here it is');
    expect((await stream.report).input.lines).toBe(30_000);
  });

  test('takes text, and packed bytes', async () => {
    const text = condenseStream(options);
    text.end('one\ntwo\n');
    expect(await text.setEncoding('utf8').toArray()).toEqual(['one\ntwo']);
    const packed = condenseStream(options);
    packed.end(gzipSync('one\ntwo\n'));
    expect(await packed.setEncoding('utf8').toArray()).toEqual(['one\ntwo']);
  });

  test('an empty log gives nothing', async () => {
    const stream = condenseStream(options);
    stream.end();
    expect(await stream.toArray()).toEqual([]);
  });

  test('ends with an AbortedError when the signal fires, though nothing comes in', async () => {
    const abort = new AbortController();
    const stream = condenseStream({ ...options, signal: abort.signal });
    stream.write('one\n');
    setTimeout(() => abort.abort(), 5);
    await expect(stream.toArray()).rejects.toMatchObject({ code: 'aborted' });
    await expect(stream.report).rejects.toMatchObject({ code: 'aborted' });
  });

  test('ends with the error of what it is given', async () => {
    const binary = condenseStream(options);
    binary.end(Buffer.alloc(1_000));
    await expect(binary.toArray()).rejects.toMatchObject({ code: 'log_is_binary' });
    const limits = condenseStream({ count, limits: { tokenBudget: -1 } });
    await expect(limits.toArray()).rejects.toMatchObject({ code: 'invalid_log_limits' });
  });

  test('a reader that leaves early leaves nothing behind', async () => {
    const stream = condenseStream(options);
    stream.write('one\n');
    stream.destroy();
    await expect(stream.report).rejects.toMatchObject({ code: 'aborted' });
  });

  test('ends with the error of its source, and so does the report', async () => {
    const stream = condenseStream(options);
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from(lines.slice(0, 1000).join(''));
      throw new Error('the connection broke');
    }
    await expect(pipeline(Readable.from(broken()), stream, new PassThrough())).rejects.toThrow('broke');
    await expect(stream.report).rejects.toThrow('broke');
  });

  test('ends in the middle of a log, and pulls no more of its source, when the signal fires', async () => {
    const abort = new AbortController();
    let pulled = 0;
    function* endless(): Generator<Buffer> {
      for (;;) {
        if (++pulled === 300) abort.abort();
        yield Buffer.alloc(65_536, 'a line of an endless log\n');
      }
    }
    const stream = condenseStream({ ...options, signal: abort.signal });
    await expect(pipeline(endless(), stream, new PassThrough())).rejects.toMatchObject({ code: 'aborted' });
    expect(pulled).toBeLessThan(320);
    await expect(stream.report).rejects.toMatchObject({ code: 'aborted' });
  });

  test('holds a writer back that is faster than it', async () => {
    const stream = condenseStream(options);
    const chunk = Buffer.alloc(65_536, 'one more line\n');
    let written = 0;
    while (stream.write(chunk) && written < 1000) written++;
    expect(written).toBeLessThan(10);
    await new Promise((resolve) => stream.once('drain', resolve));
    stream.destroy();
    await expect(stream.report).rejects.toMatchObject({ code: 'aborted' });
  });
});
