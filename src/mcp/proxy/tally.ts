import type { Catalog } from './catalog.ts';
import type { ToolDefinition } from './definition.ts';
import type { McpProxyStats } from './options.ts';

/** Counts what a run shows and passes on. */
export class Tally {
  readonly #count: (text: string) => number;
  /** Tokens by definition: a tool that is listed in every turn is counted once. */
  readonly #tokens = new WeakMap<ToolDefinition, number>();
  #listed: readonly ToolDefinition[] = [];
  #tokensListed = 0;
  #tokensAnswers = 0;
  searches = 0;
  sessions = 0;
  calls = 0;
  callsUnlisted = 0;
  callsUnknown = 0;

  constructor(countTokens: (text: string) => number = () => 0) {
    this.#count = countTokens;
  }

  /** A list that a session was sent. */
  addList(tools: readonly ToolDefinition[]): void {
    const tokens = this.#sum(tools);
    if (tools.length < this.#listed.length || tokens < this.#tokensListed) return;
    this.#listed = tools;
    this.#tokensListed = tokens;
  }

  /** A text that the proxy itself answered with. */
  addAnswer(text: string): void {
    this.#tokensAnswers += this.#count(text);
  }

  read(catalog: Catalog): McpProxyStats {
    const servers = catalog.backends.map(({ name, state, tools, problem }) => ({
      name,
      state,
      tools: tools.length,
      tokens: this.#sum(tools),
      ...(problem === undefined ? {} : { problem }),
    }));
    return {
      servers,
      tools: servers.reduce((sum, { tools }) => sum + tools, 0),
      tokensAll: servers.reduce((sum, { tokens }) => sum + tokens, 0),
      listed: this.#listed.map(({ name }) => name),
      tokensListed: this.#tokensListed,
      tokensAnswers: this.#tokensAnswers,
      searches: this.searches,
      sessions: this.sessions,
      calls: this.calls,
      callsUnlisted: this.callsUnlisted,
      callsUnknown: this.callsUnknown,
    };
  }

  #sum(tools: readonly ToolDefinition[]): number {
    let sum = 0;
    for (const tool of tools) {
      const tokens = this.#tokens.get(tool) ?? this.#count(JSON.stringify(tool));
      this.#tokens.set(tool, tokens);
      sum += tokens;
    }
    return sum;
  }
}
