import type { LogError } from '../../contract/index.ts';
import type { ErrorMemory } from '../options.ts';
import type { LogIdentity } from '../scan/log-source.ts';
import { type DigestSources, digestOfLog, digestsOf } from './digests.ts';

/** The errors of a log, with what earlier logs had of them. @throws what the memory throws */
export async function recall(
  errors: readonly LogError[],
  sources: DigestSources,
  { memory, identity }: { readonly memory: ErrorMemory | undefined; readonly identity: LogIdentity },
): Promise<readonly LogError[]> {
  if (memory === undefined || errors.length === 0) return errors;
  const seen = await memory.seen(digestsOf(errors, sources), digestOfLog(identity));
  return errors.map((error, i) => {
    const before = seen[i];
    return before === undefined ? error : { ...error, seenRuns: before.runs, firstSeen: before.since };
  });
}
