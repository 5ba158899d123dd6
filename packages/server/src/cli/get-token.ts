import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  type AuthorizationDetail,
  type Dpop,
  dpop,
  dpopKey,
  type IssuedToken,
  requestToken,
} from '@tessera/client';
import { isJsonObject } from '@tessera/protocol';
import { Option } from 'commander';
import { CLIENT_OPTIONS, type ClientFlags, clientCall } from './client-authentication.ts';
import { defineCommand, type Invocation } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { connect } from './connection.ts';
import { readPrivateKey } from './read-key.ts';
import { readText, writePrivateFile } from './secret-files.ts';
import type { Terminal } from './terminal.ts';

type GetFlags = ClientFlags & {
  readonly scope?: readonly string[];
  readonly resource?: readonly string[];
  readonly authorizationDetails?: string;
  readonly dpop?: true;
  readonly dpopKeyFile?: string;
  readonly proofFor?: readonly string[];
  readonly header?: true;
};

const gather = (text: string, earlier: unknown): readonly string[] => [
  ...(Array.isArray(earlier) ? (earlier as readonly string[]) : []),
  text,
];

export const GET_TOKEN_COMMAND = defineCommand<GetFlags>({
  name: 'get',
  summary: 'Get an access token with the client credentials grant',
  description: 'Prints the token alone, or with --output all that the server answered.',
  options: [
    ...CLIENT_OPTIONS,
    new Option('--scope <scope>', 'what to ask for; may be repeated').argParser(gather),
    new Option('--resource <uri>', 'the API it is for; may be repeated').argParser(gather),
    new Option(
      '--authorization-details <path>',
      'a JSON list of what it shall permit in detail; - for standard input',
    ),
    new Option('--dpop', 'bind the token to a key'),
    new Option(
      '--dpop-key-file <path>',
      'the key, as a private JWK; made when there is none. Without, it ends with this command',
    ),
    new Option(
      '--proof-for <method and url...>',
      'print headers for one call: GET https://api.example.com/orders',
    ),
    new Option('--header', 'print it as a header: Authorization: Bearer …'),
  ],
  examples: [
    'tessera token get --realm alpha --client-id myClient --scope write --client-secret-file ./myClient.secret',
    'tessera token get --client-id myClient --private-key-jwt --key-file ./myClient.key.json',
    'tessera token get --client-id myClient --mtls --cert-file ./myClient.pem --key-file ./myClient.key',
    'tessera token get --client-id myClient --dpop --dpop-key-file ./dpop.json --proof-for GET https://orders.example.com/',
    'curl --header "$(tessera token get --client-id myClient --header)" https://orders.example.com/',
  ],
  run: getToken,
});

async function getToken(invocation: Invocation<GetFlags>): Promise<void> {
  const { terminal, flags, note } = invocation;
  const target = readTarget(flags);
  const prover = await readProver(terminal, flags, note);
  const authorizationDetails = await readDetails(terminal, flags.authorizationDetails);
  const call = await clientCall(terminal, connect(terminal, flags), flags);
  const { scope, resource } = flags;
  const issued = await requestToken({
    ...call,
    scope: scope?.join(' '),
    resource,
    authorizationDetails,
    dpop: prover,
  });
  const proof =
    target === undefined
      ? undefined
      : await prover?.prove({ ...target, accessToken: issued.accessToken });
  present(invocation, issued, proof);
}

function present(
  { terminal, flags, report }: Invocation<GetFlags>,
  issued: IssuedToken,
  proof: string | undefined,
): void {
  const { accessToken, tokenType, expiresIn, scope, authorizationDetails } = issued;
  if (flags.header === true || (proof !== undefined && flags.output === undefined)) {
    terminal.output.write(`Authorization: ${tokenType} ${accessToken}\n`);
    if (proof !== undefined) terminal.output.write(`DPoP: ${proof}\n`);
  } else if (flags.output === undefined) terminal.output.write(`${accessToken}\n`);
  else
    report({
      accessToken,
      tokenType,
      expiresIn,
      scope: scope.join(' '),
      ...(authorizationDetails !== undefined && { authorizationDetails }),
      ...(flags.dpop === true && { dpopKeyFile: flags.dpopKeyFile ?? null }),
      ...(proof !== undefined && { proof }),
    });
}

function readTarget({ dpop: bound, dpopKeyFile, proofFor }: GetFlags) {
  if (bound !== true && (dpopKeyFile ?? proofFor) !== undefined)
    throw usage('without --dpop there are neither keys nor proofs', 'Add --dpop.');
  if (proofFor === undefined) return undefined;
  const [method = '', address = '', ...beyond] = proofFor;
  if (!/^[A-Z]+$/.test(method) || !URL.canParse(address) || beyond.length > 0)
    throw usage(
      '--proof-for takes a method and an address',
      'Give both: --proof-for GET https://api.example.com/orders.',
    );
  return { method, address };
}

async function readProver(
  terminal: Terminal,
  { dpop: bound, dpopKeyFile, proofFor }: GetFlags,
  note: (text: string) => void,
): Promise<Dpop | undefined> {
  if (bound !== true) return undefined;
  if (dpopKeyFile === undefined) {
    if (proofFor === undefined)
      note('The key ends with this command, and the token with it: keep it with --dpop-key-file.');
    return dpop(await dpopKey());
  }
  if (!existsSync(dpopKeyFile)) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writePrivateFile(dpopKeyFile, `${JSON.stringify(privateKey.export({ format: 'jwk' }))}\n`);
    note(`A new key is in ${dpopKeyFile}, readable for you alone.`);
  }
  return dpop(await dpopKey(await readPrivateKey(terminal, dpopKeyFile)));
}

/** RFC 9396 §2: a JSON list of objects, each of which names its type. */
async function readDetails(
  terminal: Terminal,
  path: string | undefined,
): Promise<readonly AuthorizationDetail[] | undefined> {
  if (path === undefined) return undefined;
  const text = await readText(terminal, path);
  let details: unknown;
  try {
    details = JSON.parse(text);
  } catch {
    details = undefined;
  }
  const list = Array.isArray(details) ? details : [undefined];
  if (list.every((one) => isJsonObject(one) && typeof one['type'] === 'string'))
    return list as readonly AuthorizationDetail[];
  throw usage(
    `${path} holds no authorization details`,
    'Give a JSON list of objects with a member type: [{"type":"payment"}].',
  );
}

const usage = (message: string, remedy: string): CommandFailure =>
  new CommandFailure('usage', message, remedy);
