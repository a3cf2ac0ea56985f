import { Buffer } from 'node:buffer';
import {
  type ChatRequest,
  type JsonPath,
  type JsonValue,
  type LintFinding,
  type Message,
  type Part,
  type ToolDefinition,
} from '../contract/index.ts';
import { isArray, isObject } from './decode.ts';
import { valueAt } from './edit-request.ts';

/** Cache markers that Anthropic accepts in one request. */
const MAX_CACHE_MARKERS = 4;

/** Types of `tool_choice` that name one tool of the list. */
const NAMING_CHOICES = new Set(['function', 'custom', 'tool']);

/** A call that waits for its result. */
interface OpenCall {
  readonly path: JsonPath | undefined;
  readonly name: string;
}

/** Collects findings. */
export class Findings {
  readonly list: LintFinding[] = [];

  add(rule: string, message: string, path?: JsonPath): void {
    this.list.push(path === undefined ? { rule, message } : { rule, message, pointer: toPointer(path) });
  }
}

/** How a wire pairs calls with results. */
export interface PairingRules {
  /** Results must stand before the next message that is not one. */
  readonly isImmediate: boolean;
  /** An id may be used once in a request; else once among the calls that are open. */
  readonly hasUniqueIds: boolean;
  /** The provider knows calls that the body does not show: nothing is missing for sure. */
  readonly hasHiddenCalls: boolean;
}

/** JSON pointer (RFC 6901) of a path. */
export function toPointer(path: JsonPath): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * Checks that every call has one result after it and every result one call before it. Parts without
 * an id (legacy functions) cannot be paired and are passed over.
 */
export function lintPairs(messages: readonly Message[], rules: PairingRules, findings: Findings): void {
  if (!messages.some(hasCallOrResult)) return;
  const open = new Map<string, OpenCall>();
  const answered = new Set<string>();
  for (const [i, message] of messages.entries()) {
    // Answers to the calls before are taken first, then what is left open is missing.
    for (const part of message.parts)
      if (part.kind === 'tool-result') takeResult(part, { open, answered, rules, findings });
    const continues = isContinued(message, messages[i - 1], messages[i + 1]);
    if (rules.isImmediate && !continues) reportOpen(open, rules, findings);
    for (const part of message.parts) {
      if (part.kind !== 'tool-call') continue;
      if (part.name === '') findings.add('empty_tool_name', 'A tool call has no name.', part.path);
      if (part.id === '') continue;
      if (open.has(part.id) || (rules.hasUniqueIds && answered.has(part.id))) {
        findings.add('duplicate_tool_call_id', `The tool call id "${part.id}" is used twice.`, part.path);
      }
      answered.delete(part.id);
      open.set(part.id, { path: part.path, name: part.name });
    }
  }
  reportOpen(open, rules, findings);
}

function hasCallOrResult({ parts }: Message): boolean {
  for (const { kind } of parts) if (kind === 'tool-call' || kind === 'tool-result') return true;
  return false;
}

/** Providers read neighbours of one role as one message, so results may still come. */
function isContinued(message: Message, before: Message | undefined, after: Message | undefined): boolean {
  if (message.role === 'tool') return true;
  return message.role === 'assistant' ? before?.role === 'assistant' : after?.role === message.role;
}

interface PairingState {
  readonly open: Map<string, OpenCall>;
  readonly answered: Set<string>;
  readonly rules: PairingRules;
  readonly findings: Findings;
}

function takeResult(part: Extract<Part, { kind: 'tool-result' }>, state: PairingState): void {
  const { callId } = part;
  if (callId === '') return;
  if (state.open.delete(callId)) {
    state.answered.add(callId);
    return;
  }
  if (state.answered.has(callId)) {
    state.findings.add('duplicate_tool_result', `The tool call "${callId}" has two results.`, part.path);
  } else if (!state.rules.hasHiddenCalls) {
    const message = `The tool result for "${callId}" has no call before it.`;
    state.findings.add('tool_result_without_call', message, part.path);
  }
}

function reportOpen(open: Map<string, OpenCall>, rules: PairingRules, findings: Findings): void {
  if (!rules.hasHiddenCalls) {
    for (const [id, call] of open) {
      const message = `The call "${id}" of tool "${call.name}" has no result before the next turn.`;
      findings.add('tool_call_without_result', message, call.path);
    }
  }
  open.clear();
}

/** Checks that the caller's messages stand in the caller's order. */
export function lintOrder(request: ChatRequest, findings: Findings): void {
  const { source } = request;
  if (request.messages === source.messages && request.system === source.system) return;
  let last = -1;
  for (const { path } of [...request.system, ...request.messages]) {
    const index = path?.[1];
    if (typeof index !== 'number') continue;
    if (index <= last) findings.add('changed_order', 'A message stands before one that it followed.', path);
    last = Math.max(last, index);
  }
}

/** Checks names of tools, and that a chosen tool is there (INV-T2). */
export function lintTools(request: ChatRequest, findings: Findings): void {
  const names = new Set<string>();
  for (const tool of request.tools) {
    if (tool.name === '') findings.add('empty_tool_name', 'A tool has no name.', tool.path);
    else if (names.has(tool.name) && !tool.isHosted) {
      findings.add('duplicate_tool_name', `Two tools are called "${tool.name}".`, tool.path);
    }
    names.add(tool.name);
  }
  const chosen = chosenTool(request.source.value.tool_choice ?? request.source.value.function_call);
  if (chosen === undefined || names.has(chosen)) return;
  findings.add('tool_choice_without_tool', `The chosen tool "${chosen}" is not among the tools.`, [
    'tool_choice',
  ]);
}

function chosenTool(choice: JsonValue | undefined): string | undefined {
  if (!isObject(choice)) return undefined;
  // Other types choose something that the provider runs, and their `name` is none of the tools'.
  if (typeof choice.type === 'string' && !NAMING_CHOICES.has(choice.type)) return undefined;
  const inner = choice.function ?? choice.custom;
  const name = isObject(inner) ? inner.name : choice.name;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** Checks that at most four cache markers go out (INV-P3). */
export function lintCacheMarkers(request: ChatRequest, findings: Findings): void {
  const { source } = request;
  if (
    request.tools === source.tools &&
    !Buffer.from(source.bytes.buffer, source.bytes.byteOffset, source.bytes.length).includes('cache_control')
  ) {
    return;
  }
  let count = source.value.cache_control === undefined ? 0 : 1;
  for (const tool of request.tools) if (isMarked(toolValue(tool))) count++;
  for (const message of [...request.system, ...request.messages])
    count += countMarkers(message, source.value);
  if (count <= MAX_CACHE_MARKERS) return;
  findings.add(
    'too_many_cache_markers',
    `The request has ${count} cache_control markers; ${MAX_CACHE_MARKERS} are allowed.`,
  );
}

function toolValue(tool: ToolDefinition): JsonValue {
  return tool.value;
}

function countMarkers(message: Message, body: JsonValue): number {
  const seen = new Set<JsonValue>();
  for (const part of message.parts) {
    if (part.path === undefined) continue;
    // Every value from the part's block down to the part itself may carry a marker of its own.
    for (let end = (message.path?.length ?? 0) + 1; end <= part.path.length; end++) {
      const value = valueAt(body, part.path.slice(0, end));
      if (value !== undefined && isMarked(value)) seen.add(value);
      if (end === part.path.length && isArray(value))
        for (const block of value) if (isMarked(block)) seen.add(block);
    }
  }
  return seen.size;
}

function isMarked(value: JsonValue): boolean {
  return isObject(value) && value.cache_control !== undefined && value.cache_control !== null;
}
