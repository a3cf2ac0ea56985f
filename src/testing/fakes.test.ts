import { describe, expect, it } from 'vitest';
import type { UpstreamSink } from '../contract/index.ts';
import { createEventLog, createFakeClock, createFakeIds, createFakeUpstream } from './index.ts';

interface Collected extends UpstreamSink {
  readonly log: string[];
  readonly over: Promise<void>;
}

function collect(): Collected {
  const log: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    log,
    over: promise,
    onHead: (status, headers) => void log.push(`head ${status} ${headers.join(',')}`),
    onData: (chunk) => void log.push(Buffer.from(chunk).toString('latin1')),
    onEnd: () => {
      log.push('end');
      resolve();
    },
    onError: (error) => {
      log.push(`error ${error.message}`);
      resolve();
    },
  };
}

const request = { method: 'POST', path: '/v1/x', headers: {}, body: Buffer.from('{"a":1}') };
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('createFakeUpstream', () => {
  it('answers from the function in the pieces asked for, never within send', async () => {
    const upstream = createFakeUpstream((_, index) => ({ status: 201, body: { n: index }, splitBytes: 3 }));
    const sink = collect();
    upstream.send(request, sink);
    expect(sink.log).toEqual([]);
    await sink.over;
    expect(sink.log).toEqual(['head 201 content-type,application/json', '{"n', '":0', '}', 'end']);
    expect(upstream.calls[0]).toMatchObject({
      text: '{"a":1}',
      bytesSent: 7,
      isOver: true,
      wasAborted: false,
    });
  });

  it('reports failures before the head and after the body, and what the function threw', async () => {
    const answers = [
      { failure: 'before-head' as const, error: new Error('refused') },
      { failure: 'after-body' as const, body: 'part' },
    ];
    const upstream = createFakeUpstream((_, index) => {
      const answer = answers[index];
      if (answer === undefined) throw new Error('thrown');
      return answer;
    });
    const logs = [];
    for (let i = 0; i < 3; i += 1) {
      const sink = collect();
      upstream.send(request, sink);
      await sink.over;
      logs.push(sink.log.at(-1), sink.log.length);
    }
    expect(logs).toEqual([
      'error refused',
      1,
      'error The fake upstream failed as it was told to.',
      3,
      'error thrown',
      1,
    ]);
  });

  it('delivers nothing while paused and nothing after an abort', async () => {
    const upstream = createFakeUpstream(() => ({ body: ['a', 'b', 'c'], chunkDelayMs: 1 }));
    const paused = collect();
    const call = upstream.send(request, paused);
    call.pause();
    await tick();
    expect(paused.log).toEqual([]);
    call.resume();
    await paused.over;
    expect(paused.log.slice(1)).toEqual(['a', 'b', 'c', 'end']);

    const sink = collect();
    const stopper = upstream.send(request, {
      ...sink,
      onData(chunk) {
        sink.onData(chunk);
        stopper.abort();
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 15));
    expect(sink.log.slice(1)).toEqual(['a']);
    expect(upstream.calls.at(-1)).toMatchObject({ wasAborted: true, isOver: false, bytesSent: 1 });
  });

  it('hangs after its body until it is aborted', async () => {
    const upstream = createFakeUpstream(() => ({ body: 'x', failure: 'hang' }));
    const sink = collect();
    const call = upstream.send(request, sink);
    await tick();
    await tick();
    expect(sink.log.slice(1)).toEqual(['x']);
    call.abort();
    expect(upstream.calls[0]?.wasAborted).toBe(true);
    await upstream.close();
    expect(upstream.isClosed).toBe(true);
  });
});

it('createFakeClock moves only when told to', () => {
  const clock = createFakeClock(1000);
  clock.advance(5);
  expect(clock.now()).toBe(1005);
  clock.set(3);
  expect(clock.now()).toBe(3);
  expect(() => clock.advance(-1)).toThrow(RangeError);
});

it('createFakeIds counts and createEventLog keeps events in order', () => {
  const next = createFakeIds('request');
  expect([next(), next()]).toEqual(['request-1', 'request-2']);
  const log = createEventLog();
  log.sink({ level: 'warn', code: 'a', message: 'x' });
  log.sink({ level: 'info', code: 'b', message: 'y' });
  expect(log.codes()).toEqual(['a', 'b']);
});
