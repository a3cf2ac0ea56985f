import type { JsonObject } from '../../contract/index.ts';
import type {
  FinishedAnswer,
  FinishedToolCall,
  FinishedToolSearch,
  SimulatedAnswer,
  SimulatedRequest,
} from './types.ts';

type CountTokens = (text: string) => number;

/** Applies `stop`, `max_tokens` and ids to an answer, as the provider would. */
export function finishAnswer(
  answer: SimulatedAnswer,
  request: SimulatedRequest,
  options: { readonly countTokens: CountTokens; readonly index: number },
): FinishedAnswer {
  const { countTokens, index } = options;
  const stopped = cutAtStop(answer.text ?? '', request.stop);
  const thinking = takeTokens(answer.thinking ?? '', request.maxTokens, countTokens);
  const text = takeTokens(stopped.text, thinking.left, countTokens);
  const calls = (answer.toolCalls ?? []).map((call, at): FinishedToolCall => {
    const argumentsText =
      typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
    return { id: call.id ?? `${request.seed.slice(0, 16)}${index}${at}`, name: call.name, argumentsText };
  });
  const toolSearches = finishSearches(answer, request, index);
  const callTokens = calls.reduce((sum, call) => sum + toolCallTokens(call, countTokens), 0);
  const isCut = thinking.isCut || text.isCut || (text.left !== null && callTokens > text.left);
  const shaped = { toolSearches, text: text.text, thinking: thinking.text, stopSequence: null };
  if (isCut) return { ...shaped, toolCalls: [], finish: 'length' };
  if (stopped.stop !== null) {
    return { ...shaped, toolCalls: [], finish: 'stop-sequence', stopSequence: stopped.stop };
  }
  return {
    ...shaped,
    toolCalls: calls,
    finish: answer.finish ?? (calls.length > 0 ? 'tool-calls' : 'complete'),
  };
}

/** The searches with the form of the request's search tool. @throws Error where the request has none */
function finishSearches(
  { toolSearches = [] }: SimulatedAnswer,
  { searchTool, tools, seed, wire }: SimulatedRequest,
  index: number,
): FinishedToolSearch[] {
  const inputOf = (query: string, found: readonly string[]): JsonObject => {
    if (wire === 'openai-responses') return { paths: found };
    return searchTool?.includes('regex') === true ? { pattern: query } : { query };
  };
  return toolSearches.map(({ query, found }, at) => {
    const unknown = found.find((name) => !tools.some((tool) => tool.name === name));
    if (searchTool === null || unknown !== undefined)
      throw new Error(
        `The simulated model searched for tools: ${unknown ?? 'a search tool'} is not in the request.`,
      );
    return {
      id: `${wire === 'openai-responses' ? '' : 'srvtoolu_'}${seed.slice(0, 16)}${index}${at}`,
      name: searchTool,
      inputText: JSON.stringify(inputOf(query, found)),
      found,
    };
  });
}

/** Output tokens of an answer, thinking included; at least 1. */
export function outputTokens(answer: FinishedAnswer, countTokens: CountTokens): number {
  const calls = answer.toolCalls.reduce((sum, call) => sum + toolCallTokens(call, countTokens), 0);
  const searches = answer.toolSearches.reduce(
    (sum, { name, inputText }) => sum + countTokens(name) + countTokens(inputText),
    0,
  );
  return Math.max(1, reasoningTokens(answer, countTokens) + searches + countTokens(answer.text) + calls);
}

/** Tokens of the thinking alone. */
export function reasoningTokens(answer: FinishedAnswer, countTokens: CountTokens): number {
  return answer.thinking === '' ? 0 : countTokens(answer.thinking);
}

function toolCallTokens(call: FinishedToolCall, countTokens: CountTokens): number {
  return countTokens(call.name) + countTokens(call.argumentsText);
}

function cutAtStop(text: string, stops: readonly string[]): { text: string; stop: string | null } {
  let at = text.length;
  let found: string | null = null;
  for (const stop of stops) {
    const index = stop === '' ? -1 : text.indexOf(stop);
    if (index >= 0 && index < at) {
      at = index;
      found = stop;
    }
  }
  return { text: text.slice(0, at), stop: found };
}

/** The longest beginning within `limit` tokens, cut between characters. */
function takeTokens(
  text: string,
  limit: number | null,
  countTokens: CountTokens,
): { text: string; left: number | null; isCut: boolean } {
  if (limit === null || text === '') return { text, left: limit, isCut: false };
  const tokens = countTokens(text);
  if (tokens <= limit) return { text, left: limit - tokens, isCut: false };
  const chars = Array.from(text);
  let low = 0;
  let high = chars.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (countTokens(chars.slice(0, middle).join('')) <= limit) low = middle;
    else high = middle - 1;
  }
  return { text: chars.slice(0, low).join(''), left: 0, isCut: true };
}
