import type { JsonArray, JsonObject, JsonValue } from '../../contract/index.ts';
import {
  isObject,
  optionalBoolean,
  optionalNumber,
  optionalStrings,
  refuse,
  requireObject,
  requireString,
  requireToolName,
  shown,
} from './checks.ts';
import { MESSAGE_TOKENS, PRIMING_TOKENS } from './counting.ts';
import type { AnthropicBlock, AnthropicMessage } from './messages-blocks.ts';
import { readCacheControl, readMessages, readSystem } from './messages-content.ts';
import { checkThinkingTurn, checkToolTurns } from './messages-turns.ts';
import { imageTokens, listTools, readSchema } from './read-common.ts';
import { checkSearches, expandReferences, isDeferred, readCatalog, searchBlocks } from './tool-search.ts';
import type {
  PromptBlock,
  ReadContext,
  ReadRequest,
  SimulatedRequest,
  SimulatedTool,
  SimulatedTurn,
} from './types.ts';

const MAX_TOOLS = 10_000;
const MAX_BREAKPOINTS = 4;
const MIN_THINKING_TOKENS = 1024;
const PRIMING: PromptBlock = { salt: 'priming', text: '', flatTokens: PRIMING_TOKENS };

/** Reads a body of `POST /v1/messages`. @throws ApiProblem */
export function readAnthropic(body: JsonObject, context: ReadContext): ReadRequest {
  const maxTokens = optionalNumber(body, 'max_tokens', { min: 1, max: 1e9, isInteger: true });
  if (maxTokens === null) refuse('max_tokens', 'Field required');
  return readPrompt(body, context, maxTokens);
}

/** Reads a body of `POST /v1/messages/count_tokens`, which has no `max_tokens`. @throws ApiProblem */
export function readAnthropicCount(body: JsonObject, context: ReadContext): ReadRequest {
  return readPrompt(body, context, null);
}

function readPrompt(body: JsonObject, context: ReadContext, maxTokens: number | null): ReadRequest {
  const model = requireString(body['model'], 'model');
  const written = readMessages(body['messages']);
  const system = readSystem(body['system']);
  const toolValues = listTools(body, MAX_TOOLS);
  const found = new Set(written.flatMap(({ blocks }) => blocks.flatMap(({ references = [] }) => references)));
  const tools = readTools(toolValues, found);
  const catalog = readCatalog(toolValues);
  const wantsThinking = readThinking(body, maxTokens);
  const toolChoice = readChoice(body['tool_choice'], tools, wantsThinking);
  checkToolTurns(written);
  checkSearches(written);
  const messages = expandReferences(written, catalog);
  if (wantsThinking === 'enabled') checkThinkingTurn(messages);
  optionalNumber(body, 'temperature', { min: 0, max: 1 });
  const blocks = markLast(body, [
    ...toolPromptBlocks(toolValues),
    ...systemBlocks(system),
    ...messageBlocks(messages, body),
  ]);
  checkBreakpoints(blocks);
  return {
    simulated: {
      wire: 'anthropic-messages',
      model,
      isStream: optionalBoolean(body, 'stream', false),
      system: system.map((block) => block.text).join('\n'),
      turns: messages.map(toTurn),
      tools,
      searchTool: catalog.searchTool,
      toolChoice: toolChoice.choice,
      allowsParallelTools: toolChoice.isParallel,
      maxTokens,
      stop: optionalStrings(body, 'stop_sequences', 8191),
      n: 1,
      jsonSchema: readOutputFormat(body['output_config']),
      wantsThinking: wantsThinking !== 'off',
      seed: context.seed,
      body,
    },
    blocks: [...blocks, PRIMING],
    includesStreamUsage: true,
    afterSearches: (searches) => [...blocks, ...searchBlocks(searches, catalog), PRIMING],
  };
}

function readTools(values: JsonArray, found: ReadonlySet<string>): SimulatedTool[] {
  const seen = new Set<string>();
  return values.flatMap((value, index) => {
    const at = `tools[${index}]`;
    const tool = requireObject(value, at);
    const name = requireToolName(tool['name'], `${at}.name`);
    if (seen.has(name)) refuse('tools', 'Tool names must be unique.');
    seen.add(name);
    readCacheControl(tool, at);
    if (tool['type'] !== undefined && tool['type'] !== null && tool['type'] !== 'custom') return [];
    if (!isObject(tool['input_schema'])) refuse(`${at}.custom.input_schema`, 'Field required');
    const schema = readSchema(tool['input_schema'], `${at}.input_schema`, name);
    return [{ name, schema, isHidden: isDeferred(tool) && !found.has(name) }];
  });
}

function readThinking(body: JsonObject, maxTokens: number | null): 'enabled' | 'adaptive' | 'off' {
  const thinking = body['thinking'];
  if (thinking === undefined || thinking === null) return 'off';
  const config = requireObject(thinking, 'thinking');
  if (config['type'] === 'disabled') return 'off';
  if (config['type'] === 'adaptive') return 'adaptive';
  if (config['type'] !== 'enabled') refuse('thinking.type', `Unknown type '${shown(config['type'])}'.`);
  const budget = optionalNumber(config, 'budget_tokens', {
    min: MIN_THINKING_TOKENS,
    max: 1e9,
    isInteger: true,
  });
  if (budget === null) refuse('thinking.budget_tokens', 'Field required');
  if (maxTokens !== null && budget >= maxTokens)
    refuse('max_tokens', "'max_tokens' must be greater than 'thinking.budget_tokens'.");
  const temperature = body['temperature'] ?? 1;
  if (temperature !== 1) refuse('temperature', "'temperature' may only be 1 when thinking is enabled.");
  return 'enabled';
}

