import type { CommandSpec, OptionSpec } from '../command.ts';
import { GLOBAL_OPTIONS } from '../global-options.ts';

/** What comes after an option or as an argument. */
export type Value =
  | { readonly kind: 'none' }
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'file' }
  | { readonly kind: 'directory' }
  | { readonly kind: 'text' };

/** One option as shells complete it. */
export interface CompletionOption {
  /** `--port` */
  readonly name: string;
  readonly description: string;
  readonly value: Value;
}

/** One place of the command line: `pare`, `pare cache`, `pare cache get`. */
export interface CompletionNode {
  /** The words after `pare`, joined by blanks; empty for `pare` itself. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  /** Its own and the global ones. */
  readonly options: readonly CompletionOption[];
  /** What its arguments are. */
  readonly argument: Value;
}

/** Every place of the command line, from the table of commands. */
export function completionTree(specs: readonly CommandSpec[]): readonly CompletionNode[] {
  const help = { name: 'help', description: 'print help for a command' };
  const root: CompletionNode = {
    path: '',
    commands: [...specs.map(({ name, description }) => ({ name, description })), help],
    options: [
      ...GLOBAL_OPTIONS.map(toOption),
      HELP,
      { name: '--version', description: 'print the version', value: NONE },
    ],
    argument: NONE,
  };
  const helpNode: CompletionNode = {
    path: 'help',
    commands: root.commands.filter(({ name }) => name !== 'help'),
    options: [],
    argument: NONE,
  };
  return [root, ...specs.flatMap((spec) => nodesOf(spec, '')), helpNode];
}

const NONE: Value = { kind: 'none' };
const HELP: CompletionOption = { name: '--help', description: 'print help', value: NONE };

function nodesOf(spec: CommandSpec, parent: string): CompletionNode[] {
  const path = parent === '' ? spec.name : `${parent} ${spec.name}`;
  const inner = spec.commands ?? [];
  const node: CompletionNode = {
    path,
    commands: inner.map(({ name, description }) => ({ name, description })),
    options: [...(spec.options ?? []), ...GLOBAL_OPTIONS].map(toOption).concat(HELP),
    argument: argumentOf(spec),
  };
  return [node, ...inner.flatMap((command) => nodesOf(command, path))];
}

function argumentOf({ arguments: args = [] }: CommandSpec): Value {
  const first = args[0];
  if (first === undefined) return NONE;
  if (typeof first !== 'string') {
    return first.choices === undefined ? toValue(first.text) : { kind: 'choices', choices: first.choices };
  }
  return toValue(first);
}

function toOption({ flags, description, choices }: OptionSpec): CompletionOption {
  const [name = '', placeholder] = flags.split(' ');
  if (choices !== undefined) return { name, description, value: { kind: 'choices', choices } };
  return { name, description, value: placeholder === undefined ? NONE : toValue(placeholder) };
}

function toValue(placeholder: string): Value {
  if (/file|request/.test(placeholder)) return { kind: 'file' };
  return /dir/.test(placeholder) ? { kind: 'directory' } : { kind: 'text' };
}
