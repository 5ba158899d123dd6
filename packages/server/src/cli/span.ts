import { Option } from 'commander';
import { CommandFailure } from './command-failure.ts';
import { parseDuration, parseInstant } from './durations.ts';
import type { Terminal } from './terminal.ts';

export const SINCE_OPTION = new Option(
  '--since <when>',
  'from then on: 1h (ago), 2027-01-31, or an instant',
);
export const UNTIL_OPTION = new Option('--until <when>', 'up to then, in the same forms');

/** The flags above as the administration API takes them: seconds since 1970. */
export function readSpan(
  terminal: Terminal,
  flags: { readonly since?: unknown; readonly until?: unknown },
): { readonly since?: string; readonly until?: string } {
  const { since, until } = flags;
  return {
    ...(typeof since === 'string' && { since: readWhen(terminal, '--since', since) }),
    ...(typeof until === 'string' && { until: readWhen(terminal, '--until', until) }),
  };
}

function readWhen(terminal: Terminal, flag: string, text: string): string {
  const instant = parseInstant(text);
  const ago = parseDuration(text);
  if (instant === undefined && ago === undefined)
    throw new CommandFailure(
      'usage',
      `${flag} ${JSON.stringify(text)} is no instant`,
      'Give one such as 2027-01-31, 2027-01-31T12:00:00Z, or 1h for an hour ago.',
    );
  return String(instant ?? Math.max(0, terminal.now() - (ago ?? 0)));
}
