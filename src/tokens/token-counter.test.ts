import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type ChatRequest,
  isPareError,
  type JsonObject,
  type Message,
  type Part,
  type ToolDefinition,
} from '../contract/index.ts';
import { Calibration } from './calibration.ts';
import { createClassifier } from './content-class.ts';
import { isRecentClaude } from './families.ts';
import { imageSize } from './image-size.ts';
import { countImage, imageRule } from './images.ts';
import type { ModelFamily } from './options.ts';
import { type CalibratedTokenCounter, createTokenCounter } from './token-counter.ts';

const FAMILIES: Readonly<Record<string, ModelFamily>> = {
  'gpt-4o': { family: 'gpt', encoding: 'o200k_base' },
  'gpt-4': { family: 'gpt', encoding: 'cl100k_base' },
  'gpt-oss-120b': { family: 'gpt', encoding: 'o200k_harmony' },
  'gpt-9': { family: 'gpt', encoding: 'o200k_base', isGuess: true },
  'claude-sonnet-4-5': { family: 'claude' },
  'claude-opus-4-7': { family: 'claude' },
  'gemini-3-pro': { family: 'gemini' },
};

const counters: CalibratedTokenCounter[] = [];
let counter: CalibratedTokenCounter;

async function newCounter(options = {}): Promise<CalibratedTokenCounter> {
  const made = await createTokenCounter({ families: (model) => FAMILIES[model], ...options });
  counters.push(made);
  return made;
}

beforeAll(async () => {
  counter = await newCounter();
});
afterAll(async () => {
  await Promise.all(counters.map((made) => made.close()));
});

interface Draft {
  readonly model?: string;
  readonly system?: string;
  readonly messages?: readonly Message[];
  readonly tools?: readonly ToolDefinition[];
  readonly body?: JsonObject;
}

function request(draft: Draft): ChatRequest {
  const messages = draft.messages ?? [user('Hello')];
  const system: Message[] =
    draft.system === undefined ? [] : [{ role: 'system', parts: [{ kind: 'text', text: draft.system }] }];
  const value = draft.body ?? {};
  const tools = draft.tools ?? [];
  return {
    wire: 'openai-chat',
    model: draft.model ?? 'gpt-4o',
    isStream: false,
    wantsStreamUsage: false,
    system,
    tools,
    messages,
    liveFrom: 0,
    isAgentTurn: false,
    isReplayable: true,
    source: { bytes: new TextEncoder().encode(JSON.stringify(messages)), value, system, messages, tools },
  };
}

function user(text: string, ...more: Part[]): Message {
  return { role: 'user', parts: [{ kind: 'text', text }, ...more] };
}

describe('countText', () => {
  it('is exact for models whose encoding is published', () => {
    expect(counter.countText('hello world', 'gpt-4o')).toEqual({ tokens: 2, basis: 'exact', errorBand: 0 });
    expect(counter.countText('안녕하세요', 'gpt-4').tokens).not.toBe(
      counter.countText('안녕하세요', 'gpt-4o').tokens,
    );
  });

  it('says that it estimates the rest, and by how much it may be off (INV-U3)', () => {
    const text = 'A sentence of plain English, and another one. '.repeat(100);
    const exact = counter.countText(text, 'gpt-4o').tokens;
    const sonnet = counter.countText(text, 'claude-sonnet-4-5');
    expect(sonnet.tokens / exact).toBeCloseTo(1.18, 2);
    expect(counter.countText(text, 'claude-opus-4-7').tokens / exact).toBeCloseTo(1.53, 2);
    const unknown = counter.countText(text, 'never-heard-of-it');
    expect([sonnet.basis, unknown.basis]).toEqual(['estimated', 'estimated']);
    expect(unknown.errorBand).toBeGreaterThan(sonnet.errorBand);
    expect(counter.countText(text, 'gpt-9').basis).toBe('estimated');
  });
});

it.each([
  ['claude-opus-4-6', false],
  ['claude-opus-4-20250514', false],
  ['claude-3-5-sonnet-20241022', false],
  ['claude-opus-4-7', true],
  ['anthropic/claude-opus-4.8', true],
  ['anthropic.claude-sonnet-5-v1:0', true],
  ['claude-fable-5', true],
])('knows the tokenizer of %s', (model, isRecent) => {
  expect(isRecentClaude(model)).toBe(isRecent);
});

