import type { JsonObject } from '../../contract/index.ts';

/** Cuts a text into the pieces that a stream carries: about one word each, never inside a character. */
export function textDeltas(text: string): string[] {
  return text.match(/\s*\S{1,24}|\s+/gu) ?? [];
}

/** Cuts JSON text into pieces of at most 12 characters. */
export function argumentDeltas(text: string): string[] {
  return text.match(/.{1,12}/gsu) ?? [];
}

/** One server-sent event with data alone. */
export function dataEvent(data: unknown): string {
  return `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

/** One server-sent event that is named after the `type` of its data. */
export function typedEvent(data: JsonObject & { readonly type: string }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
