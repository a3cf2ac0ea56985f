import type {
  ChatRequest,
  ContentClass,
  JsonObject,
  JsonPath,
  JsonValue,
  Message,
  Part,
} from '../contract/index.ts';
import { dominantClass } from './content-class.ts';
import { countImage } from './images.ts';
import type { MessageTokens, Profile } from './profile.ts';
import {
  claudeToolPrompt,
  foundToolTexts,
  listToolsForOpenAi,
  listToolsPlainly,
  type ToolListing,
} from './tool-tokens.ts';

/** Documents (PDF and the like) are billed by page; this many tokens are assumed for one. */
const TOKENS_PER_DOCUMENT = 3000;
/** A string this long without a blank is a file in base64, not text. */
const MIN_FILE_CHARS = 2048;
/** The formula for tool definitions was worked out by trial: it is off by about this share. */
const TOOLS_BAND = 0.1;
/** A tool call's frame is not documented; this many tokens are uncertain for each. */
const TOOL_CALL_BAND = 4;
/** Tokens of a message from which on its counts are remembered. */
const MIN_REMEMBERED_TOKENS = 64;

/** Tokens of one region of a request, before any ratio. */
export interface RegionTokens {
  text: number;
  fixed: number;
}

/** Tokens of a request by region, before any ratio. */
export interface RawRequest {
  readonly system: RegionTokens;
  readonly tools: RegionTokens;
  readonly messages: RegionTokens;
  readonly uncertainty: number;
  readonly isExact: boolean;
  readonly contentClass: ContentClass;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(root: JsonValue, path: JsonPath): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string | number, JsonValue>>)[step];
  }
  return value;
}