describe('countRequest', () => {
  it('adds 3 tokens and the role for each message and 3 for the reply', async () => {
    const counted = await counter.countRequest(
      request({ system: 'You are terse.', messages: [user('hello world')] }),
    );
    // system: 3 + 1 + 4; user: 3 + 1 + 2; reply: 3
    expect(counted).toMatchObject({
      tokens: 17,
      system: 8,
      tools: 0,
      messages: 9,
      basis: 'exact',
      errorBand: 0,
    });
    expect(counted.rawTokens).toBe(17);
  });

  it("counts a participant's name and one token for it", async () => {
    const named: Message = { ...user('hello world'), path: ['messages', 0] };
    const body = { messages: [{ role: 'user', name: 'Ann', content: 'hello world' }] };
    const counted = await counter.countRequest(request({ messages: [named], body }));
    expect(counted.messages).toBe(9 + 2);
  });

  it('counts tools by the formula of the OpenAI cookbook, as an estimate', async () => {
    const tool: ToolDefinition = {
      name: 'get_current_weather',
      description: 'Get the current weather in a given location',
      schema: {
        type: 'object',
        properties: {
          location: { type: 'string', description: 'The city and state, e.g. San Francisco, CA' },
          unit: {
            type: 'string',
            description: 'The unit of temperature to return',
            enum: ['celsius', 'fahrenheit'],
          },
        },
        required: ['location'],
      },
      isHosted: false,
      value: {},
    };
    const messages = [user("What's the weather like in San Francisco?")];
    const system = 'You are a helpful assistant that can answer to questions about the weather.';
    const counted = await counter.countRequest(request({ system, messages, tools: [tool] }));
    // The cookbook prints 101 for this request with gpt-4o, and the API agrees.
    expect(counted.tokens).toBe(101);
    expect(counted.basis).toBe('estimated');
    expect(counted.tools + counted.system + counted.messages).toBe(counted.tokens);
    expect(counted.errorBand).toBeGreaterThan(0);
  });

  it('adds the prompt that Anthropic puts before tools', async () => {
    const tool: ToolDefinition = { name: 'a', description: '', isHosted: false, value: { name: 'a' } };
    const model = 'claude-sonnet-4-5';
    const auto = await counter.countRequest(request({ model, tools: [tool] }));
    const forced = await counter.countRequest(
      request({ model, tools: [tool], body: { tool_choice: { type: 'any' } } }),
    );
    expect(auto.tools - forced.tools).toBe(346 - 313);
  });

  it('counts history once, however often it comes back', async () => {
    const history = Array.from({ length: 100 }, (_, i) => user(`message ${i} ${'some text '.repeat(40)}`));
    const counts = vi.spyOn(counter.encoding('o200k_base'), 'count');
    onTestFinished(() => counts.mockRestore());
    const expected = await counter.countRequest(request({ messages: history }));
    const countedFirst = counts.mock.calls.length;
    expect(countedFirst).toBeGreaterThanOrEqual(100);
    // Parsed anew every turn: equal texts in new objects, and a new one at the end.
    const next = [...structuredClone(history), user(`the next ${'some text '.repeat(40)}`)];
    const again = await counter.countRequest(request({ messages: next }));
    expect(again.tokens).toBeGreaterThan(expected.tokens);
    expect(counts.mock.calls.length - countedFirst).toBeLessThan(10);
  });

  it('counts long requests in a worker, to the same number', async () => {
    const long = user('The quick brown fox. '.repeat(20_000));
    const far = counter.countRequest(request({ messages: [long] }));
    expect(far).toBeInstanceOf(Promise);
    const near = await newCounter({ workerThresholdChars: 10_000_000 });
    expect((await far).tokens).toBe(
      (await near.countRequest(request({ messages: [structuredClone(long)] }))).tokens,
    );
  });

  it('stops when the caller has left (INV-S2)', async () => {
    const controller = new AbortController();
    const fresh = await newCounter();
    const counting = fresh.countRequest(
      request({ messages: [user('x y '.repeat(100_000))] }),
      controller.signal,
    );
    controller.abort();
    await expect(counting).rejects.toSatisfy((error: unknown) => isPareError(error, 'aborted'));
  });

  it('does not take a file in base64 for text', async () => {
    const file: Part = {
      kind: 'other',
      type: 'document',
      value: { source: { data: 'JVBERi0'.repeat(50_000) } },
    };
    const counted = await counter.countRequest(request({ messages: [user('Read this', file)] }));
    expect(counted.tokens).toBeLessThan(10_000);
    expect(counted.errorBand).toBeGreaterThan(0.5);
  });
});

