import type { Catalog, CatalogTool } from './catalog.ts';
import { starters } from './starters.ts';

/** Which tools a session is shown. */
export interface ShownToolsOptions {
  readonly catalog: Catalog;
  /** Most tools besides the pinned ones. */
  readonly maxTools: number;
  /** Names of tools that are always shown: as clients know them, or as their servers do. */
  readonly pinned: readonly string[];
}

/** Shown to a client that has asked for nothing yet, where none is pinned. */
const STARTERS = 3;

/**
 * The tools that one session is shown. The list only grows, in the order in which tools came into it, so that the
 * prompts that clients make of it keep their beginning (INV-P4); a tool is missing while its server is.
 */
export class ShownTools {
  readonly #options: ShownToolsOptions;
  readonly #names = new Set<string>();
  #chosen = 0;
  #hasBegun = false;

  constructor(options: ShownToolsOptions) {
    this.#options = options;
  }

  /** In the order of the list. */
  tools(): CatalogTool[] {
    const { catalog, maxTools, pinned } = this.#options;
    for (const tool of pinned.flatMap((name) => catalog.findAll(name))) this.#names.add(tool.name);
    if (!this.#hasBegun && pinned.length === 0 && catalog.available.length > 0) {
      this.#hasBegun = true;
      this.add(starters(catalog.available, Math.min(STARTERS, maxTools)));
    }
    const available = new Map(catalog.available.map((tool) => [tool.name, tool]));
    return [...this.#names].flatMap((name) => available.get(name) ?? []);
  }

  /** Adds tools as far as there is room. */
  add(tools: readonly CatalogTool[]): void {
    for (const { name } of tools) {
      if (this.#names.has(name) || this.#chosen >= this.#options.maxTools) continue;
      this.#names.add(name);
      this.#chosen += 1;
    }
  }

  has({ name }: CatalogTool): boolean {
    return this.#names.has(name);
  }
}
