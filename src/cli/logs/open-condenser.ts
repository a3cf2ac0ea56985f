import { createLogCondenser } from '../../logs/index.ts';
import type { CommandContext } from '../command.ts';
import { chooseCounting } from '../counting.ts';
import type { Condenser } from './condense-inputs.ts';
import { resolveSettings } from './resolve-settings.ts';

/** What condenses the logs of this run; wrong settings show before anything is read. @throws InputError */
export async function openCondenser(context: CommandContext): Promise<Condenser> {
  const resolved = await resolveSettings(context);
  const counting = await chooseCounting(context);
  return {
    context,
    resolved,
    counting,
    texts: await counting.open(),
    condense: createLogCondenser(),
    told: new Set(),
  };
}
