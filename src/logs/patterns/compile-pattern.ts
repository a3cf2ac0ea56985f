import { InputError } from '../../contract/index.ts';
import { type PatternNode, parsePattern, refused } from './pattern-parser.ts';
import { PatternProgram } from './pattern-program.ts';

const IGNORE_CASE = '(?i)';
/** JavaScript's own matcher is quick on patterns with so few ways to match, in texts as short as this. */
const FEW_WAYS = 1;
const FEW_CHARS = 512;
/** Patterns that can match in more ways are seldom meant, and a matcher that backtracks may try them all. */
const MOST_WAYS = 16;

/**
 * Compiles a regular expression of the caller's so that it cannot stall the process (INV-E4): repetitions
 * within repetitions are refused, and what could backtrack for long all the same is matched step by step.
 * `(?i)` at its beginning ignores case.
 *
 * @throws InputError `invalid_pattern` for what is no regular expression, `unsafe_pattern` for nested
 *   repetitions, back references, look-arounds and very large counts
 */
export function compilePattern(text: string): RegExp {
  const ignoresCase = text.startsWith(IGNORE_CASE);
  const source = ignoresCase ? text.slice(IGNORE_CASE.length) : text;
  const flags = ignoresCase ? 'i' : '';
  checkSyntax(text, source, flags);
  const node = parsePattern(source);
  const ways = waysOf(node);
  if (ways > MOST_WAYS) throw refused(text, 'repetitions within repetitions, or too many choices');
  const program = new PatternProgram(node, { source: text, flags });
  return new SteadyPattern(source, { flags, isSimple: ways <= FEW_WAYS, program });
}

/** A regular expression whose matches are found in steady time; only whether there is one is known. */
class SteadyPattern extends RegExp {
  readonly #program: PatternProgram;
  readonly #isSimple: boolean;

  constructor(
    source: string,
    options: { readonly flags: string; readonly isSimple: boolean; readonly program: PatternProgram },
  ) {
    super(source, options.flags);
    this.#program = options.program;
    this.#isSimple = options.isSimple;
  }

  override test(text: string): boolean {
    if (this.#isSimple && text.length <= FEW_CHARS) return super.exec(text) !== null;
    return this.#program.test(text);
  }

  /** Only whether there is a match is known, not where. */
  override exec(text: string): RegExpExecArray | null {
    return this.test(text) ? Object.assign([text] as [string], { index: 0, input: text }) : null;
  }
}

function checkSyntax(text: string, source: string, flags: string): void {
  try {
    RegExp(source, flags);
  } catch (cause) {
    throw new InputError(
      'invalid_pattern',
      `"${text}" is no regular expression: ${(cause as Error).message.replace(/^Invalid regular expression: /, '')}.`,
      { cause },
    );
  }
}

/** How many parts of a pattern can match in several ways, one after the other, with counts written out. */
function waysOf(node: PatternNode): number {
  if (node.kind === 'all') return node.parts.reduce((sum, part) => sum + waysOf(part), 0);
  if (node.kind === 'any') return 1 + Math.max(...node.choices.map(waysOf));
  if (node.kind !== 'repeat') return 0;
  const inner = waysOf(node.part);
  return (inner === 0 ? 0 : inner * node.max) + (node.min === node.max ? 0 : 1);
}
