/** How the commands that speak to the OAuth 2.0 endpoints say who asks. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  type ClientAuthentication,
  clientCertificate,
  clientSecretJwt,
  discover,
  federated,
  privateKeyJwt,
  SPIFFE_ASSERTION_TYPE,
  secretBasic,
  secretPost,
} from '@tessera/client';
import { fetchWithCertificate } from '@tessera/client/node';
import { Option } from 'commander';
import { CommandFailure } from './command-failure.ts';
import { allowsHttp, type Connection, issuerOf } from './connection.ts';
import { decodeToken } from './decode-token.ts';
import { readPrivateKey } from './read-key.ts';
import { readSecret, readText } from './secret-files.ts';
import type { Terminal } from './terminal.ts';

export type ClientFlags = {
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly authMethod?: string;
  readonly privateKeyJwt?: true;
  readonly mtls?: true;
  readonly keyFile?: string;
  readonly kid?: string;
  readonly certFile?: string;
  readonly assertionFile?: string;
  readonly issuer?: string;
};

export const CLIENT_OPTIONS = [
  new Option('--client-id <client-id>', 'who asks'),
  new Option(
    '--client-secret-file <path>',
    'where its secret is, - for standard input; else TESSERA_CLI_CLIENT_SECRET, else it is asked',
  ),
  new Option('--auth-method <method>', 'how the secret is shown')
    .choices(['client_secret_basic', 'client_secret_post', 'client_secret_jwt'])
    .default('client_secret_basic'),
  new Option('--private-key-jwt', 'sign an assertion with --key-file instead of a secret'),
  new Option('--mtls', 'show the certificate of --cert-file, with --key-file, instead of a secret'),
  new Option('--key-file <path>', 'private key: a JWK, or PEM'),
  new Option('--kid <kid>', 'name of the key; without, the one in the JWK'),
  new Option('--cert-file <path>', 'certificate in PEM, with those above it behind it'),
  new Option(
    '--assertion-file <path>',
    'show an assertion that somebody else made; - for standard input',
  ),
  new Option('--issuer <url>', 'the issuer, where it does not follow from server and realm'),
];

/** All that a call of an endpoint needs: the server, who asks, and how that is shown. */
export async function clientCall(terminal: Terminal, connection: Connection, flags: ClientFlags) {
  const { clientId, issuer } = flags;
  if (clientId === undefined) throw usage('no client is named', 'Name one with --client-id.');
  checkMethod(flags);
  const transport = {
    allowHttp: allowsHttp(terminal),
    ...(flags.mtls === true && { fetch: await readShown(terminal, flags), mutualTls: true }),
  };
  const authenticate = await readAuthentication(terminal, clientId, flags);
  const server = await discover(issuer ?? issuerOf(connection), transport);
  return { ...transport, server, clientId, authenticate };
}

/** A flag that would silently mean nothing is refused. */
function checkMethod(flags: ClientFlags): void {
  const { privateKeyJwt: signs, mtls, assertionFile, clientSecretFile } = flags;
  const methods = {
    '--private-key-jwt': signs,
    '--mtls': mtls,
    '--assertion-file': assertionFile,
    '--client-secret-file': clientSecretFile,
  };
  const given = Object.entries(methods).flatMap(([flag, value]) =>
    value === undefined ? [] : [flag],
  );
  if (given.length > 1)
    throw usage(`${given.join(' and ')} do not go together`, 'A client proves itself in one way.');
  const needs = (flag: string, value: unknown, wanted: boolean, why: string): void => {
    if (wanted && value === undefined) throw usage(`${why} needs ${flag}`, `Give ${flag} PATH.`);
    if (!wanted && value !== undefined) throw usage(`${flag} has no meaning here`, 'Leave it out.');
  };
  needs('--key-file', flags.keyFile, signs === true || mtls === true, given[0] ?? '');
  needs('--cert-file', flags.certFile, mtls === true, '--mtls');
  if (signs !== true && flags.kid !== undefined)
    throw usage('--kid has no meaning here', 'It names the key of --private-key-jwt.');
}

async function readAuthentication(
  terminal: Terminal,
  clientId: string,
  flags: ClientFlags,
): Promise<ClientAuthentication> {
  const { keyFile = '', kid, assertionFile } = flags;
  if (flags.mtls === true) return clientCertificate();
  if (flags.privateKeyJwt === true)
    return privateKeyJwt({ key: await readPrivateKey(terminal, keyFile), kid });
  if (assertionFile !== undefined) return readAssertion(await readText(terminal, assertionFile));
  const secret = await readSecret(terminal, {
    file: flags.clientSecretFile,
    variable: 'TESSERA_CLI_CLIENT_SECRET',
    question: `Secret of ${clientId}`,
    flag: '--client-secret-file',
  });
  if (flags.authMethod === 'client_secret_jwt') return clientSecretJwt(secret);
  return flags.authMethod === 'client_secret_post' ? secretPost(secret) : secretBasic(secret);
}

/** The subject tells whose kind it is: a SPIFFE agent names workloads by SPIFFE IDs. */
function readAssertion(text: string): ClientAuthentication {
  const assertion = text.trim();
  const { claims } = decodeToken(assertion);
  const ofSpiffe = String(claims['sub']).startsWith('spiffe://');
  return ofSpiffe ? federated(() => assertion, SPIFFE_ASSERTION_TYPE) : federated(() => assertion);
}

async function readShown(terminal: Terminal, { certFile = '', keyFile = '' }: ClientFlags) {
  const cert = await readText(terminal, certFile);
  const key = await readText(terminal, keyFile);
  if (!belongTogether(cert, key))
    throw usage(
      `${certFile} and ${keyFile} are no certificate and its private key`,
      'Give both in PEM, the certificate of the client first of those in its file.',
    );
  return fetchWithCertificate({ cert, key });
}

function belongTogether(cert: string, key: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

const usage = (message: string, remedy: string): CommandFailure =>
  new CommandFailure('usage', message, remedy);
