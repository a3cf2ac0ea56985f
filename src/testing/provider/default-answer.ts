import type { JsonValue } from '../../contract/index.ts';
import { isObject } from './checks.ts';
import { sampleOf } from './schema-sample.ts';
import type {
  SimulatedAnswer,
  SimulatedRequest,
  SimulatedTool,
  SimulatedToolCall,
  SimulatedTurn,
} from './types.ts';

const QUOTE_CHARS = 160;

/** What follows the echo; chosen by the seed, so that answers differ in length as real ones do. */
const SENTENCES = [
  'This answer comes from a simulated model and was derived from your request alone.',
  'The main point is that the steps depend on each other, so it helps to take them in order.',
  'Start with the part that you can check at once, and write down what you expected to see.',
  'If the result differs from what you expected, compare the inputs before you change the code.',
  'There are two common ways to do this; the first is shorter and the second is easier to undo.',
  'Keep the change small and measure it, because an unmeasured improvement is only a guess.',
  'Most people who ask this want to know the cost as well: it grows with the length of the input.',
  'In short: yes, as long as the conditions that you named hold for the whole period.',
  'Ünïcödé stays intact here: naïve café, 東京, Ελλάδα, 🙂.',
  'Tell me more about the surroundings and the answer can be more specific.',
] as const;

/**
 * The answer that the simulated model gives when no `respond` is set. In this order: it calls the tool
 * that must be called; calls the tools that the user's text names ("use tool search", "use tools a and
 * b", optionally followed by `with {json}`), after a search for those that are deferred; reports the results of tools; gives JSON that matches the
 * schema; says which images came; else quotes the question and adds sentences.
 *
 * @param index which of the `n` answers this is, from 0
 */
export function defaultAnswer(request: SimulatedRequest, index = 0): SimulatedAnswer {
  const last = request.turns.at(-1);
  const question = quote(lastUserText(request.turns));
  const thinking = request.wantsThinking
    ? { thinking: `The user asks about ${question}. The request is clear, so a short answer will do.` }
    : {};
  const toolCalls = chooseCalls(request, last);
  if (toolCalls.length > 0) return { ...thinking, ...searchesFor(toolCalls, request), toolCalls };
  if (request.jsonSchema !== null) {
    const value = request.jsonSchema === true ? { answer: question } : sampleOf(request.jsonSchema, question);
    return { ...thinking, text: JSON.stringify(value) };
  }
  const variant = index === 0 ? '' : `(Variant ${index + 1}.) `;
  return { ...thinking, text: `${variant}${opening(last, question)} ${filler(request.seed, index)}` };
}

function opening(last: SimulatedTurn | undefined, question: string): string {
  if (last !== undefined && last.toolResults.length > 0) {
    const results = last.toolResults.map((result) => quote(result)).join(' and ');
    return `The tool answered: ${results}.`;
  }
  if (last !== undefined && last.images.length > 0) {
    const kinds = last.images.map((image) => `${image.mediaType}, ${image.bytes} bytes`).join('; ');
    const noun = last.images.length === 1 ? '1 image' : `${last.images.length} images`;
    return `I received ${noun} (${kinds}). You asked: ${question}.`;
  }
  return `You asked: ${question}.`;
}

function filler(seed: string, index: number): string {
  const start = Number.parseInt(seed.slice(0, 6), 16) + index;
  const count = 1 + (Number.parseInt(seed.slice(6, 8), 16) % 4);
  return Array.from({ length: count }, (_, at) => SENTENCES[(start + at * 3) % SENTENCES.length]).join(' ');
}

function chooseCalls(request: SimulatedRequest, last: SimulatedTurn | undefined): SimulatedToolCall[] {
  const { toolChoice, tools } = request;
  if (tools.length === 0 || toolChoice === 'none' || last === undefined) return [];
  if (typeof toolChoice === 'object') {
    const tool = tools.find((candidate) => candidate.name === toolChoice.name);
    return tool === undefined ? [] : [call(tool, last.text)];
  }
  const visible = tools.filter(({ isHidden }) => !isHidden);
  const named = last.role === 'user' && last.toolResults.length === 0 ? namedTools(last.text, tools) : [];
  const chosen = named.length === 0 && toolChoice === 'required' ? visible.slice(0, 1) : named;
  return (request.allowsParallelTools ? chosen : chosen.slice(0, 1)).map((tool) => call(tool, last.text));
}

/** One search for each tool that the model cannot see yet. */
function searchesFor(
  calls: readonly SimulatedToolCall[],
  { tools, searchTool }: SimulatedRequest,
): Pick<SimulatedAnswer, 'toolSearches'> {
  const hidden = calls.filter(({ name }) => tools.some((tool) => tool.name === name && tool.isHidden));
  if (searchTool === null || hidden.length === 0) return {};
  return { toolSearches: hidden.map(({ name }) => ({ query: name.replaceAll('_', ' '), found: [name] })) };
}

function namedTools(text: string, tools: readonly SimulatedTool[]): SimulatedTool[] {
  const match = /\buse (?:the )?tools? ([^.!?\n{]+)/i.exec(text);
  if (match === null) return [];
  const names = (match[1] as string).split(/[^a-zA-Z0-9_-]+/);
  return names.flatMap((name) => tools.filter((tool) => tool.name === name));
}

function call(tool: SimulatedTool, text: string): SimulatedToolCall {
  return { name: tool.name, arguments: givenArguments(text) ?? sampleOf(tool.schema, quote(text)) };
}

/** The JSON object after "with", when the text gives one. */
function givenArguments(text: string): JsonValue | undefined {
  const match = /\bwith (\{.*\})/s.exec(text);
  if (match === null) return undefined;
  try {
    const value = JSON.parse(match[1] as string) as JsonValue;
    return isObject(value) ? value : undefined;
  } catch {
    // Braces in prose are no arguments: the caller falls back to a sample of the schema.
    return undefined;
  }
}

function lastUserText(turns: readonly SimulatedTurn[]): string {
  return turns.findLast((turn) => turn.role === 'user' && turn.text !== '')?.text ?? '';
}

/** The first line or so of a text, in quotation marks. */
function quote(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  const chars = Array.from(line.slice(0, QUOTE_CHARS * 2));
  const cut = chars.length > QUOTE_CHARS ? `${chars.slice(0, QUOTE_CHARS).join('')}…` : chars.join('');
  return `"${cut}"`;
}
