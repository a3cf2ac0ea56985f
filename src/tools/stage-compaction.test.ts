import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  type ChatRequest,
  type JsonObject,
  type JsonValue,
  type RequestScope,
  type WireFormat,
} from '../contract/index.ts';
import { scopeOf } from '../testing/fixtures/request-scope.ts';
import { exchangeOf } from '../testing/fixtures/tool-exchange.ts';
import { conversation, selectionPolicy, TOOL_NAMES, toolIn } from '../testing/fixtures/tool-requests.ts';
import { createFakeClock } from '../testing/index.ts';
import { createTokenCounter } from '../tokens/index.ts';
import { createModelRegistry } from '../tokens/models/index.ts';
import { codecFor, toolDialectOf } from '../wire/index.ts';
import { createToolCompaction } from './compact/tool-compaction.ts';
import { createToolSelectionStage } from './stage.ts';
import type { ToolSelectionPolicy } from './stage-options.ts';

const WIRES: readonly WireFormat[] = ['openai-chat', 'openai-responses', 'anthropic-messages'];
const registry = createModelRegistry();
const counter = await createTokenCounter({ families: (model) => registry.find(model) });

function bench(policy: Partial<ToolSelectionPolicy> = {}, isShadow = false) {
  const clock = createFakeClock();
  const { stage } = createToolSelectionStage({
    policy: selectionPolicy({ compaction: 'schema', ...policy }),
    counter,
    registry,
    dialectOf: toolDialectOf,
    onEvent: () => {},
    now: clock.now,
    isShadow,
    indexWaitMs: 5_000,
  });
  const send = async (request: ChatRequest, scope = scopeOf(), { sentAs }: { sentAs?: ChatRequest } = {}) => {
    const outcome = await stage.prepare(request, scope);
    const sent = sentAs ?? (outcome.kind === 'rewritten' ? outcome.request : request);
    await stage.settle?.(exchangeOf(request, sent, { text: 'Well.' }), scope);
    return { outcome, sent };
  };
  return { stage, clock, send };
}

/** A tool with much that need not be said. */
function wordy(wire: WireFormat, name: string, extra: object = {}): JsonValue {
  const thing = name.replaceAll('_', ' ');
  const schema = {
    title: `${name}Arguments`,
    type: 'object',
    properties: {
      target: { title: 'Target', type: 'string', description: `This parameter specifies what to ${thing}.` },
      how: { title: 'How', anyOf: [{ type: 'string' }, { type: 'null' }], default: null },
    },
    required: ['target'],
  };
  return toolIn(wire, name, { description: `Please use this tool in order to ${thing}.`, schema, extra });
}

const wordyTools = (wire: WireFormat, count: number) => ({
  tools: TOOL_NAMES.slice(0, count).map((name) => wordy(wire, name)),
});
const bodyOf = (request: ChatRequest): JsonObject =>
  JSON.parse(Buffer.from(codecFor(request.wire).renderRequest(request)).toString('utf8')) as JsonObject;
const toolsIn = (request: ChatRequest) => bodyOf(request)['tools'] as JsonObject[];
const nameIn = (tool: JsonObject) => tool['name'] ?? (tool['function'] as JsonObject)['name'];
const isCompact = ({ tools }: ChatRequest) => !JSON.stringify(tools).includes('"title"');
const compactionOf = (model: string, level: 'schema' | 'text') =>
  createToolCompaction({ level, countTokens: (text) => counter.countText(text, model).tokens });

