import type { StageName } from '../contract/index.ts';

/**
 * The fixed order of the stages. Configuration switches stages on, to shadow or off; it never
 * reorders: an answer must be looked for before anything is rewritten, and the budget has the last word.
 */
export const STAGE_ORDER: readonly StageName[] = [
  'exact-cache',
  'semantic-cache',
  'memory-recall',
  'tool-output',
  'context',
  'tool-selection',
  'prompt-compression',
  'budget',
];
