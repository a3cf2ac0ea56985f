import type { CompletionNode, CompletionOption, Value } from './tree.ts';

/** The completion script for zsh: one function for each place of the command line. */
export function zshScript(tree: readonly CompletionNode[]): string {
  return `#compdef pare
# Completion of pare for zsh. Load it with: source <(pare completion zsh), after compinit.
${tree.map((node) => nodeFunction(node)).join('\n')}
if [ "$funcstack[1]" = "_pare" ]; then _pare "$@"; else compdef _pare pare; fi
`;
}

function nodeFunction(node: CompletionNode): string {
  const options = node.options.map((option) => `    ${quote(optionSpec(option))}`);
  if (node.commands.length === 0) {
    const specs = [...options, ...argumentSpecs(node.argument)];
    return `${functionName(node.path)}() {\n  _arguments -s -S \\\n${specs.join(' \\\n')}\n}`;
  }
  const names = node.commands.map(
    ({ name, description }) => `    ${quote(`${name}:${describe(description)}`)}`,
  );
  const calls = node.commands.map(({ name }) => {
    const inner = functionName(node.path === '' ? name : `${node.path} ${name}`);
    return `        ${name}) (( $+functions[${inner}] )) && ${inner} ;;`;
  });
  return `${functionName(node.path)}() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands
  commands=(
${names.join('\n')}
  )
  _arguments -s -S -C \\
${options.join(' \\\n')}${options.length === 0 ? '' : ' \\\n'}    '1: :->command' \\
    '*:: :->rest'
  case "$state" in
    command) _describe -t commands 'command' commands ;;
    rest)
      case "$line[1]" in
${calls.join('\n')}
      esac ;;
  esac
}`;
}

function optionSpec({ name, description, value }: CompletionOption): string {
  const action = value.kind === 'none' ? '' : `: :${actionOf(value)}`;
  return `${name}[${describe(description)}]${action}`;
}

function argumentSpecs(argument: Value): string[] {
  return argument.kind === 'none' ? [] : [`    ${quote(`*: :${actionOf(argument)}`)}`];
}

function actionOf(value: Value): string {
  if (value.kind === 'choices') return `(${value.choices.join(' ')})`;
  if (value.kind === 'file') return '_files';
  return value.kind === 'directory' ? '_files -/' : ' ';
}

function functionName(path: string): string {
  return path === '' ? '_pare' : `_pare_${path.replaceAll(/[ -]/g, '_')}`;
}

/** Brackets and colons mean something in a specification. */
function describe(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, String.raw`\$&`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
