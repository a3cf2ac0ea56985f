import type { EventSink, JsonObject } from '../../contract/index.ts';
import { throwIfAborted } from '../../support/index.ts';
import type { Backend } from './backend.ts';
import type { Catalog, CatalogTool } from './catalog.ts';
import { isObject, type ToolDefinition } from './definition.ts';
import { errorResult, ProxyError } from './errors.ts';
import { hintFor, instructionsFor, noteOn } from './hints.ts';
import type { Sdk } from './sdk.ts';
import { ShownTools, type ShownToolsOptions } from './shown-tools.ts';
import type { Tally } from './tally.ts';
import { callTool } from './tools/call-tool.ts';
import { describeTool } from './tools/describe-tool.ts';
import { findTools } from './tools/find-tools.ts';
import type { OwnTool, OwnToolContext } from './tools/own-tool.ts';

/** The tools that the proxy answers itself, in the order of the list. */
export const OWN_TOOLS: readonly OwnTool[] = [findTools, describeTool, callTool];

/** How a session is made. */
export interface SessionOptions extends ShownToolsOptions {
  readonly sdk: Sdk;
  readonly catalog: Catalog;
  readonly tally: Tally;
  readonly version: string;
  readonly onEvent: EventSink;
}

const INVALID_PARAMS = -32_602;
const METHOD_NOT_FOUND = -32_601;
/** A list that comes late costs a client its start, one that is not complete a change of its prompt later. */
const LIST_WAIT_MS = 3_000;
const FIND_WAIT_MS = 5_000;
const DEFAULT_FOUND = 5;
const CHANGE_WAIT_MS = 20;

type Server = InstanceType<Sdk['Server']>;
type Extra = Parameters<NonNullable<Server['fallbackRequestHandler']>>[1];

/** One client and the tools it has been shown. */
export class Session {
  readonly server: Server;
  readonly #options: SessionOptions;
  readonly #shown: ShownTools;
  readonly #stopListening: () => void;
  readonly #waiting = new Set<() => void>();
  #open = 0;
  /** What the client knows or was told to ask for anew, as text; undefined before its first list. */
  #known: string | undefined;
  #telling: NodeJS.Timeout | undefined;

  constructor(options: SessionOptions) {
    const { sdk, catalog, version, onEvent } = options;
    this.#options = options;
    this.#shown = new ShownTools(options);
    this.server = new sdk.Server(
      { name: 'pare', title: 'Pare MCP proxy', version },
      { capabilities: { tools: { listChanged: true } }, instructions: instructionsFor(catalog) },
    );
    // Requests come as they are: the handlers of the SDK check results by its own schemas, which drop or refuse
    // what they do not know.
    this.server.fallbackRequestHandler = async (request, extra) =>
      this.#answer(request as unknown as JsonObject, extra);
    this.server.onerror = (error) =>
      onEvent({
        level: 'info',
        code: 'mcp_client_error',
        message: `A client of the MCP proxy: ${error.message}`,
      });
    this.#stopListening = catalog.onChange(() => this.#tellLater());
  }

  /** Resolves when nothing is being answered any more. */
  idle(): Promise<void> {
    return this.#open === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.add(resolve));
  }

  /** Forgets the session; its calls are cancelled. */
  async close(): Promise<void> {
    this.#stopListening();
    clearTimeout(this.#telling);
    await this.server.close();
  }

  async #answer({ method, params }: JsonObject, extra: Extra): Promise<JsonObject> {
    this.#open += 1;
    try {
      const given = isObject(params) ? params : {};
      if (method === 'tools/list') return await this.#list();
      if (method === 'tools/call') return await this.#call(given, extra);
      throw Object.assign(new Error('Method not found'), { code: METHOD_NOT_FOUND });
    } finally {
      this.#open -= 1;
      if (this.#open === 0) {
        // After the answer has been written, which happens when this has returned.
        const waiting = [...this.#waiting];
        this.#waiting.clear();
        setImmediate(() => {
          for (const resolve of waiting) resolve();
        });
      }
    }
  }

  async #list(): Promise<JsonObject> {
    await this.#settled(LIST_WAIT_MS, ({ state }) => state === 'starting');
    const tools = this.#definitions();
    if (this.#known === undefined) this.#options.tally.sessions += 1;
    this.#known = JSON.stringify(tools);
    this.#options.tally.addList(tools);
    return { tools };
  }

  async #call(params: JsonObject, extra: Extra): Promise<JsonObject> {
    const { name, arguments: args } = params;
    if (typeof name !== 'string' || (args !== undefined && !isObject(args))) {
      throw Object.assign(new Error('tools/call needs a name, and arguments that are an object'), {
        code: INVALID_PARAMS,
      });
    }
    const context = this.#contextFor(params, extra);
    try {
      const own = OWN_TOOLS.find(({ definition }) => definition.name === name);
      if (own !== undefined) return await own.run(args ?? {}, context);
      return await context.forward(await context.find(name), args);
    } catch (error) {
      if (error instanceof ProxyError) return errorResult(error);
      throw error;
    }
  }