/** The participant's name that OpenAI's messages may carry. */
function nameOf(message: Message, request: ChatRequest): string | undefined {
  if (request.wire !== 'openai-chat' || message.path === undefined || message.role === 'tool')
    return undefined;
  const value = valueAt(request.source.value, message.path);
  const name = isObject(value) ? value['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** The text of a part of unknown kind, without files, and how many files it holds. */
function describeOther(value: JsonValue): { text: string; files: number } {
  let files = 0;
  const text = JSON.stringify(value, (_key, item: unknown) => {
    if (
      typeof item !== 'string' ||
      item.length < MIN_FILE_CHARS ||
      item.slice(0, MIN_FILE_CHARS).includes(' ')
    ) {
      return item;
    }
    files++;
    return '';
  });
  return { text, files };
}

interface Tally {
  text: number;
  fixed: number;
  uncertainty: number;
  isExact: boolean;
  longest: number;
  contentClass: ContentClass;
}

function addText(tally: Tally, text: string, profile: Profile): void {
  const counted = profile.texts.of(text);
  tally.text += counted.tokens;
  if (counted.tokens <= tally.longest) return;
  tally.longest = counted.tokens;
  tally.contentClass = counted.contentClass;
}

function addPart(tally: Tally, part: Part, profile: Profile): void {
  switch (part.kind) {
    case 'text':
    case 'tool-result':
      addText(tally, part.text, profile);
      return;
    case 'thinking':
      addText(tally, part.text, profile);
      tally.isExact = false;
      return;
    case 'tool-call':
      addText(tally, part.name, profile);
      addText(tally, part.argumentsText, profile);
      tally.fixed += profile.overheads.perToolCall;
      tally.uncertainty += TOOL_CALL_BAND;
      tally.isExact = false;
      return;
    case 'image': {
      const { tokens, uncertainty } = countImage(part.value, profile.imageRule);
      tally.fixed += tokens;
      tally.uncertainty += uncertainty;
      if (uncertainty > 0) tally.isExact = false;
      return;
    }
    case 'other': {
      const { text, files } = describeOther(part.value);
      addText(tally, text, profile);
      tally.fixed += files * TOKENS_PER_DOCUMENT;
      tally.uncertainty += files * TOKENS_PER_DOCUMENT;
      tally.isExact = false;
    }
  }
}

function countMessage(message: Message, request: ChatRequest, profile: Profile): MessageTokens {
  const known = profile.messages.get(message);
  if (known !== undefined) return known;
  const { overheads } = profile;
  const tally: Tally = {
    text: 0,
    fixed: overheads.perMessage + overheads.perRole,
    uncertainty: 0,
    isExact: true,
    longest: 0,
    contentClass: 'mixed',
  };
  for (const part of message.parts) addPart(tally, part, profile);
  const name = nameOf(message, request);
  if (name !== undefined) {
    addText(tally, name, profile);
    tally.fixed += overheads.perName;
  }
  // A short text is counted as fast as it is found again, and what is remembered is work for the collector.
  if (tally.text >= MIN_REMEMBERED_TOKENS) profile.messages.set(message, tally);
  return tally;
}

/** The tools of a request as the model's provider writes them into the prompt. */
export function toolListing(request: ChatRequest, profile: Profile): ToolListing {
  const known = profile.toolLists.get(request.tools);
  if (known !== undefined) return known;
  const listing =
    profile.toolFormat === 'openai'
      ? listToolsForOpenAi(request.tools, profile.texts.counter.encoding)
      : listToolsPlainly(request.tools);
  profile.toolLists.set(request.tools, listing);
  return listing;
}

/** The schema that the answer must follow; it is part of the prompt. */
function answerSchema(value: JsonObject): JsonValue | undefined {
  const format = value['response_format'] ?? value['output_format'];
  const nested = isObject(value['text']) ? value['text']['format'] : undefined;
  const chosen = format ?? nested;
  return isObject(chosen) && chosen['type'] === 'json_schema' ? chosen : undefined;
}

/** Counts a request; texts that were counted before cost a look-up. */
export function countRaw(request: ChatRequest, profile: Profile): RawRequest {
  const byClass = { prose: 0, code: 0, json: 0, cjk: 0, mixed: 0 };
  let uncertainty = 0;
  let { isExact } = profile;
  const region = (list: readonly Message[]): RegionTokens => {
    const sum: RegionTokens = { text: 0, fixed: 0 };
    for (const message of list) {
      const counted = countMessage(message, request, profile);
      sum.text += counted.text;
      sum.fixed += counted.fixed;
      uncertainty += counted.uncertainty;
      byClass[counted.contentClass] += counted.text;
      isExact &&= counted.isExact;
    }
    return sum;
  };
  const system = region(request.system);
  const messages = region(request.messages);
  messages.fixed += profile.overheads.perRequest;
  const schema = answerSchema(request.source.value);
  if (schema !== undefined) {
    system.text += profile.texts.of(JSON.stringify(schema)).tokens;
    isExact = false;
  }
  const tools: RegionTokens = { text: 0, fixed: 0 };
  if (request.tools.length > 0) {
    const listing = toolListing(request, profile);
    for (const text of listing.texts) tools.text += profile.texts.of(text).tokens;
    for (const text of foundToolTexts(request)) messages.text += profile.texts.of(text).tokens;
    tools.fixed = listing.overhead;
    if (profile.family === 'claude')
      tools.fixed += claudeToolPrompt(profile.model, request.source.value['tool_choice']);
    uncertainty += TOOLS_BAND * (tools.text + tools.fixed);
    byClass.json += tools.text;
    isExact = false;
  }
  return { system, tools, messages, uncertainty, isExact, contentClass: dominantClass(byClass) };
}

function* textsOf(message: Message): Generator<string> {
  for (const part of message.parts) {
    if (part.kind === 'tool-call') yield part.argumentsText;
    else if (part.kind !== 'image' && part.kind !== 'other') yield part.text;
  }
}

/** The texts of a request that were not counted yet, when they are together longer than `limit` characters. */
export function uncountedTexts(request: ChatRequest, profile: Profile, limit: number): readonly string[] {
  // Bytes bound the characters of all texts, so a small body needs no look at them.
  if (request.source.bytes.length <= limit && request.messages === request.source.messages) return [];
  const texts: string[] = [];
  let chars = 0;
  const add = (text: string): void => {
    if (text.length === 0 || profile.texts.has(text)) return;
    chars += text.length;
    texts.push(text);
  };
  for (const list of [request.system, request.messages]) {
    for (const message of list)
      if (!profile.messages.has(message)) for (const text of textsOf(message)) add(text);
  }
  for (const text of toolListing(request, profile).texts) add(text);
  return chars > limit ? texts : [];
}
