import type { CompletionNode, CompletionOption, Value } from './tree.ts';

/** The completion script for fish. */
export function fishScript(tree: readonly CompletionNode[]): string {
  const valued = [
    ...new Set(
      tree.flatMap(({ options }) =>
        options.filter(({ value }) => value.kind !== 'none').map(({ name }) => name),
      ),
    ),
  ];
  const paths = tree.filter(({ path }) => path !== '').map(({ path }) => quote(path));
  return `# Completion of pare for fish. Load it with: pare completion fish | source
function __pare_path
    set -l path
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word ${valued.join(' ')}
            set skip 1
        else if not string match -q -- '-*' $word
            set -l next (string join ' ' $path $word)
            if contains -- $next ${paths.join(' ')}
                set path $next
            end
        end
    end
    string join ' ' $path
end
function __pare_at
    test (__pare_path | string collect --allow-empty) = "$argv[1]"
end
complete -c pare -f
${tree.map(nodeLines).join('\n')}
`;
}

function nodeLines(node: CompletionNode): string {
  const at = `complete -c pare -n ${quote(`__pare_at ${quote(node.path)}`)}`;
  return [
    ...node.commands.map(({ name, description }) => `${at} -a ${name} -d ${quote(description)}`),
    ...argumentLines(at, node.argument),
    ...node.options.map((option) => optionLine(at, option)),
  ].join('\n');
}

function argumentLines(at: string, argument: Value): string[] {
  if (argument.kind === 'choices') return [`${at} -a ${quote(argument.choices.join(' '))}`];
  if (argument.kind === 'file') return [`${at} -F`];
  return argument.kind === 'directory' ? [`${at} -a '(__fish_complete_directories)'`] : [];
}

function optionLine(at: string, { name, description, value }: CompletionOption): string {
  const base = `${at} -l ${name.replace(/^--/, '')} -d ${quote(description)}`;
  if (value.kind === 'choices') return `${base} -x -a ${quote(value.choices.join(' '))}`;
  if (value.kind === 'file') return `${base} -r -F`;
  if (value.kind === 'directory') return `${base} -x -a '(__fish_complete_directories)'`;
  return value.kind === 'text' ? `${base} -x` : base;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
