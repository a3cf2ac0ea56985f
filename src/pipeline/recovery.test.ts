import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatRequest, PartialAnswer, Recovery, Stage, WireFormat } from '../contract/index.ts';
import {
  bodyOf,
  cutAfter,
  firstToolOnly,
  recoverMissing,
  recoverUseless,
  requestOf,
  type Said,
  streamedOf,
  streamOf,
  WIRES,
  withAllTools,
} from '../testing/fixtures/recovery.ts';
import { bench, STREAM_HEADERS, stage, waitFor } from '../testing/fixtures/runner-bench.ts';
import type { FakeAnswer } from '../testing/index.ts';

const MISSED: Said = { calls: ['weather'] };
const RIGHT: Said = { calls: ['weather', 'clock'] };
const TALK: Said = { text: 'Four words are here' };

const plain = (wire: WireFormat, said: Said): FakeAnswer => ({ body: bodyOf(wire, said) });
const streamed = (wire: WireFormat, said: Said, more: FakeAnswer = {}): FakeAnswer => ({
  headers: STREAM_HEADERS,
  body: streamOf(wire, said),
  ...more,
});
const inTurn =
  (...answers: readonly FakeAnswer[]) =>
  (index: number): FakeAnswer =>
    answers[Math.min(index, answers.length - 1)] as FakeAnswer;
const bytesOf = (request: ChatRequest): string => Buffer.from(request.source.bytes).toString();
/** Notes what it is asked. */
function noting(asked: PartialAnswer[], recover: (answer: PartialAnswer) => Recovery): Stage {
  return firstToolOnly((answer) => {
    asked.push(answer);
    return recover(answer);
  });
}
const waitForAll = (answer: PartialAnswer): Recovery =>
  answer.isWhole
    ? { kind: 'retry', request: withAllTools(answer), reason: 'no_tool_fits' }
    : { kind: 'wait' };

