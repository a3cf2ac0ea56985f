import type { ShapeClasses } from '../judge/shape-classes.ts';
import type { LineRole } from '../recognise/index.ts';
import type { ScannedLog } from '../scan/index.ts';
import { ShapeWalk } from '../scan/shape-walk.ts';
import type { Turns } from '../scan/turns.ts';
import type { GapContent } from './gap-text.ts';

/** Tells what stands in the lines `from` to `to` (exclusive). @throws AbortedError */
export type GapContents = (from: number, to: number) => Promise<GapContent>;

/** What gaps are in. */
interface GapSources {
  readonly log: ScannedLog;
  readonly classes: ShapeClasses;
  readonly turns: Turns;
}

/** Returns what tells what stands in a gap. */
export function gapContents(sources: GapSources): GapContents {
  const counter = new GapCounter(sources);
  // The same gaps come back while a choice is fitted to its budget.
  const known = new Map<string, GapContent>();
  return async (from, to) => {
    const key = `${from}-${to}`;
    const content = known.get(key) ?? (await counter.contentOf(from, to));
    known.set(key, content);
    return content;
  };
}

class GapCounter {
  readonly #turns: Turns;
  readonly #roles: LineRole[] = [];
  /** For each shape the index of its role; -1 for blank lines. */
  readonly #roleOf: Int8Array;
  readonly #walk: ShapeWalk;
  /** Lines of each shape in the gap; zero between two gaps. */
  readonly #lines: Uint32Array;
  /** Shapes in the gap. */
  readonly #found: Uint32Array;

  constructor({ log, classes, turns }: GapSources) {
    this.#turns = turns;
    this.#roleOf = Int8Array.from(log.shapes, ({ id }) => {
      const { role, isBlank } = classes.of(id);
      return isBlank ? -1 : this.#indexOf(role);
    });
    this.#walk = new ShapeWalk(log);
    this.#lines = new Uint32Array(log.shapes.length);
    this.#found = new Uint32Array(log.shapes.length);
  }

  async contentOf(from: number, to: number): Promise<GapContent> {
    let shapes = 0;
    for (const { ids } of this.#walk.blocks(from, to)) {
      shapes = this.#count(ids, shapes);
      if (this.#turns.isDue) await this.#turns.take();
    }
    return this.#sum(this.#found.subarray(0, shapes));
  }

  /** Counts lines by shape; returns how many shapes there are, which were so many before. */
  #count(ids: Uint32Array, before: number): number {
    const lines = this.#lines;
    const found = this.#found;
    let shapes = before;
    for (let i = 0; i < ids.length; i++) {
      const shape = ids[i] as number;
      const count = lines[shape] as number;
      if (count === 0) found[shapes++] = shape;
      lines[shape] = count + 1;
    }
    return shapes;
  }

  #sum(found: Uint32Array): GapContent {
    const lines = this.#lines;
    const roleOf = this.#roleOf;
    const byRole = this.#roles.map(() => 0);
    let shapes = 0;
    let blanks = 0;
    for (let i = 0; i < found.length; i++) {
      const shape = found[i] as number;
      const count = lines[shape] as number;
      const role = roleOf[shape] as number;
      lines[shape] = 0;
      if (role < 0) blanks += count;
      else {
        shapes++;
        byRole[role] = (byRole[role] as number) + count;
      }
    }
    const roles: Partial<Record<LineRole, number>> = {};
    for (const [index, role] of this.#roles.entries()) {
      const count = byRole[index] ?? 0;
      if (count > 0) roles[role] = count;
    }
    return { roles, shapes, blanks };
  }

  #indexOf(role: LineRole): number {
    const known = this.#roles.indexOf(role);
    return known >= 0 ? known : this.#roles.push(role) - 1;
  }
}
