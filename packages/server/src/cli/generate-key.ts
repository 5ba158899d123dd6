import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatThumbprintInput, readVerificationKey } from '@tessera/protocol';
import { Option } from 'commander';
import { callApi } from './call-api.ts';
import { defineCommand, type Invocation } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { connect, realmOf } from './connection.ts';
import { parseDuration } from './durations.ts';
import { YES_OPTION } from './route-command.ts';
import { writePrivateFile } from './secret-files.ts';

type GenerateFlags = {
  readonly out: string;
  readonly algorithm: keyof typeof PAIRS;
  readonly label?: string;
  readonly expiresIn?: string;
  readonly yes?: boolean;
};

const PAIRS = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 3072 }),
  EdDSA: () => generateKeyPairSync('ed25519'),
} as const satisfies Record<string, () => { publicKey: KeyObject; privateKey: KeyObject }>;

/** The private half is made here and stays here: the server never sees it. */
export const GENERATE_KEY_COMMAND = defineCommand<GenerateFlags>({
  name: 'generate',
  summary: 'Make a key pair here, keep the private half in a file and register the public half',
  description: 'The private key never leaves this machine. Its name is its thumbprint (RFC 7638).',
  operands: '<client-id>',
  options: [
    new Option('--out <path>', 'where the private JWK goes, for you alone').makeOptionMandatory(),
    new Option('--algorithm <algorithm>', 'what it signs with')
      .choices(Object.keys(PAIRS))
      .default('ES256'),
    new Option('--label <label>', 'tells it from others'),
    new Option('--expires-in <duration>', 'when it ends: 90d, 24h'),
    YES_OPTION,
  ],
  examples: [
    'tessera client key generate myClient --out ./myClient.key.json',
    'tessera client key generate myClient --out ./new.key.json --algorithm EdDSA --expires-in 90d',
  ],
  run: generateKey,
});

async function generateKey({
  terminal,
  flags,
  operands,
  report,
  note,
}: Invocation<GenerateFlags>): Promise<void> {
  const [clientId = ''] = operands;
  const { out, algorithm, label } = flags;
  if (existsSync(out) && flags.yes !== true)
    throw new CommandFailure(
      'conflict',
      `${out} is there already`,
      'Choose another path, or replace it with --yes: the key in it is lost then.',
    );
  // Before the server believes a key, so that none is registered that nobody could keep.
  accessSync(dirname(out), constants.W_OK);
  const expiresIn = readExpiry(flags.expiresIn);
  const connection = connect(terminal, flags);
  const realm = realmOf(connection);

  const pair = PAIRS[algorithm]();
  const jwk = pair.publicKey.export({ format: 'jwk' });
  const read = readVerificationKey(jwk);
  if (!read.ok) throw new Error(`a key for ${algorithm} was made that can not be read`);
  const kid = createHash('sha256').update(formatThumbprintInput(read.value)).digest('base64url');
  const named = { kid, alg: algorithm, use: 'sig' };

  const { value } = await callApi(terminal, connection, 'addKey', {
    params: { realm, clientId },
    body: {
      jwk: { ...jwk, ...named },
      ...(label !== undefined && { label }),
      ...(expiresIn !== undefined && { expiresIn }),
    },
  });
  const privateJwk = { ...pair.privateKey.export({ format: 'jwk' }), ...named };
  writePrivateFile(out, `${JSON.stringify(privateJwk, null, 2)}\n`);
  const { jwk: _, ...shown } = value;
  report({ ...shown, privateKeyFile: out });
  note(
    `The private key is in ${out}, readable for you alone. Next, the first only if ` +
      `the client has another method yet:\n` +
      `  tessera client update ${clientId} --authentication-method private_key_jwt\n` +
      `  tessera token get --client-id ${clientId} --private-key-jwt --key-file ${out}`,
  );
}

function readExpiry(text: string | undefined): number | undefined {
  const seconds = text === undefined ? undefined : parseDuration(text);
  if (text === undefined || seconds !== undefined) return seconds;
  throw new CommandFailure(
    'usage',
    `--expires-in ${JSON.stringify(text)} is not a length of time`,
    'Give one such as 24h or 90d.',
  );
}
