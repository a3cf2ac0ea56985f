import type { LineClass } from '../recognise/index.ts';
import { splitPrefix, stripColours } from '../recognise/index.ts';
import type { LineForm } from '../render/line-text.ts';
import type { ScannedLog } from '../scan/index.ts';
import { tellingShare } from './tellingness.ts';
import { isAnchor } from './weights.ts';

/** Shapes that are read and classified; the rest, all rare ones of a very long log, count as information. */
const MAX_CLASSIFIED = 200_000;

/** What is known of a shape by its first line. */
export interface ShapeFacts extends LineClass {
  /** Nothing but blanks, a time or a runner's prefix. */
  readonly isBlank: boolean;
  /**
   * Shapes that say the same in other words have the same number: the same rule, the same first words. Of
   * lines that are no anchors nobody asks for it: they have none.
   */
  readonly kin: number;
  /** What it keeps, 0 to 1, of the worth that it has only for its neighbours' sake. */
  readonly share: number;
}

const NO_KIN = -1;
/** The first words of a message: up to four. */
const FIRST_WORDS = /^(?:[^\s:=,([]*[\s:=,([]+){0,3}[^\s:=,([]*/;
/** Text that is looked at for them. */
const KIN_CHARS = 200;

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
    const { role, priority, family, by, errorType } = lineClass;
    const made = {
      role,
      priority,
      family,
      by,
      ...(errorType === undefined ? undefined : { errorType }),
      isBlank: message.trim() === '',
      kin: isAnchor(lineClass) ? this.#kinOf(lineClass.by, this.form.message(text)) : NO_KIN,
      share: tellingShare(message, role),
    };
    this.#known[shape] = made;
    return made;
  }

  /** The class of a line. */
  ofLine(line: number): ShapeFacts {
    return this.of(this.#log.shapeOf(line));
  }

  #kinOf(rule: string, message: string): number {
    const words = FIRST_WORDS.exec(message.slice(0, KIN_CHARS))?.[0] ?? '';
    const key = `${rule} ${words.replaceAll(/\d+/g, '0').replaceAll(/[\s:=,([]+/g, ' ')}`;
    let kin = this.#kins.get(key);
    if (kin === undefined) {
      kin = this.#kins.size;
      this.#kins.set(key, kin);
    }
    return kin;
  }
}
