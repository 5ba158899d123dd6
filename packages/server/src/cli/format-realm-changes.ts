import pico from 'picocolors';
import type { Answer } from '../contract/index.ts';
import { printable, usesColour } from './output.ts';
import type { Terminal } from './terminal.ts';

type Told = Answer<'compareRealm'> & { readonly applied?: boolean };
type Change = Told['changes'][number];

const SIGNS = { create: '+', update: '~', delete: '-' } as const;

/** Longer values say that they differ, not how. */
const VALUE_LENGTH_MAX = 100;

/** What has changed, or would, as a person reads it. */
export function formatRealmChanges(
  terminal: Terminal,
  realm: string,
  { changes, keptCount, applied }: Told,
): string {
  const colours = pico.createColors(usesColour(terminal));
  const colourOf = { create: colours.green, update: colours.yellow, delete: colours.red };
  const lines = changes.flatMap((change) => [
    colourOf[change.action](
      printable(`${SIGNS[change.action]} ${change.kind.replaceAll('-', ' ')} ${change.name}`),
    ),
    ...(change.action === 'update' ? describeMembers(change) : []),
  ]);
  return `${[...lines, summarize(realm, changes.length, keptCount, applied)].join('\n')}\n`;
}

const describeMembers = ({ members }: Change): readonly string[] =>
  Object.entries(members).map(([name, { from, to }]) =>
    printable(`    ${name}: ${shorten(from)} → ${shorten(to)}`),
  );

function shorten(value: unknown): string {
  if (value === undefined) return 'not set';
  const text = JSON.stringify(value);
  return text.length <= VALUE_LENGTH_MAX ? text : `${text.slice(0, VALUE_LENGTH_MAX)}…`;
}

function summarize(
  realm: string,
  count: number,
  keptCount: number,
  applied: boolean | undefined,
): string {
  const kept =
    keptCount === 0
      ? ''
      : ` ${keptCount} more ${keptCount === 1 ? 'is' : 'are'} not in the file and left alone.`;
  if (count === 0) return `${realm}: nothing differs.${kept}`;
  const noun = count === 1 ? 'change' : 'changes';
  const done = applied === undefined ? '' : applied ? ', made' : ', tried and not made';
  return `${realm}: ${count} ${noun}${done}.${kept}`;
}