function readChoice(
  value: JsonValue | undefined,
  tools: readonly SimulatedTool[],
  thinking: 'enabled' | 'adaptive' | 'off',
): { choice: SimulatedRequest['toolChoice']; isParallel: boolean } {
  if (value === undefined || value === null) return { choice: 'auto', isParallel: true };
  const choice = requireObject(value, 'tool_choice');
  const isParallel = choice['disable_parallel_tool_use'] !== true;
  if (choice['type'] === 'auto' || choice['type'] === 'none') return { choice: choice['type'], isParallel };
  if (choice['type'] !== 'any' && choice['type'] !== 'tool') {
    refuse('tool_choice', `Input tag '${shown(choice['type'])}' is none of 'auto', 'any', 'tool', 'none'.`);
  }
  if (thinking === 'enabled')
    refuse('tool_choice', 'Thinking may not be enabled when tool_choice forces tool use.');
  if (choice['type'] === 'any') return { choice: 'required', isParallel };
  const name = requireString(choice['name'], 'tool_choice.name');
  if (!tools.some((tool) => tool.name === name))
    refuse('tool_choice', `Tool '${name}' not found in provided tools.`);
  return { choice: { name }, isParallel };
}

function readOutputFormat(config: JsonValue | undefined): JsonValue {
  const format = isObject(config) ? config['format'] : undefined;
  if (format === undefined || format === null) return null;
  const value = requireObject(format, 'output_config.format');
  if (value['type'] !== 'json_schema') refuse('output_config.format.type', "Expected 'json_schema'.");
  return requireObject(value['schema'], 'output_config.format.schema');
}

function toolPromptBlocks(tools: JsonArray): PromptBlock[] {
  return tools.flatMap((value, index) => {
    if (isDeferred(value)) return [];
    // The marker decides where the cache is cut, not what the model reads.
    const { cache_control: _, ...shown } = value as JsonObject;
    const ttl = readCacheControl(value as JsonObject, `tools[${index}]`);
    return [{ salt: 'tool', text: JSON.stringify(shown), flatTokens: 0, ...ttl }];
  });
}

function systemBlocks(system: readonly AnthropicBlock[]): PromptBlock[] {
  return system.map((block, index) => toBlock(block, { salt: 'system', isFirst: index === 0 }));
}

/** Message blocks; settings that change how messages are read are part of the first one's identity. */
function messageBlocks(messages: readonly AnthropicMessage[], body: JsonObject): PromptBlock[] {
  const settings = JSON.stringify([body['tool_choice'] ?? null, body['thinking'] ?? null]);
  return messages.flatMap((message, index) =>
    message.blocks.map((block, at) =>
      toBlock(block, {
        salt: `${index === 0 && at === 0 ? settings : ''}${message.role}`,
        isFirst: at === 0,
      }),
    ),
  );
}

function toBlock(
  block: AnthropicBlock,
  place: { readonly salt: string; readonly isFirst: boolean },
): PromptBlock {
  return {
    salt: `${place.salt}:${block.type}:${block.id ?? ''}`,
    text: block.text,
    flatTokens: (place.isFirst ? MESSAGE_TOKENS : 0) + imageTokens(block.images),
    ...(block.ttl === undefined ? {} : { ttl: block.ttl }),
  };
}

/** `cache_control` of the whole request marks the last block. */
function markLast(body: JsonObject, blocks: PromptBlock[]): PromptBlock[] {
  const marked = readCacheControl(body, 'body');
  const last = blocks.at(-1);
  if (marked.ttl === undefined || last === undefined || last.ttl !== undefined) return blocks;
  return [...blocks.slice(0, -1), { ...last, ttl: marked.ttl }];
}

function checkBreakpoints(blocks: readonly PromptBlock[]): void {
  const lives = blocks.flatMap((block) => block.ttl ?? []);
  if (lives.length > MAX_BREAKPOINTS) {
    refuse(
      'cache_control',
      `A maximum of ${MAX_BREAKPOINTS} blocks with cache_control may be provided. Found ${lives.length}.`,
    );
  }
  const firstShort = lives.indexOf('5m');
  if (firstShort >= 0 && lives.indexOf('1h', firstShort) >= 0) {
    refuse('cache_control.ttl', "A breakpoint with ttl '1h' must not come after one with ttl '5m'.");
  }
}

function toTurn(message: AnthropicMessage): SimulatedTurn {
  const texts = message.blocks.filter((block) => block.type === 'text').map((block) => block.text);
  return {
    role: message.role,
    text: texts.join('\n'),
    images: message.blocks.flatMap((block) => block.images),
    toolResults: message.blocks.filter((block) => block.type === 'tool_result').map((block) => block.text),
  };
}
