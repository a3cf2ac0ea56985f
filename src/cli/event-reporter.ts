import type { EventSink } from '../contract/index.ts';
import type { CommandContext } from './command.ts';

/** Writes events to stderr: warnings and errors always, the rest with `--verbose`. */
export function eventReporter(context: CommandContext): EventSink {
  return (event) => {
    const line = `pare: ${event.message} [${event.code}]`;
    if (event.level !== 'info') context.io.warn(line);
    else if (context.globals.verbose === true) context.io.note(line);
  };
}
