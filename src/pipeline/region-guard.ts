import type { ChatRequest, Region } from '../contract/index.ts';

/**
 * Names the first thing a stage changed without declaring it, or `undefined` when it kept to its
 * regions. Untouched values are the same objects, so this compares references only.
 */
export function findTrespass(
  before: ChatRequest,
  after: ChatRequest,
  declared: readonly Region[],
): string | undefined {
  if (
    before.wire !== after.wire ||
    before.model !== after.model ||
    before.isStream !== after.isStream ||
    before.wantsStreamUsage !== after.wantsStreamUsage ||
    before.source !== after.source
  ) {
    return 'request';
  }
  if (before.system !== after.system && !declared.includes('system')) return 'system';
  if (before.tools !== after.tools && !declared.includes('tools')) return 'tools';
  if (before.messages === after.messages && before.liveFrom === after.liveFrom) return undefined;
  if (
    !declared.includes('history') &&
    !sameItems(before.messages.slice(0, before.liveFrom), after.messages.slice(0, after.liveFrom))
  ) {
    return 'history';
  }
  if (
    !declared.includes('live') &&
    !sameItems(before.messages.slice(before.liveFrom), after.messages.slice(after.liveFrom))
  ) {
    return 'live';
  }
  return undefined;
}

function sameItems(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.length === after.length && before.every((item, index) => item === after[index]);
}
