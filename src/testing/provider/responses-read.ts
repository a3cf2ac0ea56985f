import type { JsonArray, JsonObject, JsonValue } from '../../contract/index.ts';
import { formatBlocks, priming } from './chat-read.ts';
import {
  isArray,
  isObject,
  optionalBoolean,
  optionalNumber,
  refuse,
  requireArray,
  requireObject,
  requireString,
  shown,
} from './checks.ts';
import { ApiProblem } from './problem.ts';
import {
  listTools,
  looseText,
  messageBlock,
  type ReadContent,
  readFormat,
  readFunctionTool,
  readImageUrl,
  readToolChoice,
  toolBlocks,
} from './read-common.ts';
import {
  checkSearchItems,
  foundIn,
  isDeferred,
  readDeferred,
  searchItems,
  searchText,
  seenInList,
} from './responses-search.ts';
import type {
  PromptBlock,
  ReadContext,
  ReadRequest,
  SimulatedImage,
  SimulatedTool,
  SimulatedTurn,
} from './types.ts';

const MAX_TOOLS = 128;
const MIN_OUTPUT_TOKENS = 16;
const ROLES = ['system', 'developer', 'user', 'assistant'];

/** Reads a body of `POST /v1/responses`. @throws ApiProblem */
export function readResponses(body: JsonObject, context: ReadContext): ReadRequest {
  const model = requireString(body['model'], 'model');
  const input = [...earlierItems(body, context), ...inputItems(body['input'])];
  const items = input.map(readItem);
  checkOutputs(items);
  const instructions = body['instructions'];
  if (instructions !== undefined && instructions !== null && typeof instructions !== 'string') {
    refuse('instructions', 'Expected a string.', 'invalid_type');
  }
  const system = instructions ?? '';
  const toolValues = listTools(body, MAX_TOOLS);
  const catalog = readDeferred(toolValues, model);
  const tools = readTools(toolValues, foundIn(input));
  const eager = new Set(toolValues.flatMap((tool) => (isDeferred(tool) ? [] : nameOf(tool))));
  checkSearchItems(input, { eager, catalog });
  optionalNumber(body, 'temperature', { min: 0, max: 2 });
  const text = body['text'];
  const jsonSchema = readFormat(isObject(text) ? text['format'] : undefined, 'text.format');
  const reasoning = body['reasoning'];
  const blocks = [
    ...toolBlocks(toolValues.map(seenInList)),
    ...formatBlocks(jsonSchema),
    ...(system === '' ? [] : [messageBlock('instructions', { text: system, images: [] })]),
    ...items.map((item) => item.block),
  ];
  return {
    simulated: {
      wire: 'openai-responses',
      model,
      isStream: optionalBoolean(body, 'stream', false),
      system: [
        system,
        ...items.filter((item) => item.turn?.role === 'system').map((item) => item.turn?.text ?? ''),
      ]
        .join('\n')
        .trim(),
      turns: items.flatMap((item) => item.turn ?? []),
      tools,
      searchTool: catalog.searchTool,
      toolChoice: readToolChoice(body['tool_choice'], tools),
      allowsParallelTools: optionalBoolean(body, 'parallel_tool_calls', true),
      maxTokens: optionalNumber(body, 'max_output_tokens', {
        min: MIN_OUTPUT_TOKENS,
        max: 1e9,
        isInteger: true,
      }),
      stop: [],
      n: 1,
      jsonSchema,
      wantsThinking: isObject(reasoning) && reasoning['effort'] !== 'none',
      seed: context.seed,
      body,
    },
    blocks: [...blocks, priming()],
    includesStreamUsage: true,
    afterSearches: (searches) => {
      const found = searches.flatMap((search) => searchItems(search, catalog));
      return [...blocks, ...found.map((item, index) => readItem(item, index).block), priming()];
    },
  };
}

function readTools(values: readonly JsonValue[], found: ReadonlySet<string>): SimulatedTool[] {
  return values.flatMap((value, index) => {
    const tool = readFunctionTool(value, `tools[${index}]`, 'flat');
    if (tool === null) return [];
    return [{ ...tool, isHidden: isDeferred(value) && !found.has(tool.name) }];
  });
}

function nameOf(tool: JsonValue): string[] {
  return isObject(tool) && typeof tool['name'] === 'string' ? [tool['name']] : [];
}

interface ResponsesItem {
  readonly block: PromptBlock;
  readonly turn: SimulatedTurn | null;
  readonly callId: string | null;
  readonly outputOf: string | null;
  readonly at: string;
}

function inputItems(input: JsonValue | undefined): JsonArray {
  if (typeof input === 'string') return [{ role: 'user', content: requireString(input, 'input') }];
  return requireArray(input, 'input');
}

