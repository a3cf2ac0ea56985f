import type { LineClass } from '../recognise/index.ts';
import { splitPrefix, stripColours } from '../recognise/index.ts';
import type { LineForm } from '../render/line-text.ts';
import type { ScannedLog } from '../scan/index.ts';

/** Shapes that are read and classified; the rest, all rare ones of a very long log, count as information. */
const MAX_CLASSIFIED = 200_000;

/** What is known of a shape by its first line. */
export interface ShapeFacts extends LineClass {
  /** Nothing but blanks, a time or a runner's prefix. */
  readonly isBlank: boolean;
  /** Shapes that say the same in other words have the same number: the same rule, the same first words. */
  readonly kin: number;
}

const KIN_WORDS = 4;

/** The classes of a log's shapes, worked out when first asked for: one text is read for each. */
export class ShapeClasses {
  readonly #log: ScannedLog;
  readonly #classify: (message: string) => LineClass;
  readonly #known: (ShapeFacts | undefined)[];
  readonly #kins = new Map<string, number>();
  readonly form: LineForm;
  #left = MAX_CLASSIFIED;

  constructor(log: ScannedLog, classify: (message: string) => LineClass, form: LineForm) {
    this.#log = log;
    this.#classify = classify;
    this.form = form;
    this.#known = Array.from({ length: log.shapes.length });
  }

  /** The class of a shape by the first line that has it. */
  of(shape: number): ShapeFacts {
    const known = this.#known[shape];
    if (known !== undefined) return known;
    const text = this.#left-- > 0 ? this.#log.firstText(shape) : '';
    const { message } = splitPrefix(stripColours(text));
    const lineClass = this.#classify(message);
    const made = {
      ...lineClass,
      isBlank: message.trim() === '',
      kin: this.#kinOf(lineClass.by, this.form.message(text)),
    };
    this.#known[shape] = made;
    return made;
  }

  /** The class of a line. */
  ofLine(line: number): ShapeFacts {
    return this.of(this.#log.shapeOf(line));
  }

  #kinOf(rule: string, message: string): number {
    const words = message
      .slice(0, 200)
      .replaceAll(/\d+/g, '0')
      .split(/[\s:=,([]+/, KIN_WORDS + 1)
      .slice(0, KIN_WORDS);
    const key = `${rule} ${words.join(' ')}`;
    let kin = this.#kins.get(key);
    if (kin === undefined) {
      kin = this.#kins.size;
      this.#kins.set(key, kin);
    }
    return kin;
  }
}
