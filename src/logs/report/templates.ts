import type { LogTemplate, Priority } from '../../contract/index.ts';
import type { ShapeClasses } from '../judge/shape-classes.ts';
import { createMiner } from '../mine/index.ts';
import type { ScannedLog } from '../scan/index.ts';
import type { Turns } from '../scan/turns.ts';
import { cutTo, type Messages } from './messages.ts';
import { slotsOf } from './slots.ts';

/** Templates in a report. */
const MOST_TEMPLATES = 50;
/** Those whose values are told: of more, the report would be mostly values. */
const MOST_WITH_SLOTS = 20;
/** Shapes they are made of: those with most lines. */
const MOST_SHAPES = 2_000;
const MOST_CHARS = 300;
/** A template of brackets, bars and what varies tells nothing. */
const SAYS_SOMETHING = /\p{L}/u;

/** What a list of templates is made from. */
export interface TemplateSources {
  readonly log: ScannedLog;
  readonly classes: ShapeClasses;
  readonly messages: Messages;
  readonly turns: Turns;
}

/** A shape that was given to the miner. */
interface Added {
  readonly cluster: number;
  readonly shape: number;
  readonly priority: Priority;
  readonly count: number;
}

/** The forms that most of a log's lines have; a line that is alone has none. @throws AbortedError */
export async function templatesOf(sources: TemplateSources): Promise<readonly LogTemplate[]> {
  const { log, classes, messages, turns } = sources;
  const shapes = log.shapes
    .filter(({ id }) => !classes.of(id).isBlank)
    .toSorted((a, b) => b.count - a.count || a.firstLine - b.firstLine)
    .slice(0, MOST_SHAPES)
    .toSorted((a, b) => a.firstLine - b.firstLine);
  const miner = createMiner({ slots: false });
  const added: Added[] = [];
  for (const shape of shapes) {
    const { bare } = messages(shape.id);
    const { priority } = classes.of(shape.id);
    added.push({ cluster: miner.add(bare, shape), shape: shape.id, priority, count: shape.count });
    if (turns.isDue) await turns.take();
  }
  for (const _ of miner.settling()) if (turns.isDue) await turns.take();
  // A template has the priority of the shape with most of its lines.
  const largest = new Map<number, { readonly priority: Priority; readonly count: number }>();
  for (const one of added) {
    const id = miner.find(one.cluster);
    if ((largest.get(id)?.count ?? 0) < one.count) largest.set(id, one);
  }
  const found = miner
    .clusters()
    .filter(({ count, template }) => count > 1 && SAYS_SOMETHING.test(template))
    .toSorted((a, b) => b.count - a.count || a.firstLine - b.firstLine)
    .slice(0, MOST_TEMPLATES);
  const shapesOf = Map.groupBy(added, ({ cluster }) => miner.find(cluster));
  const slots = await slotsOf(
    sources,
    found.slice(0, MOST_WITH_SLOTS).map(({ id, template, count }) => ({
      template,
      count,
      shapes: (shapesOf.get(id) ?? []).map(({ shape }) => shape),
    })),
  );
  return found.map(({ id, template, count, firstLine, lastLine }, index) => ({
    template: cutTo(template, MOST_CHARS),
    count,
    firstLine: firstLine + 1,
    lastLine: lastLine + 1,
    priority: largest.get(id)?.priority ?? 'low',
    ...(slots[index] === undefined ? {} : { slots: slots[index] }),
  }));
}
