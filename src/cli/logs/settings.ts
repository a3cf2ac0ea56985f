import type { Priority } from '../../contract/index.ts';
import type { CondenseLimits, ProfileName } from '../../logs/index.ts';

/** Priorities from the most urgent one. */
export const PRIORITIES: readonly Priority[] = ['critical', 'high', 'medium', 'low', 'verbose'];

/** Profiles that a log can have. */
export const PROFILES = ['auto', 'test_logs', 'error_logs', 'info_logs'] as const;

/** Tokens of a result when nothing else is said. */
export const DEFAULT_BUDGET = 76_659;

/** A rule of the caller's own, as it is written and saved. */
export interface PatternText {
  readonly priority: Priority;
  readonly pattern: string;
}

/** What decides how a log is condensed, as flags, presets, profiles and saved settings give it. */
export interface LogSettings {
  readonly tokenBudget?: number;
  readonly tokenBuffer?: number;
  readonly reserve?: number;
  readonly targetTokens?: number;
  readonly minCompression?: number;
  readonly componentBudgets?: Readonly<Partial<Record<Priority, number>>>;
  readonly profile?: ProfileName | 'auto';
  readonly priorityFilter?: Priority;
  readonly patterns?: readonly PatternText[];
}

/** Names of presets. */
export type PresetName = 'monitoring' | 'ci-integration' | 'max-compression' | 'balanced' | 'test-debugging';

/** Each preset is a set of flags. */
export const PRESETS: Readonly<Record<PresetName, LogSettings>> = {
  /** Looked at often: what is wrong, and little else. */
  monitoring: { tokenBudget: 8000, profile: 'error_logs', reserve: 0.3, priorityFilter: 'medium' },
  /** The end of a failed build, for whoever fixes it. */
  'ci-integration': { tokenBudget: 16_000, profile: 'auto', reserve: 0.2, minCompression: 0.5 },
  'max-compression': { tokenBudget: 4000, reserve: 0.4, minCompression: 0.95, priorityFilter: 'medium' },
  balanced: { tokenBudget: 32_000, reserve: 0.1, minCompression: 0.5 },
  /** Failures with what surrounds them. */
  'test-debugging': { tokenBudget: DEFAULT_BUDGET, profile: 'test_logs', reserve: 0.3 },
};

/** Puts settings on top of each other: later ones win, but patterns add up, the later ones before. */
export function mergeSettings(layers: readonly LogSettings[]): LogSettings {
  const patterns = layers.toReversed().flatMap((layer) => layer.patterns ?? []);
  const merged: LogSettings = Object.assign({}, ...layers);
  return patterns.length === 0 ? merged : { ...merged, patterns };
}

/** The limits as the condenser takes them. */
export function limitsOf(settings: LogSettings): CondenseLimits {
  const { tokenBuffer, reserve, targetTokens, minCompression, componentBudgets } = settings;
  return {
    tokenBudget: settings.tokenBudget ?? DEFAULT_BUDGET,
    ...(tokenBuffer === undefined ? {} : { tokenBuffer }),
    ...(reserve === undefined ? {} : { reserve }),
    ...(targetTokens === undefined ? {} : { targetTokens }),
    ...(minCompression === undefined ? {} : { minCompression }),
    ...(componentBudgets === undefined ? {} : { byPriority: componentBudgets }),
  };
}