describe('images', () => {
  const png = (width: number, height: number): string => {
    const bytes = Buffer.alloc(40);
    bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    return bytes.toString('base64');
  };
  const jpeg = (width: number, height: number): string => {
    const preview = Buffer.alloc(2 + 5000);
    preview.writeUInt16BE(0xffe1, 0);
    preview.writeUInt16BE(5000, 2);
    const frame = Buffer.alloc(12);
    frame.writeUInt16BE(0xffc2, 0);
    frame.writeUInt16BE(10, 2);
    frame.writeUInt16BE(height, 5);
    frame.writeUInt16BE(width, 7);
    return Buffer.concat([Buffer.from([0xff, 0xd8]), preview, frame]).toString('base64');
  };
  const gif = Buffer.concat([Buffer.from('GIF89a'), Buffer.from([0x40, 0x01, 0xf0, 0x00])]).toString(
    'base64',
  );
  const webp = (kind: string, fill: (bytes: Buffer) => void): string => {
    const bytes = Buffer.alloc(32);
    bytes.write('RIFF', 0);
    bytes.write(`WEBP${kind}`, 8);
    fill(bytes);
    return bytes.toString('base64');
  };

  it.each([
    ['png', png(1024, 768), 1024, 768],
    ['jpeg behind a preview', jpeg(640, 480), 640, 480],
    ['gif', gif, 320, 240],
    ['lossy webp', webp('VP8 ', (b) => (b.writeUInt16LE(300, 26), b.writeUInt16LE(200, 28))), 300, 200],
    ['lossless webp', webp('VP8L', (b) => b.writeUInt32LE(299 | (199 << 14), 21)), 300, 200],
    ['extended webp', webp('VP8X', (b) => (b.writeUIntLE(299, 24, 3), b.writeUIntLE(199, 27, 3))), 300, 200],
  ])('reads the size of a %s from its head', (_name, data, width, height) => {
    expect(imageSize(data)).toEqual({ width, height });
  });

  it.each(['', '!!!!', 'AAAA', png(0, 0), 'iVBORw0KGgo='])('reads no size from %j', (data) => {
    expect(imageSize(data)).toBeUndefined();
  });

  it.each([
    ['gpt', 'gpt-4o', 1024, 1024, 'high', 765],
    ['gpt', 'gpt-4o', 2048, 4096, 'high', 1105],
    ['gpt', 'gpt-4o', 4096, 8192, 'low', 85],
    ['gpt', 'gpt-4o-mini', 512, 512, 'high', 2833 + 5667],
    ['gpt', 'o3', 1024, 1024, 'high', 75 + 4 * 150],
    ['gpt', 'gpt-4.1-mini', 1024, 1024, 'high', 1659],
    ['gpt', 'o4-mini', 1800, 2400, 'high', Math.ceil(1452 * 1.72)],
    ['claude', 'claude-sonnet-4-5', 1000, 1000, 'auto', 1296],
    ['claude', 'claude-sonnet-4-5', 4000, 4000, 'auto', 1568],
    ['claude', 'claude-opus-4-7', 8000, 6000, 'auto', 4784],
    ['gemini', 'gemini-3-pro', 300, 300, 'auto', 258],
  ])('counts an image for %s %s of %i x %i in detail %s', (family, model, width, height, detail, tokens) => {
    const url = `data:image/png;base64,${png(width, height)}`;
    const counted = countImage({ image_url: { url, detail } }, imageRule(family, model));
    expect(Math.abs(counted.tokens - tokens)).toBeLessThanOrEqual(
      family === 'claude' && tokens > 1300 ? 60 : 0,
    );
    expect(counted.uncertainty).toBe(0);
  });

  it('assumes a size for an image behind a URL and widens the band', () => {
    const value = { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } };
    expect(countImage(value, imageRule('claude', 'claude-sonnet-4-5')).uncertainty).toBeGreaterThan(500);
    const low = { image_url: { url: 'https://example.com/a.png', detail: 'low' } };
    expect(countImage(low, imageRule('gpt', 'gpt-4o'))).toEqual({ tokens: 85, uncertainty: 0 });
  });
});

