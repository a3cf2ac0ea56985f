import { createHash } from 'node:crypto';
import { InputError } from '../../contract/index.ts';

/** What stands before the id. */
const SCHEME = 'pare:';
const ID_LENGTH = 10;
/** No letters that are read as digits; five bits each. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const FORM = new RegExp(
  String.raw`^(?:${SCHEME})?([${ALPHABET}]{${ID_LENGTH}})(?:#L(\d{1,15})(?:-L?(\d{1,15}))?)?$`,
);

/** Lines of a log, 1-based, both ends included. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** A reference as it was written. */
export interface ParsedReference {
  readonly id: string;
  /** All lines when absent. */
  readonly lines?: LineRange;
}

/** The id of what has these facts: the same log has the same one, so that its condensed text stays the same. */
export function referenceId(facts: readonly (string | number | null)[]): string {
  const digest = createHash('sha256').update(JSON.stringify(facts)).digest();
  let id = '';
  for (let i = 0; i < ID_LENGTH; i++) id += ALPHABET.charAt((digest[i] ?? 0) % ALPHABET.length);
  return id;
}

/** The text that leads back to a log: `pare:…`. */
export function referenceText(id: string): string {
  return SCHEME + id;
}

/** Reads `pare:ID`, `pare:ID#L12` or `pare:ID#L12-40`. @throws InputError `invalid_reference` */
export function parseReference(text: string): ParsedReference {
  const [, id, from, to] = FORM.exec(text.trim()) ?? [];
  if (id === undefined) {
    throw new InputError(
      'invalid_reference',
      `"${text}" is no reference. One looks like pare:abcdefghij, with lines like pare:abcdefghij#L120-180.`,
    );
  }
  if (from === undefined) return { id };
  const lines = { from: Number(from), to: Number(to ?? from) };
  if (lines.from >= 1 && lines.to >= lines.from) return { id, lines };
  throw new InputError(
    'invalid_reference',
    `"${text}" names no lines: they are counted from 1, and the first comes before the last.`,
  );
}
