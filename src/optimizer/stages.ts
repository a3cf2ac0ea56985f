import { ConfigError, type StageName } from '../contract/index.ts';
import type { Config } from './config.ts';

/** The stages that this version has. */
const BUILT_STAGES: ReadonlySet<string> = new Set<StageName>([
  'exact-cache',
  'semantic-cache',
  'tool-selection',
]);

/** Checks that every stage that is switched on exists. @throws ConfigError `stage_unavailable` */
export function checkStages(config: Pick<Config, 'stages'>): void {
  for (const [name, mode] of Object.entries(config.stages)) {
    if (mode === undefined || mode === 'off' || BUILT_STAGES.has(name)) continue;
    throw new ConfigError(
      'stage_unavailable',
      `The stage "${name}" is set to "${mode}", but this version of Pare does not have it. Leave it out or set it to off.`,
    );
  }
}