describe('calibration', () => {
  const model = 'claude-sonnet-4-5';
  const lesson = (reportedTokens: number, rawTokens = 1000, name = model) =>
    ({ model: name, contentClass: 'prose', rawTokens, reportedTokens }) as const;

  it('takes the ratio from what was reported, per model and class, once there is enough', async () => {
    const learning = await newCounter();
    const text = 'A sentence of plain English, and another one. '.repeat(100);
    const before = learning.countText(text, model);
    for (let i = 0; i < 7; i++) learning.observe(lesson(1100 + i));
    expect(learning.countText(text, model).basis).toBe('estimated');
    for (let i = 0; i < 20; i++) learning.observe(lesson(1095 + i));
    const after = learning.countText(text, model);
    expect(after.basis).toBe('calibrated');
    expect(after.tokens / before.tokens).toBeCloseTo(1.1, 1);
    expect(after.errorBand).toBeLessThan(before.errorBand);
    expect(learning.countText(text, 'claude-opus-4-7').basis).toBe('estimated');
    expect(learning.countText('{"a":[1,2],"b":{"c":"d"}}', model).basis).toBe('estimated');
    expect(learning.countText(text, 'gpt-4o').basis).toBe('exact');
  });

  it('has bands that hold what comes next about 95 times in 100', () => {
    const calibration = new Calibration();
    let state = 1;
    const noise = (): number => {
      let sum = 0;
      for (let i = 0; i < 12; i++) {
        state = (state * 48_271) % 2_147_483_647;
        sum += state / 2_147_483_647;
      }
      return sum - 6;
    };
    let held = 0;
    for (let i = 0; i < 1000; i++) {
      const reported = 1200 * Math.exp(0.05 * noise());
      const learned = calibration.ratio(model, 'prose');
      if (i >= 100 && learned !== undefined) {
        const estimate = 1000 * learned.ratio;
        if (Math.abs(reported - estimate) <= estimate * learned.errorBand) held++;
      }
      calibration.observe(lesson(reported));
    }
    expect(held / 900).toBeGreaterThan(0.9);
  });

  it('is not led astray by a few wrong lessons, and follows a lasting change', () => {
    const calibration = new Calibration();
    for (let i = 0; i < 60; i++) calibration.observe(lesson(1100 + (i % 10)));
    for (let i = 0; i < 2; i++) calibration.observe(lesson(5000));
    expect(calibration.ratio(model, 'prose')?.ratio).toBeCloseTo(1.1, 1);
    for (const wrong of [0, -5, Number.NaN, Number.POSITIVE_INFINITY, 1e9])
      calibration.observe(lesson(wrong));
    expect(calibration.ratio(model, 'prose')?.ratio).toBeCloseTo(1.1, 1);
    for (let i = 0; i < 400; i++) calibration.observe(lesson(1500));
    expect(calibration.ratio(model, 'prose')?.ratio).toBeCloseTo(1.5, 1);
  });

  it('comes back from its state, and takes nothing from a broken one', async () => {
    const learning = await newCounter();
    for (let i = 0; i < 30; i++) learning.observe(lesson(1300 + i));
    const state = JSON.parse(JSON.stringify(learning.calibrationState()));
    const restored = await newCounter();
    restored.restore(state);
    const text = 'Words and words and words. '.repeat(50);
    expect(restored.countText(text, model)).toEqual(learning.countText(text, model));
    for (const broken of [
      null,
      [],
      'x',
      { m: null },
      { m: { prose: { count: 'x' } } },
      { m: { prose: { count: 99, mean: 1e9, variance: 0 } } },
    ]) {
      restored.restore(broken);
    }
    expect(Object.keys(restored.calibrationState())).toEqual([model]);
  });

  it('keeps a bounded number of models (INV-S4)', () => {
    const calibration = new Calibration();
    for (let i = 0; i < 2000; i++) calibration.observe(lesson(1000, 1000, `model-${i}`));
    expect(Object.keys(calibration.state()).length).toBe(500);
  });
});

it.each([
  ['prose', 'This is a paragraph of ordinary text. It has sentences, and nothing else in it.'],
  ['json', '{"name": "x", "items": [1, 2, {"a": "b"}], "flag": true}'],
  ['code', 'export function f(a: number[]): void { for (const x of a) { g(x); h[x] = { y: x_z }; } }'],
  ['cjk', '春眠暁を覚えず処処啼鳥を聞く夜来風雨の声花落つること知る多少ぞ'],
])('takes for %s what is', (name, text) => {
  expect(createClassifier()(text)).toBe(name);
});
