import { ShapeClasses, type ShapeFacts } from '../judge/shape-classes.ts';
import type { LineRole } from '../recognise/index.ts';

/** What no script is that has not run yet, nor the output of a test that passed. */
const LOUD: ReadonlySet<LineRole> = new Set([
  'failure',
  'error',
  'cause',
  'section',
  'detail',
  'frame',
  'summary',
  'exit',
  'warning',
]);

/** Classes of shapes, where what stands in quiet regions alone is information, whatever its words. */
export class QuietClasses extends ShapeClasses {
  /** Shapes that stand in quiet regions alone. */
  readonly quiet = new Set<number>();
  /** Rules of the caller's own know better: their family. */
  readonly #exempt: string;

  constructor(parts: ConstructorParameters<typeof ShapeClasses>, exempt: string) {
    super(...parts);
    this.#exempt = exempt;
  }

  override of(shape: number): ShapeFacts {
    const facts = super.of(shape);
    if (!this.quiet.has(shape) || facts.family === this.#exempt || !LOUD.has(facts.role)) return facts;
    const { errorType: _none, ...rest } = facts;
    return { ...rest, role: 'info', priority: 'low', family: 'generic', by: 'quiet-region' };
  }
}
