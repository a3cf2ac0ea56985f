import type { JsonObject } from '../../../contract/index.ts';
import type { CatalogTool } from '../catalog.ts';
import type { ToolDefinition } from '../definition.ts';

/** What the proxy's own tools may do with the session they are called in. */
export interface OwnToolContext {
  readonly signal: AbortSignal;
  /** The tools for a request, best first; they are added to the session's list as far as it has room. */
  search(
    query: string,
    max: number | undefined,
  ): Promise<{
    readonly tools: readonly CatalogTool[];
    readonly notes: readonly string[];
  }>;
  /** @throws ProxyError `unknown_tool` */
  find(name: string): Promise<CatalogTool>;
  /** Passes a call on. @throws ProxyError, RemoteError */
  forward(tool: CatalogTool, args: JsonObject | undefined): Promise<JsonObject>;
  /** Text as a result, whose tokens are counted as the proxy's own. */
  answer(value: JsonObject): JsonObject;
}

/** A tool that the proxy answers itself. */
export interface OwnTool {
  readonly definition: ToolDefinition;
  /** @throws ProxyError */
  run(args: JsonObject, context: OwnToolContext): Promise<JsonObject>;
}