/** What an earlier response and its input leave in front of the new input. */
function earlierItems(body: JsonObject, context: ReadContext): JsonArray {
  const id = body['previous_response_id'];
  if (id === undefined || id === null) return [];
  const earlier = typeof id === 'string' ? context.findResponse(id) : undefined;
  if (!isArray(earlier)) {
    throw new ApiProblem(`Previous response with id '${shown(id)}' not found.`, {
      param: 'previous_response_id',
      code: 'previous_response_not_found',
    });
  }
  return earlier;
}

/** The items that a follow-up request sees: the whole input and the output. */
export function itemsAfter(body: JsonObject, output: JsonArray, context: ReadContext): JsonArray {
  return [...earlierItems(body, context), ...inputItems(body['input']), ...output];
}

function readItem(value: JsonValue, index: number): ResponsesItem {
  const at = `input[${index}]`;
  const item = requireObject(value, at);
  const type = item['type'] ?? 'message';
  const none = { turn: null, callId: null, outputOf: null, at };
  if (type === 'message') return { ...none, ...readMessage(item, at) };
  if (type === 'function_call') {
    const callId = requireString(item['call_id'], `${at}.call_id`);
    const name = requireString(item['name'], `${at}.name`);
    const text = `${name}\n${requireString(item['arguments'], `${at}.arguments`)}`;
    return { ...none, block: messageBlock(`call:${callId}`, { text, images: [] }), callId };
  }
  if (type === 'function_call_output') {
    const outputOf = requireString(item['call_id'], `${at}.call_id`);
    const text = looseText(item['output']);
    const turn: SimulatedTurn = { role: 'tool', text: '', images: [], toolResults: [text] };
    return { ...none, block: messageBlock(`output:${outputOf}`, { text, images: [] }), turn, outputOf };
  }
  if (type === 'tool_search_call' || type === 'tool_search_output') {
    const salt = `${type}:${shown(item['id'] ?? '')}`;
    return { ...none, block: messageBlock(salt, { text: searchText(item), images: [] }) };
  }
  const text = type === 'reasoning' ? looseText(item['summary']) : JSON.stringify(item);
  return { ...none, block: messageBlock(shown(type), { text, images: [] }) };
}

function readMessage(item: JsonObject, at: string): { block: PromptBlock; turn: SimulatedTurn } {
  const role = requireString(item['role'], `${at}.role`);
  if (!ROLES.includes(role)) {
    refuse(
      `${at}.role`,
      `Invalid value: '${role}'. Supported values are: 'assistant', 'system', 'developer', and 'user'.`,
    );
  }
  const content = readContent(item['content'], `${at}.content`, role);
  const turnRole = role === 'developer' ? 'system' : (role as SimulatedTurn['role']);
  return { block: messageBlock(role, content), turn: { role: turnRole, ...content, toolResults: [] } };
}

function readContent(value: JsonValue | undefined, param: string, role: string): ReadContent {
  if (typeof value === 'string') return { text: value, images: [] };
  const images: SimulatedImage[] = [];
  const textTypes = role === 'assistant' ? ['output_text', 'refusal'] : ['input_text'];
  for (const [index, entry] of requireArray(value, param).entries()) {
    const part = requireObject(entry, `${param}[${index}]`);
    const type = requireString(part['type'], `${param}[${index}].type`);
    if (type === 'input_image') {
      const place = `${param}[${index}].image_url`;
      if (typeof part['file_id'] === 'string') images.push({ mediaType: 'file', bytes: 0, detail: 'high' });
      else images.push(readImageUrl(requireString(part['image_url'], place), part['detail'], place));
    } else if (!textTypes.includes(type) && type !== 'input_file' && type !== 'input_audio') {
      refuse(
        `${param}[${index}].type`,
        `Invalid value: '${type}'. Supported values for '${role}' are: ${textTypes.join(', ')}.`,
      );
    }
  }
  return { text: looseText(value), images };
}

/** An output answers a call before it, and no call stays without output. */
function checkOutputs(items: readonly ResponsesItem[]): void {
  const open = new Map<string, string>();
  const known = new Set<string>();
  for (const { callId, outputOf, at } of items) {
    if (callId !== null) {
      open.set(callId, at);
      known.add(callId);
    }
    if (outputOf === null) continue;
    if (!known.has(outputOf)) {
      throw new ApiProblem(`No tool call found for function call output with call_id ${outputOf}.`, {
        param: at,
      });
    }
    open.delete(outputOf);
  }
  for (const [callId, at] of open) {
    throw new ApiProblem(`No tool output found for function call ${callId}.`, { param: at });
  }
}
