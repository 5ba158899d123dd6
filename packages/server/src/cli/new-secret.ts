import { Option } from 'commander';
import { CommandFailure } from './command-failure.ts';
import { parseDuration } from './durations.ts';
import type { Asked } from './route-command.ts';
import { readSecret } from './secret-files.ts';

const FLAGS = {
  label: '--secret-label',
  expiresIn: '--secret-expires-in',
  file: '--chosen-secret-file',
} as const;

/** How the first secret of a new client is made. */
export const newSecretOptions = (): readonly Option[] => [
  new Option('--no-secret', 'make no secret now'),
  new Option(`${FLAGS.label} <label>`, 'tells the secret from later ones'),
  new Option(`${FLAGS.expiresIn} <duration>`, 'when the secret ends: 30d, 24h'),
  new Option(
    `${FLAGS.file} <path>`,
    'a secret of your own instead of a generated one, which is better; - for standard input',
  ),
];

/** The member `secret` of a new client. Without it, the server makes one. */
export async function readNewSecret({
  terminal,
  flags,
}: Asked): Promise<{ readonly secret?: unknown }> {
  const { secret, secretLabel, secretExpiresIn, chosenSecretFile } = flags;
  const described = {
    ...(typeof secretLabel === 'string' && { label: secretLabel }),
    ...(typeof secretExpiresIn === 'string' && { expiresIn: readExpiry(secretExpiresIn) }),
    ...(typeof chosenSecretFile === 'string' && {
      secret: await readSecret(terminal, {
        file: chosenSecretFile,
        question: 'Secret',
        flag: FLAGS.file,
      }),
    }),
  };
  const given = Object.keys(described).length > 0;
  if (secret === false && given)
    throw new CommandFailure(
      'usage',
      '--no-secret does not go with flags that describe one',
      'Leave one of them out.',
    );
  if (secret === false) return { secret: null };
  return given ? { secret: described } : {};
}

function readExpiry(text: string): number {
  const seconds = parseDuration(text);
  if (seconds !== undefined) return seconds;
  throw new CommandFailure(
    'usage',
    `${FLAGS.expiresIn} ${JSON.stringify(text)} is not a length of time`,
    'Give one such as 24h or 90d.',
  );
}
