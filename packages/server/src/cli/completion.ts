import { type Command, Option } from 'commander';
import { defineCommand } from './command.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** What can follow a command: read from the program itself, so that it can not be out of date. */
type Place = {
  /** The words that lead there, each with a space before it; '' is the program alone. */
  readonly at: string;
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly Option[];
};

/** `findProgram`: the whole program, which does not exist yet where this command is made. */
export const completionCommand = (findProgram: () => Command) =>
  defineCommand({
    name: 'completion',
    summary: 'Print a script that completes commands and flags in bash, zsh or fish',
    operands: '<shell>',
    local: true,
    examples: [
      'source <(tessera completion bash)',
      'tessera completion zsh > ~/.zsh/completions/_tessera',
      'tessera completion fish > ~/.config/fish/completions/tessera.fish',
    ],
    run({ operands, terminal }) {
      const [shell] = operands;
      const known = SHELLS.find((one) => one === shell);
      if (known === undefined)
        return findProgram().error(`no script for ${shell}: one of ${SHELLS.join(', ')}`);
      terminal.output.write(SCRIPTS[known](placesOf(findProgram())));
    },
  });

function placesOf(program: Command): readonly Place[] {
  const global = program.options;
  const walk = (command: Command, at: string): readonly Place[] => [
    {
      at,
      commands: command.commands.map((sub) => ({ name: sub.name(), summary: sub.summary() })),
      options: [...command.options, ...(command === program ? [] : global), HELP],
    },
    ...command.commands.flatMap((sub) => walk(sub, `${at} ${sub.name()}`)),
  ];
  return walk(program, '');
}

const HELP = new Option('-h, --help', 'show what the command takes');

const flagsOf = ({ options }: Place): readonly string[] =>
  options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]));

/** Words that lead from one place to the next, as patterns of a shell's `case`. */
const steps = (places: readonly Place[], quote: string, between: string): string =>
  places
    .filter(({ at }) => at !== '')
    .map(({ at }) => `${quote}${at}${quote}`)
    .join(between);

/** Values of flags that are one of a few. */
function choicesOf(places: readonly Place[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { options } of places)
    for (const { long, short, argChoices } of options)
      for (const flag of [long, short])
        if (typeof flag === 'string' && argChoices !== undefined) found.set(flag, argChoices);
  return found;
}

const words = (place: Place): string =>
  [...place.commands.map(({ name }) => name), ...flagsOf(place)].join(' ');

function formatBash(places: readonly Place[]): string {
  const values = [...choicesOf(places)].map(
    ([flag, choices]) =>
      `    ${flag}) COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$cur")); return ;;`,
  );
  const replies = places.map((place) => `    "${place.at}") words="${words(place)}" ;;`);
  return `# bash completion for tessera
_tessera() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" at="" word words=""
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${values.join('\n')}
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
      ${steps(places, '"', '|')}) at="$at $word" ;;
    esac
  done
  case "$at" in
${replies.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _tessera tessera
`;
}

function formatZsh(places: readonly Place[]): string {
  const values = [...choicesOf(places)].map(
    ([flag, choices]) => `    ${flag}) compadd -- ${choices.join(' ')}; return ;;`,
  );
  const replies = places.map(
    (place) => `    "${place.at}") compadd -- ${words(place)} && return ;;`,
  );
  return `#compdef tessera
_tessera() {
  local at="" word
  case "\${words[CURRENT-1]}" in
${values.join('\n')}
  esac
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
      ${steps(places, '"', '|')}) at="$at $word" ;;
    esac
  done
  case "$at" in
${replies.join('\n')}
  esac
  _files
}
if [ "$funcstack[1]" = "_tessera" ]; then
  _tessera
else
  compdef _tessera tessera
fi
`;
}

function formatFish(places: readonly Place[]): string {
  const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const lines = places.flatMap(({ at, commands, options }) => {
    const condition = `complete -c tessera -n ${quote(`__tessera_at ${quote(at)}`)}`;
    return [
      ...commands.map(({ name, summary }) => `${condition} -f -a ${name} -d ${quote(summary)}`),
      ...options.map(({ long, short, argChoices, description, required }) =>
        [
          condition,
          ...(typeof long === 'string' ? [`-l ${long.slice(2)}`] : []),
          ...(typeof short === 'string' ? [`-s ${short.slice(1)}`] : []),
          ...(argChoices === undefined
            ? required
              ? ['-r']
              : []
            : [`-x -a ${quote(argChoices.join(' '))}`]),
          `-d ${quote(description)}`,
        ].join(' '),
      ),
    ];
  });
  return `# fish completion for tessera
function __tessera_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    switch "$at $word"
      case ${steps(places, "'", ' ')}
        set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end
${lines.join('\n')}
`;
}

const SCRIPTS: { readonly [Name in Shell]: (places: readonly Place[]) => string } = {
  bash: formatBash,
  zsh: formatZsh,
  fish: formatFish,
};
