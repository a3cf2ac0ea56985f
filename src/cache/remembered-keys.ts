import type { ChatRequest } from '../contract/index.ts';
import { createAttachment } from './attachment.ts';
import type { ScopeSurroundings } from './scope.ts';

/** Works out the key of a request in its surroundings. */
export type KeyOf = (request: ChatRequest, scope: ScopeSurroundings) => string;

interface Remembered {
  readonly scope: ScopeSurroundings;
  readonly key: string;
}

/**
 * Returns a `keyOf` that works out the key of one request object once, as long as all of the surroundings
 * that enter the key are the same. It is forgotten with the request.
 *
 * @param keyOf must depend on nothing else
 */
export function rememberKeys(keyOf: KeyOf): KeyOf {
  const known = createAttachment<ChatRequest, Remembered>();
  return (request, scope) => {
    const last = known.get(request);
    if (last !== undefined && isSame(last.scope, scope)) return last.key;
    const { tenant, upstream, answerHeaders, stages } = scope;
    const key = keyOf(request, scope);
    // Not the scope itself: it may be alive for long, and hold much.
    known.set(request, { scope: { tenant, upstream, answerHeaders, stages }, key });
    return key;
  };
}

function isSame(one: ScopeSurroundings, other: ScopeSurroundings): boolean {
  return (
    one.tenant === other.tenant &&
    one.upstream === other.upstream &&
    hasSameFields(one.answerHeaders, other.answerHeaders) &&
    hasSameFields(one.stages, other.stages)
  );
}

type Fields = Readonly<Record<string, string | undefined>>;

function hasSameFields(one: Fields, other: Fields): boolean {
  if (one === other) return true;
  let surplus = 0;
  for (const name in one) {
    if (one[name] !== other[name]) return false;
    surplus++;
  }
  for (const _ in other) surplus--;
  return surplus === 0;
}
