import type { Cluster } from './cluster.ts';
import { signatureOf, WILD } from './tokens.ts';
import { isValues } from './values.ts';

/** Fixed words that forms must have beside the place in which they differ. */
const MIN_FIXED = 2;
/** Fixed words that forms of different length must have in common. */
const MIN_COMMON = 2;
const MAX_ROUNDS = 3;

interface Form {
  readonly id: number;
  readonly signature: string;
  readonly gaps: readonly string[];
  keys: readonly string[];
  /** The keys, each as one sign: short to join and to compare. */
  signs: string;
}

/** Numbers texts, and writes each number as one sign of two characters. */
class Signs {
  readonly #known = new Map<string, string>();

  of(text: string): string {
    let sign = this.#known.get(text);
    if (sign === undefined) {
      const number = this.#known.size;
      sign = String.fromCharCode(number >>> 16, number & 0xff_ff);
      this.#known.set(text, sign);
    }
    return sign;
  }
}

const SIGN_LENGTH = 2;

/**
 * Finds clusters that are of one form though no single message showed it, and unites them by their ids. It
 * pauses again and again, so that the caller can, too.
 */
export function* settle(
  clusters: readonly Cluster[],
  unite: (a: number, b: number) => void,
): Generator<undefined> {
  const signs = new Signs();
  let forms: Form[] = [];
  for (const cluster of clusters) {
    const keys = cluster.words.map((word) => word.key);
    forms.push({
      id: cluster.id,
      signature: signs.of(signatureOf(cluster)),
      gaps: cluster.gaps,
      keys,
      signs: keys.map((key) => signs.of(key)).join(''),
    });
    yield;
  }
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = yield* mergeByPlace(forms, signs.of(WILD), unite);
    if (next.length === forms.length) break;
    forms = next;
  }
  mergeByWords(forms, unite);
}

/** Merges forms with the same fixed words in the same order: lists, and parts that are there or not. */
function mergeByWords(forms: readonly Form[], unite: (a: number, b: number) => void): void {
  const found = new Map<string, Form>();
  for (const form of forms) {
    const fixed = form.keys.filter((key) => !key.includes(WILD));
    if (fixed.length < MIN_COMMON) continue;
    const key = fixed.join('\u0002');
    const other = found.get(key);
    if (other === undefined) found.set(key, form);
    else unite(other.id, form.id);
  }
}

/** Forms that are the same but for the word at one place. */
interface Alike {
  readonly at: number;
  readonly forms: Form[];
}

/** The signs of a form with another one at a place. */
function withSign(signs: string, at: number, sign: string): string {
  return signs.slice(0, at * SIGN_LENGTH) + sign + signs.slice((at + 1) * SIGN_LENGTH);
}

function* alikeOf(forms: readonly Form[], wild: string): Generator<undefined, Alike[]> {
  const places = new Map<string, Alike>();
  for (const form of forms) {
    for (let at = 0; at < form.keys.length; at++) {
      const key = form.signature + String.fromCharCode(at) + withSign(form.signs, at, wild);
      const place = places.get(key);
      if (place === undefined) places.set(key, { at, forms: [form] });
      else place.forms.push(form);
    }
    yield;
  }
  return [...places.values()].filter((place) => place.forms.length > 1);
}

/** Merges forms that differ in one word only, where that word is wild in one of them or takes many values. */
function* mergeByPlace(
  forms: readonly Form[],
  wild: string,
  unite: (a: number, b: number) => void,
): Generator<undefined, Form[]> {
  const candidates = yield* alikeOf(forms, wild);
  const gone = new Set<Form>();
  for (const { at, forms: found } of candidates.toSorted((a, b) => b.forms.length - a.forms.length)) {
    yield;
    const live = found.filter((form) => !gone.has(form));
    const [first, ...others] = live;
    if (first === undefined || others.length === 0) continue;
    const fixed = first.keys.filter((key, index) => index !== at && key !== WILD).length;
    const words = new Set(live.map(({ keys }) => keys[at] ?? ''));
    const place = { after: first.keys[at - 1] ?? '', before: first.gaps[at] ?? '', words };
    if (fixed < MIN_FIXED || !isValues(place)) continue;
    for (const other of others) {
      unite(first.id, other.id);
      gone.add(other);
    }
    first.keys = first.keys.with(at, WILD);
    first.signs = withSign(first.signs, at, wild);
  }
  return forms.filter((form) => !gone.has(form));
}
