import { Option } from 'commander';
import type { CommandGroup } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { findKey } from './find-by-name.ts';
import { GENERATE_KEY_COMMAND } from './generate-key.ts';
import { readJwk, readPublicKey } from './read-key.ts';
import { type Asked, routeCommand } from './route-command.ts';

async function byName(asked: Asked): Promise<Partial<Asked>> {
  const { id, revision } = await findKey(asked, asked.params['keyId'] ?? '');
  return { params: { ...asked.params, keyId: id }, revision };
}

/** One of a JWK, a PEM file and an address; the last is a flag of the contract. */
async function readAddedKey({ terminal, flags, body }: Asked): Promise<Partial<Asked>> {
  const { jwkFile, keyFile } = flags;
  const given = [jwkFile, keyFile, body['jwksUri'], body['jwk']].filter((one) => one !== undefined);
  if (given.length !== 1)
    throw new CommandFailure(
      'usage',
      'a key comes from one place',
      'Give one of --jwk-file, --key-file and --jwks-uri, or make one: tessera client key generate.',
    );
  if (typeof jwkFile === 'string')
    return { body: { ...body, jwk: await readJwk(terminal, jwkFile) } };
  if (typeof keyFile === 'string')
    return { body: { ...body, jwk: await readPublicKey(terminal, keyFile) } };
  return {};
}

export const KEY_COMMANDS: CommandGroup = {
  name: 'key',
  summary: 'Public keys of a client, for private_key_jwt: several at a time',
  commands: [
    routeCommand({
      name: 'list',
      route: 'listKeys',
      columns: ['label', 'kid', 'keyType', 'jwksUri', 'status', 'expiresAt', 'lastUsedAt', 'id'],
      examples: ['tessera client key list myClient'],
    }),
    GENERATE_KEY_COMMAND,
    routeCommand({
      name: 'add',
      route: 'addKey',
      options: [
        new Option('--jwk-file <path>', 'a public JWK; - for standard input'),
        new Option(
          '--key-file <path>',
          'a public key or a certificate in PEM; - for standard input',
        ),
      ],
      prepare: readAddedKey,
      examples: [
        'tessera client key add myClient --key-file ./public.pem --label laptop',
        'tessera client key add myClient --jwks-uri https://orders.example.com/jwks.json',
      ],
    }),
    routeCommand({
      name: 'update',
      route: 'updateKey',
      prepare: byName,
      examples: ['tessera client key update myClient laptop --expires-at 2027-01-31'],
    }),
    routeCommand({
      name: 'revoke',
      route: 'revokeKey',
      prepare: byName,
      destroys: ({ params }) =>
        `Assertions that client ${params['clientId']} makes with this key are refused at once.`,
      examples: ['tessera client key revoke myClient laptop --yes'],
    }),
  ],
};