describe('the tools of a request, compacted', () => {
  it('are in every turn what compactTool makes of them, markers where they were (INV-P3, INV-P5, INV-T3)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          wire: fc.constantFrom(...WIRES),
          level: fc.constantFrom('schema', 'text'),
          mode: fc.constantFrom('drop', 'search', 'native'),
          count: fc.integer({ min: 1, max: 48 }),
          marked: fc.integer({ min: 0, max: 47 }),
          calls: fc.array(fc.uniqueArray(fc.constantFrom(...TOOL_NAMES), { maxLength: 2 }), { maxLength: 4 }),
        }),
        async ({ wire, level, mode, count, marked, calls }) => {
          const { send } = bench({ compaction: level, mode });
          const at = wire === 'anthropic-messages' ? marked % count : -1;
          const mark = { cache_control: { type: 'ephemeral' } };
          const tools = TOOL_NAMES.slice(0, count).map((name, i) => wordy(wire, name, i === at ? mark : {}));
          const turns = calls.map((names) => ({ user: 'Read the mail', calls: names }));
          const compaction = compactionOf(
            wire === 'anthropic-messages' ? 'claude-sonnet-4-6' : 'gpt-4o',
            level,
          );
          for (let turn = 0; turn <= turns.length; turn += 1) {
            const before = turns.slice(0, turn);
            const request = conversation(wire, { turns: before, last: 'Find a song' }, { tools });
            const { sent } = await send(request, scopeOf({ session: 's' }));
            const out = toolsIn(sent);
            for (const tool of out) {
              const { cache_control: _, defer_loading: _deferred, ...bare } = tool;
              // Tools of ours and of the provider are nobody's to compact.
              if (!TOOL_NAMES.includes(nameIn(tool) as string)) continue;
              const name = nameIn(tool) as string;
              expect(bare).toEqual(compaction.compactTool(wordy(wire, name)));
            }
            expect(out.filter((tool) => 'cache_control' in tool)).toHaveLength(at < 0 ? 0 : 1);
            expect(codecFor(wire).lint(sent)).toEqual([]);
            expect(
              codecFor(wire).lint(codecFor(wire).parseRequest(codecFor(wire).renderRequest(sent))),
            ).toEqual([]);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(WIRES)(
    'are made smaller below the least number of tools too, and all are there (%s)',
    async (wire) => {
      const request = conversation(wire, { turns: [], last: 'Hi' }, wordyTools(wire, 5));
      const { sent } = await bench({ compaction: 'text' }).send(request);
      expect(sent.tools.map(({ name }) => name)).toEqual(TOOL_NAMES.slice(0, 5));
      expect(isCompact(sent)).toBe(true);
      const before = await counter.countRequest(request);
      expect((await counter.countRequest(sent)).tokens).toBeLessThan(before.tokens);
      // What is counted and what is sent are the same.
      expect(sent.tools).toMatchObject(toolsIn(sent).map((value) => ({ value })));
      expect(codecFor(wire).parseRequest(codecFor(wire).renderRequest(sent)).tools).toEqual(sent.tools);
    },
  );

  it('keep the bytes of every other member (INV-P1)', async () => {
    const schema = JSON.stringify((wordy('anthropic-messages', 'f') as JsonObject)['input_schema']);
    const texts = {
      'openai-chat': `{"type" : "function","x":1.0,"function":{"strict" : false,"name": "\\u0066","parameters":${schema},"y":1e2}}`,
      'anthropic-messages': `{"name": "\\u0066","x":1.0,"input_schema":${schema},"cache_control" : {"type":"ephemeral"}}`,
    } as const;
    for (const [wire, tool] of Object.entries(texts) as [keyof typeof texts, string][]) {
      const model = wire === 'openai-chat' ? 'gpt-4o' : 'claude-sonnet-4-6';
      const body = `{"model":"${model}","max_tokens":9,"messages":[{"role":"user","content":"Hi"}],"tools":[${tool}]}`;
      const { sent } = await bench().send(codecFor(wire).parseRequest(Buffer.from(body)));
      const text = Buffer.from(codecFor(wire).renderRequest(sent)).toString('utf8');
      const [head = '', tail = ''] = body.split(schema);
      expect(text.startsWith(head)).toBe(true);
      expect(text.endsWith(tail)).toBe(true);
      expect(text.length).toBeLessThan(body.length);
    }
  });

  it('stay as they are where the provider runs them, or a number would be written anew as another (INV-T3)', async () => {
    const schema =
      '{"title":"FindArguments","type":"object","properties":{"id":{"type":"integer","maximum":12345678901234567891}}}';
    const hosted = '{"type":"web_search_20250305","name":"web_search","title":"Search"}';
    const tools = `[{"name":"find","input_schema":${schema}},${hosted}]`;
    const body = `{"model":"claude-sonnet-4-6","max_tokens":9,"messages":[{"role":"user","content":"Hi"}],"tools":${tools}}`;
    const { outcome } = await bench({ compaction: 'text' }).send(
      codecFor('anthropic-messages').parseRequest(Buffer.from(body)),
    );
    expect(outcome).toEqual({ kind: 'bypassed', reason: 'nothing_to_do' });
  });

  it('are not made smaller unless that is wanted', async () => {
    const few = conversation('openai-chat', { turns: [], last: 'Hi' }, wordyTools('openai-chat', 5));
    expect((await bench({ compaction: 'off' }).send(few)).sent).toBe(few);
    const many = conversation('openai-chat', { turns: [], last: 'Hi' }, wordyTools('openai-chat', 48));
    const { sent } = await bench({ compaction: 'off' }).send(many);
    expect(sent.tools.every((tool) => many.tools.includes(tool))).toBe(true);
  });
});

describe('a session', () => {
  const marked = { system: [{ type: 'text', text: 'Help.', cache_control: { type: 'ephemeral' } }] };
  const long = 'A long story. '.repeat(3_000);
  const going = (user: string, count: number) => {
    const turns = Array.from({ length: count }, () => ({ user, calls: [] }));
    const body = { ...marked, ...wordyTools('anthropic-messages', 5) };
    return conversation('anthropic-messages', { turns, last: 'Go on' }, body);
  };

  it('that began with tools as they were keeps them while the provider has them cached (INV-P2)', async () => {
    const { send, clock } = bench();
    expect((await send(going(long, 1))).sent).toEqual(going(long, 1));
    expect(isCompact((await send(going(long, 2))).sent)).toBe(false);
    clock.advance(6 * 60_000);
    expect(isCompact((await send(going(long, 3))).sent)).toBe(true);
    // Written anew so, it goes on so.
    expect(isCompact((await send(going(long, 4))).sent)).toBe(true);
  });

  it('goes on with tools as they were sent, compact or, where the rewrite was discarded, not (INV-P2)', async () => {
    const session = () => scopeOf({ session: 's' });
    const begun = going(long, 0);
    const used = bench();
    await used.send(begun, session());
    expect(isCompact((await used.send(going(long, 1), session())).sent)).toBe(true);
    const discarded = bench();
    await discarded.send(begun, session(), { sentAs: begun });
    expect(isCompact((await discarded.send(going(long, 1), session())).sent)).toBe(false);
    // In shadow nothing is ever sent compact: it goes on as if it had been.
    const shadow = bench({}, true);
    await shadow.send(begun, session(), { sentAs: begun });
    expect(isCompact((await shadow.send(going(long, 1), session())).sent)).toBe(true);
  });

  it('that goes on by the id of an answer keeps the form it began with', async () => {
    const { send } = bench();
    const ask = (last: string, more: object) =>
      conversation(
        'openai-responses',
        { turns: [], last },
        { ...wordyTools('openai-responses', 5), ...more },
      );
    expect(isCompact((await send(ask('Hi', { previous_response_id: 'unknown' }))).sent)).toBe(false);
    expect(isCompact((await send(ask('Hello', {}))).sent)).toBe(true);
    expect(isCompact((await send(ask('And?', { previous_response_id: 'answer-1' }))).sent)).toBe(true);
    const other: RequestScope = scopeOf({ tenant: 'other' });
    expect(isCompact((await send(ask('And?', { previous_response_id: 'answer-1' }), other)).sent)).toBe(
      false,
    );
  });
});

describe('an answer that needed a tool which was left out', () => {
  it.each(WIRES)(
    'is asked for again with all tools, compact as they would have been (INV-P5, INV-T4, %s)',
    async (wire) => {
      const { stage } = bench({ compaction: 'text' });
      const request = conversation(wire, { turns: [], last: 'Read the mail' }, wordyTools(wire, 48));
      const compaction = compactionOf(request.model, 'text');
      const compact = TOOL_NAMES.map((name) => compaction.compactTool(wordy(wire, name)));
      const askAgain = async () => {
        const scope = scopeOf();
        const outcome = await stage.prepare(request, scope);
        if (outcome.kind !== 'rewritten') throw new Error(outcome.kind);
        const sent = outcome.request;
        expect(sent.tools.length).toBeLessThanOrEqual(10);
        const missing = TOOL_NAMES.find((name) => !sent.tools.some((tool) => tool.name === name)) as string;
        const verdict = stage.recover?.(
          { request, sent, text: '', toolCalls: [missing], hasThinking: false, isWhole: false },
          scope,
        );
        if (verdict?.kind !== 'retry') throw new Error(verdict?.kind);
        expect(toolsIn(verdict.request)).toEqual(compact);
        return { scope, missing, verdict };
      };
      // Until all are compact, in the background, they go as they are.
      const { scope, missing, verdict } = await vi.waitFor(askAgain, 5_000);
      // All were sent: what is called now cannot have been left out.
      const again = {
        request,
        sent: verdict.request,
        text: '',
        toolCalls: [missing],
        hasThinking: false,
        isWhole: true,
      };
      expect(stage.recover?.(again, scope)).toEqual({ kind: 'accept' });
      await stage.settle?.(exchangeOf(request, verdict.request, { text: 'Well.' }), scope);
      const next = conversation(
        wire,
        { turns: [{ user: 'Read the mail', calls: [missing] }], last: 'Thanks' },
        wordyTools(wire, 48),
      );
      const after = await stage.prepare(next, scopeOf());
      expect(after.kind === 'rewritten' && isCompact(after.request)).toBe(true);
    },
  );
});