  #contextFor({ _meta }: JsonObject, extra: Extra): OwnToolContext {
    const { tally } = this.#options;
    return {
      signal: extra.signal,
      search: (query, max) => this.#search({ query, max, extra }),
      find: (name) => this.#find(name),
      forward: (tool, args) => {
        tally.calls += 1;
        if (!this.#shown.has(tool)) tally.callsUnlisted += 1;
        const { progressToken, ...meta } = isObject(_meta) ? _meta : {};
        return tool.backend.call({
          tool: tool.original.name,
          arguments: args,
          meta: Object.keys(meta).length === 0 ? undefined : meta,
          signal: extra.signal,
          ...(progressToken === undefined
            ? {}
            : { onProgress: (progress) => this.#sendProgress(extra, { ...progress, progressToken }) }),
        });
      },
      answer: (value) => {
        const text = JSON.stringify(value);
        tally.addAnswer(text);
        return { content: [{ type: 'text', text }] };
      },
    };
  }

  async #search({ query, max, extra }: { query: string; max: number | undefined; extra: Extra }) {
    const { catalog, maxTools, tally } = this.#options;
    await this.#settled(FIND_WAIT_MS);
    throwIfAborted(extra.signal);
    tally.searches += 1;
    const most = max ?? Math.min(DEFAULT_FOUND, maxTools);
    const tools = await catalog.search(query, { max: most, signal: extra.signal });
    this.#shown.add(tools);
    // With the answer, so that a client that has no stream for notifications hears of it, too.
    if (this.#isNews()) await extra.sendNotification({ method: 'notifications/tools/list_changed' });
    return { tools, notes: catalog.backends.flatMap(noteOn) };
  }

  async #find(name: string): Promise<CatalogTool> {
    const { catalog, tally } = this.#options;
    const found = catalog.find(name);
    if (found !== undefined) return found;
    // It may be of a server that is just being started.
    await this.#settled(FIND_WAIT_MS);
    const late = catalog.find(name);
    if (late !== undefined) return late;
    tally.callsUnknown += 1;
    const hint = hintFor(name, catalog, OWN_TOOLS);
    throw new ProxyError('unknown_tool', `There is no tool "${name.slice(0, 100)}". ${hint}`);
  }

  #definitions(): ToolDefinition[] {
    return [
      ...OWN_TOOLS.map(({ definition }) => definition),
      ...this.#shown.tools().map((tool) => tool.listed()),
    ];
  }

  /** Starts these servers unless it is too early to try again, and waits until they have, or for so long. */
  async #settled(milliseconds: number, isWanted: (backend: Backend) => boolean = () => true): Promise<void> {
    const starts = this.#options.catalog.backends.filter(isWanted).map((backend) => backend.start());
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([Promise.all(starts), late]);
    clearTimeout(timer);
  }

  /** True when the list is another than the client knows; it counts as told then. */
  #isNews(): boolean {
    if (this.#known === undefined) return false;
    const now = JSON.stringify(this.#definitions());
    if (now === this.#known) return false;
    this.#known = now;
    return true;
  }

  /** Several servers come and go at once at the start and at the end. */
  #tellLater(): void {
    if (this.#known === undefined) return;
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      if (this.#isNews())
        this.#send(this.server.notification({ method: 'notifications/tools/list_changed' }));
    }, CHANGE_WAIT_MS);
  }

  #sendProgress(extra: Extra, params: JsonObject): void {
    this.#send(extra.sendNotification({ method: 'notifications/progress', params: params as never }));
  }

  /** A client that has gone hears nothing any more, and its calls are cancelled by that. */
  #send(sending: Promise<void>): void {
    sending.catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      this.#options.onEvent({
        level: 'info',
        code: 'mcp_not_told',
        message: `A client could not be told: ${why}`,
      });
    });
  }
}
