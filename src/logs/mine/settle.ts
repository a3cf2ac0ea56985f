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
}

/** Finds clusters that are of one form though no single message showed it, and unites them by their ids. */
export function settle(clusters: readonly Cluster[], unite: (a: number, b: number) => void): void {
  let forms: Form[] = clusters.map((cluster) => ({
    id: cluster.id,
    signature: signatureOf(cluster),
    gaps: cluster.gaps,
    keys: cluster.words.map((word) => word.key),
  }));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = mergeByPlace(forms, unite);
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

/** Merges forms that differ in one word only, where that word is wild in one of them or takes many values. */
function mergeByPlace(forms: readonly Form[], unite: (a: number, b: number) => void): Form[] {
  const places = new Map<string, { at: number; forms: Form[] }>();
  for (const form of forms) {
    for (let at = 0; at < form.keys.length; at++) {
      const key = [form.signature, at, ...form.keys.with(at, WILD)].join('\u0002');
      const place = places.get(key);
      if (place === undefined) places.set(key, { at, forms: [form] });
      else place.forms.push(form);
    }
  }
  const gone = new Set<Form>();
  const candidates = [...places.values()].filter((place) => place.forms.length > 1);
  for (const { at, forms: found } of candidates.toSorted((a, b) => b.forms.length - a.forms.length)) {
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
  }
  return forms.filter((form) => !gone.has(form));
}