/** An event of the OpenAI chat wire. */
const textEvent = (content: string): string =>
  `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;

const EACH = WIRES.flatMap((wire) => [
  { wire, kind: 'plain', request: requestOf(wire), answer: plain },
  { wire, kind: 'streamed', request: streamedOf(wire), answer: streamed },
]);

describe.each(EACH)('$kind answers of $wire', ({ wire, request, answer }) => {
  it('that call a tool which was not sent are replaced by the answer to the full request (INV-T4)', async () => {
    const made = bench([firstToolOnly(recoverMissing)], inTurn(answer(wire, MISSED), answer(wire, RIGHT)));
    const { head, body } = await made.run(request);
    expect(made.upstream.calls).toHaveLength(2);
    expect(made.upstream.calls[0]?.text).not.toContain('"weather"');
    expect(made.upstream.calls[1]?.text).toBe(bytesOf(request));
    const { body: expected } = answer(wire, RIGHT);
    expect(body.toString()).toBe(Buffer.isBuffer(expected) ? expected.toString() : JSON.stringify(expected));
    expect(head).toMatchObject({ status: 200, stages: ['tool-selection=recovered'] });
    expect(made.events).toEqual([]);
  });

  it('are replaced once at most', async () => {
    const always = (seen: PartialAnswer): Recovery => ({
      kind: 'retry',
      request: withAllTools(seen),
      reason: 'never_content',
    });
    const made = bench([firstToolOnly(always)], answer(wire, MISSED));
    const { error } = await made.run(request);
    expect(error).toBeUndefined();
    expect(made.upstream.calls).toHaveLength(2);
  });

  it('that the stage accepts keep every byte, whatever the split (INV-S1)', async () => {
    const said = fc.record({
      text: fc.option(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), { nil: undefined }),
      calls: fc.subarray(['clock', 'weather']),
    });
    await fc.assert(
      fc.asyncProperty(
        said,
        fc.integer({ min: 1, max: 99 }),
        fc.boolean(),
        async (what, splitBytes, isWaiting) => {
          const { headers, body } = answer(wire, what);
          const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
          const recover = (seen: PartialAnswer): Recovery => ({
            kind: isWaiting && !seen.isWhole ? 'wait' : 'accept',
          });
          const made = bench([firstToolOnly(recover)], {
            ...(headers && { headers }),
            body: bytes,
            splitBytes,
          });
          const got = await made.run(request);
          expect(got.body.equals(bytes)).toBe(true);
          expect(got.head?.stages).toEqual(['tool-selection=rewritten']);
          expect(made.upstream.calls).toHaveLength(1);
          expect(made.records).toMatchObject([{ usageBasis: 'reported', usage: { inputTokens: 100 } }]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('are read through an encoding, and keep its bytes', async () => {
    const zipped = (said: Said): FakeAnswer => {
      const { headers = { 'content-type': 'application/json' }, body } = answer(wire, said);
      const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
      return { headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(bytes), splitBytes: 50 };
    };
    const made = bench([firstToolOnly(recoverMissing)], inTurn(zipped(MISSED), zipped(RIGHT)));
    const { head, body } = await made.run(request);
    expect(body.equals(zipped(RIGHT).body as Buffer)).toBe(true);
    expect(head?.stages).toEqual(['tool-selection=recovered']);
    const accepted = bench([firstToolOnly(recoverMissing)], zipped(TALK));
    expect((await accepted.run(request)).body.equals(zipped(TALK).body as Buffer)).toBe(true);
  });

  it('are waited for until they are whole, if the stage wants to see all of them', async () => {
    const asked: PartialAnswer[] = [];
    const made = bench(
      [noting(asked, waitForAll)],
      inTurn({ ...answer(wire, TALK), splitBytes: 40 }, answer(wire, RIGHT)),
    );
    const { head } = await made.run(request);
    expect(head?.stages).toEqual(['tool-selection=recovered']);
    const last = asked.pop();
    expect(last).toMatchObject({ isWhole: true, text: 'Four words are here', toolCalls: [] });
    expect(last?.request).toBe(request);
    expect(last?.sent.tools.map((tool) => tool.name)).toEqual(['clock']);
    for (const { isWhole, text } of asked) {
      expect(isWhole).toBe(false);
      expect(text).not.toBe('');
      expect('Four words are here'.startsWith(text)).toBe(true);
    }
    expect(asked.length > 0).toBe(request.isStream);
  });

  it('that the provider refused go out at once, unasked (INV-S3)', async () => {
    const asked: PartialAnswer[] = [];
    const made = bench([noting(asked, recoverMissing)], {
      status: 429,
      body: { error: { message: 'slow' } },
    });
    const { head, body } = await made.run(request);
    expect(head).toMatchObject({ status: 429, stages: ['tool-selection=rewritten'] });
    expect(body.toString()).toBe('{"error":{"message":"slow"}}');
    expect(asked).toEqual([]);
    expect(made.upstream.calls).toHaveLength(1);
  });
});

describe.each(WIRES)('a stream of %s', (wire) => {
  const request = streamedOf(wire);

  it('whose first call is of an unsent tool is cut off at its name, and the rest never asked for', async () => {
    const begun = cutAfter(streamOf(wire, MISSED), wire === 'openai-chat' ? 'Oslo' : '"weather"');
    const made = bench(
      [firstToolOnly(recoverMissing)],
      inTurn({ headers: STREAM_HEADERS, body: begun, failure: 'hang' }, streamed(wire, RIGHT)),
    );
    const { body } = await made.run(request);
    expect(body.equals(streamOf(wire, RIGHT))).toBe(true);
    expect(made.upstream.calls.map((call) => call.wasAborted)).toEqual([true, false]);
  });

  it('that begins with text is let go at the first of it, and a call after it changes nothing', async () => {
    const stream = streamOf(wire, { ...TALK, ...MISSED });
    const begin = cutAfter(stream, 'Four');
    const made = bench([firstToolOnly(recoverMissing)], {
      headers: STREAM_HEADERS,
      body: [begin, stream.subarray(begin.length)],
      chunkDelayMs: 60,
    });
    let isOver = false;
    const caller = made.start(request);
    void caller.ended.then(() => (isOver = true));
    await waitFor(() => (made.upstream.calls[0]?.bytesSent ?? 0) === begin.length);
    expect(caller.bytes()).toBe(begin.length);
    expect(isOver).toBe(false);
    expect((await caller.ended).body.equals(stream)).toBe(true);
    expect(made.upstream.calls).toHaveLength(1);
  });
});

describe('an answer that nobody can read', () => {
  it.each<[string, FakeAnswer]>([
    ['a refusal', { status: 500, headers: STREAM_HEADERS, body: 'event: error\n\n' }],
    ['an unknown encoding', { headers: { ...STREAM_HEADERS, 'content-encoding': 'pack200' }, body: 'x' }],
  ])('such as %s goes out as it comes (INV-S1)', async (_what, unreadable) => {
    const asked: PartialAnswer[] = [];
    const made = bench([noting(asked, recoverMissing)], { ...unreadable, failure: 'hang' });
    const caller = made.start(streamedOf('openai-chat'));
    await waitFor(() => caller.bytes() > 0);
    expect(asked).toEqual([]);
    caller.leave();
  });
});

describe('an answer that is held back', () => {
  const wire = 'openai-chat';
  const request = streamedOf(wire);
  const hold = (recover: NonNullable<Stage['recover']> = () => ({ kind: 'wait' })): Stage =>
    firstToolOnly(recover);
  const begin = cutAfter(streamOf(wire, TALK), 'Four');

  const thoughts = [
    'event: message_start\ndata: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],"model":"c","usage":{"input_tokens":9,"output_tokens":1}}}\n\n',
    'event: ping\ndata: {"type":"ping"}\n\n',
    'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}\n\n',
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}}\n\n',
    'event: content_block_start\ndata: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}\n\n',
  ].join('');
  const thinking = {
    headers: STREAM_HEADERS,
    body: [
      thoughts,
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Well"}}\n\n',
    ],
    chunkDelayMs: 40,
    failure: 'hang' as const,
  };

  it('while it only thinks or pings goes out with its first content', async () => {
    const asked: PartialAnswer[] = [];
    const untilItSpeaks = ({ text }: PartialAnswer) => ({ kind: text === '' ? 'wait' : 'accept' }) as const;
    const made = bench([noting(asked, untilItSpeaks)], thinking);
    const caller = made.start(streamedOf('anthropic-messages'));
    await waitFor(() => asked.length > 0);
    expect(caller.bytes()).toBe(0);
    await waitFor(() => caller.bytes() > 0);
    expect(caller.bytes()).toBe(thinking.body.join('').length);
    expect(asked).toMatchObject([
      { text: '', toolCalls: [], hasThinking: true, isWhole: false },
      { text: 'Well', toolCalls: [], isWhole: false },
    ]);
    caller.leave();
  });

  it('goes out while it thinks where the stage has nothing against it', async () => {
    const made = bench([hold(() => ({ kind: 'accept' }))], { ...thinking, body: [thoughts] });
    const caller = made.start(streamedOf('anthropic-messages'));
    await waitFor(() => caller.bytes() > 0);
    expect([caller.bytes(), made.events]).toEqual([thoughts.length, []]);
    caller.leave();
  });

  it('goes out after a while without a decision, loudly', async () => {
    const made = bench(
      [hold()],
      { headers: STREAM_HEADERS, body: [begin], failure: 'hang' },
      { maxHoldMs: 30 },
    );
    const caller = made.start(request);
    await waitFor(() => caller.bytes() === begin.length);
    expect(made.events).toMatchObject([
      { level: 'warn', code: 'recover_failed', details: { stage: 'tool-selection' } },
    ]);
    caller.leave();
    await waitFor(() => made.records.length === 1);
    expect(made.records).toMatchObject([{ status: 499 }]);
  });

  it('while it is plain is waited for, however long it takes', async () => {
    const text = JSON.stringify(bodyOf(wire, { calls: ['weather'] }));
    const made = bench(
      [hold(recoverMissing)],
      inTurn({ body: [text.slice(0, 9), text.slice(9)], chunkDelayMs: 40 }, plain(wire, RIGHT)),
      { maxHoldMs: 5 },
    );
    const { head } = await made.run(requestOf(wire));
    expect(head?.stages).toEqual(['tool-selection=recovered']);
    expect(made.events).toEqual([]);
  });

  it('goes out once it is longer than what may be kept (INV-S4)', async () => {
    const pieces = [begin, ...Array.from({ length: 30 }, () => Buffer.from(': ping\n\n'))];
    const made = bench(
      [hold()],
      { headers: STREAM_HEADERS, body: pieces, failure: 'hang' },
      { maxCaptureBytes: begin.length + 100 },
    );
    const caller = made.start(request);
    await waitFor(() => caller.bytes() === Buffer.concat(pieces).length);
    expect(made.events.map((event) => event.code)).toEqual(['recover_failed']);
    caller.leave();
  });

  it('that breaks off goes out with its error', async () => {
    const made = bench([hold()], { headers: STREAM_HEADERS, body: [begin], failure: 'after-body' });
    const { head, body, error } = await made.run(request);
    expect([head?.status, body.equals(begin)]).toEqual([200, true]);
    expect(error).toBeInstanceOf(Error);
    expect(made.records).toMatchObject([{ errorCode: 'upstream_closed' }]);
  });

  it('before its head is lost with the connection', async () => {
    const made = bench([hold()], { failure: 'before-head' });
    const { head, error } = await made.run(request);
    expect(head).toBeUndefined();
    expect(error).toBeInstanceOf(Error);
    expect(made.records).toMatchObject([{ status: 502, costUsd: 0 }]);
  });

  it('ends with a caller that leaves (INV-S2)', async () => {
    const asked: PartialAnswer[] = [];
    const made = bench([noting(asked, () => ({ kind: 'wait' }))], {
      headers: STREAM_HEADERS,
      body: [begin],
      failure: 'hang',
    });
    const caller = made.start(request);
    await waitFor(() => asked.length > 0);
    caller.leave();
    await waitFor(() => made.records.length === 1);
    expect(made.upstream.calls[0]?.wasAborted).toBe(true);
    expect(caller.bytes()).toBe(0);
    expect(made.records).toMatchObject([{ status: 499, usage: { outputTokens: expect.any(Number) } }]);
    expect(made.records[0]?.usage.outputTokens).toBeGreaterThan(0);
  });

  it('ends with a caller that leaves between its last byte and its decision (INV-S2)', async () => {
    const body = gzipSync(streamOf(wire, { calls: ['weather'] }));
    const made = bench(
      [hold(recoverMissing)],
      { headers: { ...STREAM_HEADERS, 'content-encoding': 'gzip' }, body },
      { maxHoldMs: 20 },
    );
    const caller = made.start(request);
    while (made.upstream.calls[0]?.isOver !== true) await Promise.resolve();
    caller.leave();
    await waitFor(() => made.records.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(made.upstream.calls).toHaveLength(1);
    expect([caller.bytes(), made.events, made.records.length]).toEqual([0, [], 1]);
    expect(made.records).toMatchObject([{ status: 499, usage: { inputTokens: 100, outputTokens: 20 } }]);
  });

  it('goes out when all stages that may wait accepted it, each in its time', async () => {
    const until = (length: number, asked: string[]): NonNullable<Stage['recover']> => {
      return ({ text }) => {
        asked.push(text);
        return { kind: text.length < length ? 'wait' : 'accept' };
      };
    };
    const [early, late]: [string[], string[]] = [[], []];
    const twoTools = firstToolOnly(until(1, early), {
      name: 'context',
      prepare: (asked) => ({
        kind: 'rewritten',
        request: { ...asked, tools: asked.tools.slice(0, 2) },
        receipt: {},
      }),
    });
    const made = bench([twoTools, hold(until(9, late))], {
      headers: STREAM_HEADERS,
      body: [3, 6, 9, 12].map((length) => textEvent('One two three'.slice(length - 3, length))),
      failure: 'hang',
    });
    const caller = made.start(request);
    await waitFor(() => caller.bytes() > 0);
    expect(early).toEqual(['One']);
    expect(late).toEqual(['One', 'One tw', 'One two t']);
    caller.leave();
  });

  it('reaches late joiners whole (INV-C11)', async () => {
    const sharing = stage('exact-cache', {
      prepare: () => ({ kind: 'bypassed', reason: 'miss', shareKey: 'k' }),
    });
    const stream = streamOf(wire, TALK);
    const asked: PartialAnswer[] = [];
    const made = bench([sharing, noting(asked, ({ isWhole }) => ({ kind: isWhole ? 'accept' : 'wait' }))], {
      headers: STREAM_HEADERS,
      body: [begin, stream.subarray(begin.length)],
      chunkDelayMs: 40,
    });
    const first = made.start(request);
    await waitFor(() => asked.length > 0);
    const second = made.start(request);
    for (const caller of [first, second]) expect((await caller.ended).body.equals(stream)).toBe(true);
    expect(made.upstream.calls).toHaveLength(1);
  });
});

describe('a retry', () => {
  const wire = 'openai-chat';
  const request = requestOf(wire);
  const failing = { failure: 'before-head' } as const;
  const cutOff = (): FakeAnswer => ({
    headers: STREAM_HEADERS,
    body: cutAfter(streamOf(wire, MISSED), 'Oslo'),
    failure: 'hang',
  });

  it('that reaches nobody leaves a first answer that is whole as it was, loudly', async () => {
    const made = bench([firstToolOnly(recoverMissing)], inTurn(plain(wire, MISSED), failing));
    const { head, body, error } = await made.run(request);
    expect(error).toBeUndefined();
    expect(JSON.parse(body.toString())).toEqual(bodyOf(wire, MISSED));
    expect(head?.stages).toEqual(['tool-selection=rewritten']);
    expect(made.events).toMatchObject([{ level: 'error', code: 'recover_failed' }]);
    expect(made.records).toMatchObject([{ id: 'r', status: 200, usage: { inputTokens: 100 } }]);
  });

  it('that reaches nobody is an error where the first answer was cut off', async () => {
    const made = bench([firstToolOnly(recoverMissing)], inTurn(cutOff(), failing));
    const { head, error } = await made.run(streamedOf(wire));
    expect(head).toBeUndefined();
    expect(error).toBeInstanceOf(Error);
    expect(made.records).toMatchObject([{ id: 'r-first' }, { id: 'r', status: 502 }]);
  });

  it('that breaks off in the middle breaks off for the caller, too', async () => {
    const broken = {
      ...streamed(wire, RIGHT),
      body: [cutOff().body as Buffer],
      failure: 'after-body',
    } as const;
    const made = bench([firstToolOnly(recoverMissing)], inTurn(streamed(wire, MISSED), broken));
    const { head, error, body } = await made.run(streamedOf(wire));
    expect(head?.stages).toEqual(['tool-selection=recovered']);
    expect(body.length).toBeGreaterThan(0);
    expect(error).toBeInstanceOf(Error);
  });

  it('that cannot be sent leaves the first answer as it was', async () => {
    const made = bench([firstToolOnly(recoverMissing)], streamed(wire, MISSED));
    const send = made.upstream.send.bind(made.upstream);
    let sent = 0;
    made.upstream.send = (outgoing, sink) => {
      if (++sent === 2) throw new Error('closed');
      return send(outgoing, sink);
    };
    const { body } = await made.run(streamedOf(wire));
    expect(body.equals(streamOf(wire, MISSED))).toBe(true);
    expect(made.events).toMatchObject([{ code: 'recover_failed' }]);
    expect(made.records).toHaveLength(1);
  });

  it('that cannot be sent is an error where the first answer is of no use', async () => {
    const made = bench([firstToolOnly(recoverUseless)], streamed(wire, MISSED));
    const send = made.upstream.send.bind(made.upstream);
    let sent = 0;
    made.upstream.send = (outgoing, sink) => {
      if (++sent === 2) throw new Error('closed');
      return send(outgoing, sink);
    };
    const { body, error } = await made.run(streamedOf(wire));
    expect(error).toBeInstanceOf(Error);
    expect(body.toString()).toBe('');
    expect(made.records).toMatchObject([{ id: 'r', usage: { inputTokens: expect.any(Number) } }]);
    expect(made.records[0]?.usage.inputTokens).toBeGreaterThan(0);
  });

  const refusal = { status: 429, headers: { 'retry-after': '7' }, body: { error: {} } };

  it('that the provider refuses leaves a first answer that is whole as it was, loudly', async () => {
    const made = bench([firstToolOnly(recoverMissing)], inTurn(plain(wire, MISSED), refusal));
    const { head, body } = await made.run(request);
    expect(head).toMatchObject({ status: 200, stages: ['tool-selection=rewritten'] });
    expect(JSON.parse(body.toString())).toEqual(bodyOf(wire, MISSED));
    expect(made.events).toMatchObject([{ level: 'error', code: 'recover_failed' }]);
    expect(made.records).toMatchObject([{ id: 'r', status: 200, usage: { inputTokens: 100 } }]);
  });

  it('that the provider refuses is passed on where the first answer was cut off or is of no use (INV-S3)', async () => {
    for (const [made, asked] of [
      [bench([firstToolOnly(recoverMissing)], inTurn(cutOff(), refusal)), streamedOf(wire)],
      [bench([firstToolOnly(recoverUseless)], inTurn(plain(wire, MISSED), refusal)), request],
    ] as const) {
      const { head, body } = await made.run(asked);
      expect(head).toMatchObject({ status: 429, headers: ['retry-after', '7'] });
      expect(body.toString()).toBe('{"error":{}}');
    }
  });

  it('that reaches nobody is an error where the first answer is of no use', async () => {
    const { error, body } = await bench(
      [firstToolOnly(recoverUseless)],
      inTurn(plain(wire, MISSED), failing),
    ).run(request);
    expect(error).toBeInstanceOf(Error);
    expect(body.toString()).toBe('');
  });

  it('ends with a caller that leaves (INV-S2)', async () => {
    const made = bench(
      [firstToolOnly(recoverMissing)],
      inTurn(cutOff(), { failure: 'hang', latencyMs: 5_000 }),
    );
    const caller = made.start(streamedOf(wire));
    await waitFor(() => made.upstream.calls.length === 2);
    caller.leave();
    await waitFor(() => made.records.length === 2);
    expect(made.upstream.calls.map((call) => call.wasAborted)).toEqual([true, true]);
    expect(caller.bytes()).toBe(0);
    expect(made.records).toMatchObject([
      { id: 'r-first' },
      { id: 'r', status: 499, errorCode: 'client_closed' },
    ]);
  });

  it('flows and stops as its caller does', async () => {
    const stream = streamOf(wire, RIGHT);
    const pieces = [stream.subarray(0, 200), stream.subarray(200)];
    const made = bench(
      [firstToolOnly(recoverMissing)],
      inTurn(cutOff(), { headers: STREAM_HEADERS, body: pieces, chunkDelayMs: 20 }),
    );
    const caller = made.start(streamedOf(wire));
    caller.pause();
    const call = (index: number) => made.upstream.calls[index];
    await waitFor(() => call(0)?.isPaused === true);
    caller.resume();
    await waitFor(() => caller.bytes() > 0);
    caller.pause();
    expect(call(1)?.isPaused).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(caller.bytes()).toBe(200);
    caller.resume();
    expect((await caller.ended).body.equals(stream)).toBe(true);
  });

  it('begins paused for callers that are full', async () => {
    const pausing = firstToolOnly((answer) => {
      caller.pause();
      return recoverMissing(answer);
    });
    const made = bench([pausing], inTurn(cutOff(), streamed(wire, RIGHT)));
    const caller = made.start(streamedOf(wire));
    await waitFor(() => made.upstream.calls.length === 2);
    expect(made.upstream.calls[1]?.isPaused).toBe(true);
    caller.resume();
    expect((await caller.ended).body.equals(streamOf(wire, RIGHT))).toBe(true);
  });

  it('serves all who share the call (INV-C11)', async () => {
    const sharing = stage('exact-cache', {
      prepare: () => ({ kind: 'bypassed', reason: 'miss', shareKey: 'k' }),
    });
    const made = bench(
      [sharing, firstToolOnly(recoverMissing)],
      inTurn({ ...plain(wire, MISSED), latencyMs: 10 }, plain(wire, RIGHT)),
    );
    const all = await Promise.all([made.run(request), made.run(request), made.run(request)]);
    await waitFor(() => made.records.length === 4);
    expect(made.upstream.calls).toHaveLength(2);
    for (const { body } of all) expect(JSON.parse(body.toString())).toEqual(bodyOf(wire, RIGHT));
    expect(all[1]?.head?.stages).toEqual(['exact-cache=miss', 'tool-selection=recovered', 'shared-call']);
  });
});

describe('the answer is not held back, and the stage not asked,', () => {
  const wire = 'openai-chat';
  const request = requestOf(wire);
  const asked: PartialAnswer[] = [];
  const asking = noting(asked, recoverMissing);

  it.each<[string, Stage | { stage: Stage; mode: 'shadow' | 'off' }, ChatRequest]>([
    ['where the rewrite was only measured', { stage: asking, mode: 'shadow' }, request],
    ['where the stage is off', { stage: asking, mode: 'off' }, request],
    [
      'where the stage left the request alone',
      { ...asking, prepare: () => ({ kind: 'bypassed', reason: 'nothing_to_do' }) },
      request,
    ],
    ['where the rewrite was discarded', { ...asking, rewrites: [] }, request],
    ['where a repeated request may do harm (INV-S3)', asking, requestOf(wire, { store: true })],
  ])('%s', async (_where, slot, sent) => {
    const made = bench([slot], plain(wire, MISSED));
    const { body } = await made.run(sent);
    expect(JSON.parse(body.toString())).toEqual(bodyOf(wire, MISSED));
    expect(asked).toEqual([]);
    expect(made.upstream.calls).toHaveLength(1);
  });
});

describe('a recovery that is wrong itself', () => {
  const wire = 'openai-chat';
  const request = requestOf(wire);

  it.each<[string, NonNullable<Stage['recover']>]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    [
      'trespasses',
      (answer) => ({ kind: 'retry', request: { ...withAllTools(answer), model: 'gpt-5' }, reason: 'x' }),
    ],
    [
      'breaks a rule of the wire',
      (answer) => ({
        kind: 'retry',
        request: {
          ...answer.sent,
          messages: [{ role: 'tool', parts: [{ kind: 'tool-result', callId: 'nobody', text: '' }] }],
        },
        reason: 'x',
      }),
    ],
  ])('because it %s lets the answer go, loudly', async (_how, recover) => {
    const made = bench(
      [firstToolOnly(recover, { rewrites: ['tools', 'history', 'live'] })],
      plain(wire, MISSED),
    );
    const { head, body } = await made.run(request);
    expect(JSON.parse(body.toString())).toEqual(bodyOf(wire, MISSED));
    expect(head?.stages).toEqual(['tool-selection=rewritten']);
    expect(made.events).toMatchObject([{ level: 'error', code: 'recover_failed' }]);
    expect(made.records).toHaveLength(1);
  });

  it('hinders no other stage', async () => {
    const broken = firstToolOnly(
      () => {
        throw new Error('broken');
      },
      {
        name: 'context',
        prepare: ({ tools, ...rest }) => ({
          kind: 'rewritten',
          request: { ...rest, tools: tools.slice(0, 2) },
          receipt: {},
        }),
      },
    );
    const made = bench(
      [broken, firstToolOnly(recoverMissing)],
      inTurn(plain(wire, MISSED), plain(wire, RIGHT)),
    );
    const { head } = await made.run(request);
    expect(head?.stages).toEqual(['context=rewritten', 'tool-selection=recovered']);
    expect(made.upstream.calls[1]?.text).toBe(bytesOf(request));
  });
});
