import type { StageMode, StageName } from '../contract/index.ts';

/** How bold Pare is by default. */
export type Preset = 'safe' | 'balanced' | 'max';

/**
 * Modes of the stages by preset. `safe` keeps to what loses nothing; `balanced` (the default) also
 * answers repeated requests and selects tools, with lossy stages and the semantic cache in shadow;
 * `max` switches all on.
 */
export const PRESETS: Readonly<Record<Preset, Readonly<Record<StageName, StageMode>>>> = {
  safe: {
    'exact-cache': 'on',
    'semantic-cache': 'off',
    'memory-recall': 'off',
    'tool-output': 'off',
    context: 'off',
    'tool-selection': 'off',
    'prompt-compression': 'off',
    budget: 'on',
  },
  balanced: {
    'exact-cache': 'on',
    'semantic-cache': 'shadow',
    'memory-recall': 'off',
    'tool-output': 'shadow',
    context: 'shadow',
    'tool-selection': 'on',
    'prompt-compression': 'shadow',
    budget: 'on',
  },
  max: {
    'exact-cache': 'on',
    'semantic-cache': 'on',
    'memory-recall': 'on',
    'tool-output': 'on',
    context: 'on',
    'tool-selection': 'on',
    'prompt-compression': 'on',
    budget: 'on',
  },
};
