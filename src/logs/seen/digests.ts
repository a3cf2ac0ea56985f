import { createHash } from 'node:crypto';
import type { LogError } from '../../contract/index.ts';
import type { ShapeClasses } from '../judge/shape-classes.ts';
import { mask } from '../mine/index.ts';
import { endOfBlock } from '../report/error-block.ts';
import { identityOf } from '../report/errors.ts';
import type { ScannedLog } from '../scan/index.ts';
import type { LogIdentity } from '../scan/log-source.ts';

/** Lines of an error's block that tell it from others; how deep a stack is varies. */
const MOST_LINES = 8;
const MOST_CHARS = 1_000;
const DIGEST_CHARS = 20;
/** How long a test took is no part of which one it was. */
const DURATION = /\s{0,4}[([]?\b\d+(?:[.,]\d+)?\s?(?:ms|s|secs?|seconds?|m|mins?|minutes?)\b[)\]]?/g;

/** What digests are made from. */
export interface DigestSources {
  readonly log: ScannedLog;
  readonly classes: ShapeClasses;
}

/**
 * A digest of each error's block: the same for the same error in another log, whatever its numbers, ids, times and
 * paths. It leads back to no text.
 */
export function digestsOf(errors: readonly LogError[], sources: DigestSources): readonly string[] {
  return errors.map((error) => digestOf(error, sources));
}

/** A digest of a log's content, by what tells it from other logs. */
export function digestOfLog({ size, headSha256, tailSha256 }: LogIdentity): string {
  return shortened(JSON.stringify([size, headSha256, tailSha256]));
}

function digestOf({ type, firstLine }: LogError, { log, classes }: DigestSources): string {
  const first = firstLine - 1;
  const facts = classes.ofLine(first);
  const end = Math.min(endOfBlock({ log, classes }, first), first + MOST_LINES * 2);
  const [head = '', ...rest] = log.text(first, end + 1).map((line) => classes.form.message(line).trim());
  const lines = rest
    .filter((line) => line !== '')
    .slice(0, MOST_LINES - 1)
    .map((line) => mask(line.slice(0, MOST_CHARS)).text);
  return shortened(JSON.stringify([type, identityOf(facts, head.replaceAll(DURATION, '')), ...lines]));
}

function shortened(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, DIGEST_CHARS);
}
