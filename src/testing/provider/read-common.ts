import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { isArray, isObject, refuse, requireObject, requireString, requireToolName } from './checks.ts';
import { IMAGE_TOKENS, MESSAGE_TOKENS } from './counting.ts';
import { ApiProblem } from './problem.ts';
import type { PromptBlock, SimulatedImage, SimulatedRequest, SimulatedTool } from './types.ts';

/** Content of one message, whichever wire it came in. */
export interface ReadContent {
  readonly text: string;
  readonly images: readonly SimulatedImage[];
}

/** An image from a `data:` or `https:` URL. @throws ApiProblem for any other scheme and for broken base64 */
export function readImageUrl(url: string, detail: JsonValue | undefined, param: string): SimulatedImage {
  const size = detail === 'low' ? 'low' : 'high';
  if (/^https?:\/\//.test(url)) return { mediaType: 'url', bytes: 0, detail: size };
  const match = /^data:([a-z0-9.+/-]+);base64,/i.exec(url);
  if (match === null)
    refuse(param, 'Expected a base64-encoded data URL or an http(s) URL.', 'invalid_image_url');
  return readBase64Image(match[1] as string, url.slice(match[0].length), { param, detail: size });
}

/** An image from its base64 text. @throws ApiProblem for another media type or broken base64 */
export function readBase64Image(
  mediaType: string,
  data: string,
  options: { readonly param: string; readonly detail: string },
): SimulatedImage {
  if (!/^image\/(png|jpeg|gif|webp)$/.test(mediaType)) {
    refuse(options.param, `Images are PNG, JPEG, GIF or WebP, got '${mediaType}'.`, 'invalid_image_format');
  }
  if (data === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
    refuse(options.param, 'The image is not valid base64.', 'invalid_base64');
  }
  return { mediaType, bytes: Buffer.byteLength(data, 'base64'), detail: options.detail };
}

/** Tokens of images. */
export function imageTokens(images: readonly SimulatedImage[]): number {
  return images.reduce(
    (sum, image) => sum + (image.detail === 'low' ? IMAGE_TOKENS.low : IMAGE_TOKENS.high),
    0,
  );
}

/** The blocks of a tool list: each tool is counted as its JSON text. */
export function toolBlocks(tools: readonly JsonValue[]): PromptBlock[] {
  return tools.map((tool) => ({ salt: 'tool', text: JSON.stringify(tool), flatTokens: 0 }));
}

/** The block of one message. */
export function messageBlock(salt: string, content: ReadContent): PromptBlock {
  return { salt, text: content.text, flatTokens: MESSAGE_TOKENS + imageTokens(content.images) };
}

/** A function tool in OpenAI's two shapes: nested in `function`, or flat. @throws ApiProblem */
export function readFunctionTool(
  value: JsonValue,
  param: string,
  shape: 'nested' | 'flat',
): SimulatedTool | null {
  const tool = requireObject(value, param);
  const type = requireString(tool['type'], `${param}.type`);
  if (type !== 'function') return null;
  const place = shape === 'nested' ? `${param}.function` : param;
  const definition = shape === 'nested' ? requireObject(tool['function'], place) : tool;
  const name = requireToolName(definition['name'], `${place}.name`);
  const schema = readSchema(definition['parameters'], `${place}.parameters`, name);
  return { name, schema, isHidden: false };
}

/** A schema of tool arguments, which must describe an object. @throws ApiProblem */
export function readSchema(value: JsonValue | undefined, param: string, name: string): JsonValue {
  if (value === undefined || value === null) return { type: 'object', properties: {} };
  const schema = requireObject(value, param);
  if (schema['type'] !== undefined && schema['type'] !== 'object') {
    throw new ApiProblem(
      `The schema of '${name}' must have type "object", got ${JSON.stringify(schema['type'])}.`,
      {
        param,
        code: 'invalid_function_parameters',
      },
    );
  }
  return schema;
}

/** OpenAI's `tool_choice` in both of its shapes. @throws ApiProblem */
export function readToolChoice(
  value: JsonValue | undefined,
  tools: readonly SimulatedTool[],
): SimulatedRequest['toolChoice'] {
  if (value === undefined || value === null || value === 'auto') return 'auto';
  if (value === 'none' || value === 'required') return value;
  const name = isObject(value)
    ? isObject(value['function'])
      ? value['function']['name']
      : value['name']
    : null;
  if (typeof name !== 'string')
    return refuse('tool_choice', "Expected 'none', 'auto', 'required' or a function.");
  if (!tools.some((tool) => tool.name === name)) {
    refuse('tool_choice', `The tool '${name}' of tool_choice is not in 'tools'.`);
  }
  return { name };
}

/** The schema of a response format: null for text, true for any JSON. @throws ApiProblem */
export function readFormat(format: JsonValue | undefined, param: string): JsonValue {
  if (format === undefined || format === null) return null;
  const value = requireObject(format, param);
  const type = requireString(value['type'], `${param}.type`);
  if (type === 'text') return null;
  if (type === 'json_object') return true;
  if (type !== 'json_schema') refuse(`${param}.type`, `Unknown response format '${type}'.`);
  const inner: JsonObject = isObject(value['json_schema']) ? value['json_schema'] : value;
  requireString(inner['name'], `${param}.name`);
  return requireObject(inner['schema'], `${param}.schema`);
}

/** The list of tools, empty when absent. @throws ApiProblem */
export function listTools(body: JsonObject, max: number): readonly JsonValue[] {
  const tools = body['tools'];
  if (tools === undefined || tools === null) return [];
  if (!isArray(tools)) refuse('tools', 'Expected an array.', 'invalid_type');
  if (tools.length > max)
    refuse('tools', `Expected at most ${max} tools, got ${tools.length}.`, 'array_above_max_length');
  return tools;
}

/** The text of an array of content parts or a plain string, ignoring everything that is not text. */
export function looseText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  if (!isArray(value)) return '';
  return value
    .map((part) => (isObject(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .filter((text) => text !== '')
    .join('\n');
}
