import type { CompletionNode, CompletionOption, Value } from './tree.ts';

/** The completion script for bash 3.2 and later; it needs no bash-completion package. */
export function bashScript(tree: readonly CompletionNode[]): string {
  const commands = tree.filter(({ path }) => path !== '').map(({ path }) => quote(path));
  const valued = new Set(
    tree.flatMap(({ options }) =>
      options.filter(({ value }) => value.kind !== 'none').map(({ name }) => name),
    ),
  );
  return `# Completion of pare for bash. Load it with: source <(pare completion bash)
_pare() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local path="" word index
  # bash splits at "=", so that --option=value comes as three words.
  if [[ "$current" == "=" ]]; then current=""
  elif [[ "$previous" == "=" ]]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    case "$word" in
      ${[...valued].join('|')}) ((index++)); [[ "\${COMP_WORDS[index]}" == "=" ]] && ((index++)) ;;
      -*|=) ;;
      *) case "\${path:+$path }$word" in
           ${commands.join('|')}) path="\${path:+$path }$word" ;;
         esac ;;
    esac
  done
  case "$path:$previous" in
${optionCases(tree).join('\n')}
  esac
  case "$path" in
${tree.map(nodeCase).join('\n')}
  esac
}
complete -o bashdefault -F _pare pare
`;
}

function optionCases(tree: readonly CompletionNode[]): string[] {
  const [root, ...others] = tree;
  const globals = root?.options ?? [];
  const isGlobal = (option: CompletionOption): boolean => globals.some(({ name }) => name === option.name);
  const withValue = (options: readonly CompletionOption[]): readonly CompletionOption[] =>
    options.filter(({ value }) => value.kind !== 'none');
  return [
    ...others.flatMap(({ path, options }) =>
      withValue(options.filter((option) => !isGlobal(option))).map(
        ({ name, value }) => `    ${quote(`${path}:${name}`)}) ${complete(value)}; return ;;`,
      ),
    ),
    ...withValue(globals).map(({ name, value }) => `    *:${name}) ${complete(value)}; return ;;`),
  ];
}

function nodeCase({ path, commands, options, argument }: CompletionNode): string {
  const words = (names: readonly string[]): string =>
    `COMPREPLY=($(compgen -W ${quote(names.join(' '))} -- "$current"))`;
  const flags = words(options.map(({ name }) => name));
  const rest = commands.length > 0 ? words(commands.map(({ name }) => name)) : complete(argument);
  return `    ${quote(path)}) if [[ "$current" == -?* ]]; then ${flags}; else ${rest}; fi ;;`;
}

function complete(value: Value): string {
  if (value.kind === 'choices') {
    return `COMPREPLY=($(compgen -W ${quote(value.choices.join(' '))} -- "$current"))`;
  }
  if (value.kind !== 'file' && value.kind !== 'directory') return ':';
  const what = value.kind === 'file' ? '-f' : '-d';
  return `compopt -o filenames 2>/dev/null; local IFS=$'\\n'; COMPREPLY=($(compgen ${what} -- "$current"))`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
