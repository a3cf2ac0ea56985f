import type { JsonObject } from '../../contract/index.ts';
import type { SchemaCompactor, ToolIndexer } from '../../optimizer/tool-search.ts';
import type { Backend } from './backend.ts';
import { type BriefSchema, briefSchema } from './brief-schema.ts';
import { listedDefinition, oneLine, type ToolDefinition } from './definition.ts';
import { publicName } from './names.ts';

/** One tool of one server. */
export interface CatalogTool {
  /** Under which clients know it. */
  readonly name: string;
  readonly backend: Backend;
  /** As its server describes it. */
  readonly original: ToolDefinition;
  /** As clients are shown it; made when it first is. */
  listed(): ToolDefinition;
  /** Its arguments as a search result shows them; made when it is first found. */
  brief(): BriefSchema;
}

/** How a catalog is made. */
export interface CatalogOptions {
  /** With what its tools' names begin. */
  readonly backends: readonly { readonly backend: Backend; readonly prefix: string }[];
  readonly indexTools: ToolIndexer;
  readonly compactSchema: SchemaCompactor;
  readonly isUsableSchema: (schema: JsonObject) => boolean;
}

/** Told by name in a text though it is only the server's own name: of more than one plain word. */
const TELLING_NAME = /[_-]|[a-z0-9][A-Z]/;

/** The tools of all servers under one roof. */
export class Catalog {
  readonly #options: CatalogOptions;
  readonly #listeners = new Set<() => void>();
  /** By server: what it told, and what was made of it, so that a server that comes back costs nothing. */
  readonly #made = new Map<Backend, { from: readonly ToolDefinition[]; tools: readonly CatalogTool[] }>();
  #known: ReadonlyMap<string, CatalogTool> = new Map();
  #available: readonly CatalogTool[] = [];
  #index: ReturnType<ToolIndexer> | undefined;
  #indexed: readonly CatalogTool[] = [];

  constructor(options: CatalogOptions) {
    this.#options = options;
  }

  /** Of servers that are there, in the order of the servers and as each told them. */
  get available(): readonly CatalogTool[] {
    return this.#available;
  }

  /** Also of servers that are gone for now. */
  get known(): readonly CatalogTool[] {
    return [...this.#known.values()];
  }

  get backends(): readonly Backend[] {
    return this.#options.backends.map(({ backend }) => backend);
  }

  /** Calls a function whenever the tools may be others; returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Reads again what the servers told. */
  refresh(): void {
    const known = new Map<string, CatalogTool>();
    for (const { backend, prefix } of this.#options.backends) {
      for (const tool of this.#toolsOf(backend, prefix)) {
        // A name that a server tells twice can be called once.
        if (!known.has(tool.name)) known.set(tool.name, tool);
      }
    }
    this.#known = known;
    this.#available = [...known.values()].filter(({ backend }) => backend.state === 'ready');
    for (const listener of this.#listeners) listener();
  }

  /** The tool of this name: as shown or, where only one server has it, as its server calls it. */
  find(name: string): CatalogTool | undefined {
    const found = this.#known.get(name);
    if (found !== undefined) return found;
    const [only, ...others] = this.findAll(name);
    return others.length === 0 ? only : undefined;
  }

  /** The tools that are called so, by whichever name. */
  findAll(name: string): readonly CatalogTool[] {
    return this.known.filter((tool) => tool.name === name || tool.original.name === name);
  }

  /** The tools for a request, best first; those whose names it holds are always among them (INV-T2). */
  async search(
    query: string,
    options: { readonly max: number; readonly signal: AbortSignal },
  ): Promise<CatalogTool[]> {
    const tools = this.#available;
    if (tools.length === 0) return [];
    if (this.#index === undefined || this.#indexed !== tools) {
      const texts = tools.map(({ name, original }) => ({
        name,
        description:
          typeof original['description'] === 'string' ? original['description'] : oneLine(original),
        inputSchema: original['inputSchema'] ?? null,
      }));
      this.#index = this.#options.indexTools(texts, this.#index);
      this.#indexed = tools;
    }
    const words = new Set(query.match(/[\w-]{3,64}/g));
    const pinned = tools
      .filter(({ original }) => words.has(original.name) && TELLING_NAME.test(original.name))
      .map(({ name }) => name);
    const { tools: ranked } = await this.#index.rank(query, {
      ...options,
      pinned: pinned.slice(0, options.max),
    });
    return ranked.flatMap(({ index }) => tools[index] ?? []);
  }

  #toolsOf(backend: Backend, prefix: string): readonly CatalogTool[] {
    const made = this.#made.get(backend);
    if (made !== undefined && made.from === backend.tools) return made.tools;
    const tools = backend.tools.map((original) => {
      const name = publicName(prefix, original.name);
      let listed: ToolDefinition | undefined;
      let brief: BriefSchema | undefined;
      return {
        name,
        backend,
        original,
        listed: () => (listed ??= listedDefinition(original, name, this.#options.isUsableSchema)),
        brief: () => (brief ??= briefSchema(original, this.#options.compactSchema)),
      };
    });
    this.#made.set(backend, { from: backend.tools, tools });
    return tools;
  }
}
