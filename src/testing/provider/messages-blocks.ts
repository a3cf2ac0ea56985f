import type { SimulatedImage } from './types.ts';

/** One content block, as far as turns, counting and caching need it. */
export interface AnthropicBlock {
  readonly type: string;
  readonly text: string;
  /** The id of a tool use, or of the call that a result answers. */
  readonly id: string | null;
  /** Of a tool that the provider runs. */
  readonly name?: string;
  /** Names of the tools whose definitions stand in this block's place. */
  readonly references?: readonly string[];
  readonly images: readonly SimulatedImage[];
  readonly ttl?: '5m' | '1h';
  readonly at: string;
}

export interface AnthropicMessage {
  readonly role: 'user' | 'assistant' | 'system';
  readonly blocks: readonly AnthropicBlock[];
}
