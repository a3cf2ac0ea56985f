import type { ShapeClasses } from '../judge/shape-classes.ts';
import type { PriorityPattern } from '../options.ts';
import { classifyFirst, familyOf, SplitLog } from '../patterns/index.ts';
import type { Classifier } from '../recognise/index.ts';
import { learnForm } from '../render/line-text.ts';
import type { ScannedLog } from '../scan/index.ts';
import type { Turns } from '../scan/turns.ts';
import { QuietClasses } from './quiet-classes.ts';
import { BoundaryWatch, quietShapes } from './quiet-shapes.ts';

/** What decides what the lines of a log are. */
export interface ClassSources {
  readonly patterns: readonly PriorityPattern[];
  readonly classify: Classifier;
  readonly turns: Turns;
}

/** Classifies every shape of a log, so that whoever asks later does not stop the event loop. @throws AbortedError */
export async function classifyShapes(
  log: ScannedLog,
  { patterns, classify, turns }: ClassSources,
): Promise<ShapeClasses> {
  const family = familyOf(patterns);
  const watch = new BoundaryWatch(log.shapes.length);
  const classes = new QuietClasses(
    [log, watch.over(classifyFirst(family, classify)), learnForm(log)],
    family.name,
  );
  // What the caller's patterns told apart comes first: of very many shapes, the last ones are not read.
  const firstSplit = log instanceof SplitLog ? log.firstSplit : 0;
  for (const { id } of [...log.shapes.slice(firstSplit), ...log.shapes.slice(0, firstSplit)]) {
    classes.of(id);
    watch.note(id);
    if (turns.isDue) await turns.take();
  }
  for (const shape of await quietShapes(log, watch, turns)) classes.quiet.add(shape);
  return classes;
}
