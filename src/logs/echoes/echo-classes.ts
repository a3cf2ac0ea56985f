import { ShapeClasses, type ShapeFacts } from '../judge/shape-classes.ts';
import type { LineRole } from '../recognise/index.ts';

/** What a printed script cannot be: it has not run yet. */
const NOT_YET: ReadonlySet<LineRole> = new Set([
  'failure',
  'error',
  'cause',
  'section',
  'detail',
  'frame',
  'summary',
  'exit',
  'warning',
  'pass',
]);

/** Classes of shapes, where what a runner only printed is information, whatever its words. */
export class EchoClasses extends ShapeClasses {
  /** Shapes that were only printed. */
  readonly echoed = new Set<number>();
  /** Rules of the caller's own know better: their family. */
  readonly #exempt: string;

  constructor(parts: ConstructorParameters<typeof ShapeClasses>, exempt: string) {
    super(...parts);
    this.#exempt = exempt;
  }

  override of(shape: number): ShapeFacts {
    const facts = super.of(shape);
    if (!this.echoed.has(shape) || facts.family === this.#exempt || !NOT_YET.has(facts.role)) return facts;
    const { errorType: _none, ...rest } = facts;
    return { ...rest, role: 'info', priority: 'low', family: 'generic', by: 'echoed-script' };
  }
}
