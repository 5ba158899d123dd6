/*
 * Clients that register themselves and manage what they registered. RFC 7591, RFC 7592.
 *
 * A third way to the use cases of administration, beside the API and PingOne's: what a client may
 * be is decided by the protocol and by the realm, and how it is written is the same for all.
 */
import {
  type ClientMetadata,
  ok,
  type Refusal,
  type Result,
  readClientMetadata,
  refuse,
} from '@tessera/protocol';
import { formatRegistrationToken } from '../../clients/registration-token.ts';
import type { Client } from '../../model/client.ts';
import type { Credential } from '../../model/credential.ts';
import type { Actor, NewEvent } from '../../model/event.ts';
import type { InitialAccessToken } from '../../model/initial-access-token.ts';
import { eventOf } from '../change.ts';
import { insertClient } from '../clients/new-client.ts';
import { prepareSecret } from '../credentials/new-secret.ts';
import type { Asked } from '../use-case.ts';
import { admitRegistration, useInitialToken } from './admit-registration.ts';
import { describeRegistration } from './describe-registration.ts';
import { newCredential, readMaterials } from './registered-credentials.ts';
import {
  askedBy,
  type RegistrationEnvironment,
  type RegistrationRequest,
  registrationRules,
} from './registration-request.ts';
import { readStatement, type StatedMetadata } from './software-statement.ts';

/** RFC 7591 §3.1: one client for one request; the id is never the caller's choice. */
export async function registerItself(
  env: RegistrationEnvironment,
  request: RegistrationRequest,
): Promise<Result<Record<string, unknown>, Refusal>> {
  const admitted = await admitRegistration(env, request);
  if (!admitted.ok) return admitted;
  const document = request.document();
  if (!document.ok) return document;
  const stated = await readStatement(env, request, document.value);
  if (!stated.ok) return stated;
  const rules = registrationRules(env, request.provider, scopesFor(request, admitted.value));
  const metadata = readClientMetadata(stated.value.document, rules);
  if (!metadata.ok) return metadata;
  const materials = readMaterials(env, metadata.value, request.provider);
  if (!materials.ok) return materials;

  const clientId = env.random.uuid();
  const asked = askedBy(request, actorOf(admitted.value, clientId));
  const token = formatRegistrationToken(env.random.bytes(32));
  const client = newClient(
    asked,
    clientId,
    metadata.value,
    env.hasher.digest('registration', token),
  );
  const credentials = materials.value.map((one) => newCredential(env, asked, clientId, one));
  const secret = await newSecretFor(env, asked, client);
  const registered = await env.store.commit<readonly NewEvent[], Refusal>(
    (events) => events,
    async (rows) => {
      const used = await useInitialToken(rows, admitted.value, request);
      if (!used.ok) return used;
      const inserted = await insertClient(env, rows, asked, { client, secret, key: undefined });
      if (!inserted.ok) throw new Error('a new id was taken');
      for (const credential of credentials) await rows.credentials.insert(credential);
      return ok([...inserted.value, ...credentials.map((one) => credentialAdded(asked, one))]);
    },
  );
  return registered.ok
    ? ok({
        ...describeRegistration(env, client, credentials, token, secret?.once),
        ...echoOf(stated.value),
      })
    : refuse(registered.refusal);
}

/** "its value MUST be returned unmodified". RFC 7591 §3.2.1 */
export const echoOf = ({ statement }: StatedMetadata) =>
  statement === undefined ? {} : { software_statement: statement };

const scopesFor = (
  { provider: { registrationScopes } }: RegistrationRequest,
  token: InitialAccessToken | undefined,
): readonly string[] => {
  const { scopes } = token ?? {};
  return scopes === undefined
    ? registrationScopes
    : registrationScopes.filter((one) => scopes.includes(one));
};

/** Who has brought a token is known by it; who has not is known by what it becomes. */
const actorOf = (token: InitialAccessToken | undefined, clientId: string): Actor =>
  token === undefined
    ? { kind: 'client', id: clientId }
    : { kind: 'initial-access-token', id: token.id };

/** What follows from the metadata; the rest is left as it is when a registration is replaced. */
export const membersOf = (metadata: ClientMetadata, clientId: string) => ({
  name: metadata.name ?? clientId,
  grantTypes: metadata.grantTypes,
  authenticationMethod: metadata.method,
  assertionAlgorithm: metadata.assertionAlgorithm,
  tokenBinding: metadata.tokenBinding,
  scopes: metadata.scope,
  redirectUris: metadata.redirectUris,
  registeredMetadata: metadata.about,
});

/** It is strict about its method: it has said itself which it uses. */
const newClient = (
  { realm, now }: Asked,
  clientId: string,
  metadata: ClientMetadata,
  registrationTokenDigest: string,
): Client => ({
  ...membersOf(metadata, clientId),
  realm: realm.name,
  clientId,
  description: '',
  enabled: true,
  type: 'confidential',
  strictAuthenticationMethod: true,
  keptAttributes: undefined,
  assertionReuse: 'refused',
  tokenExchange: 'delegation',
  defaultScopes: [],
  allowedAddresses: [],
  accessTokenLifetime: undefined,
  tokenFormat: undefined,
  signingAlgorithm: undefined,
  quotaMode: undefined,
  tokensPerHour: undefined,
  tokensPerDay: undefined,
  tokenReuseSeconds: undefined,
  attributes: {},
  origin: 'registration',
  registrationTokenDigest,
  tokensValidFrom: now,
  createdAt: now,
  revision: 1,
});

/** One for a client that uses a secret, sealed where assertions are made with it. */
export async function newSecretFor(env: RegistrationEnvironment, asked: Asked, client: Client) {
  if (!client.authenticationMethod.startsWith('client_secret_')) return undefined;
  const recoverable = client.authenticationMethod === 'client_secret_jwt';
  const words = { label: '', recoverable };
  const prepared = await prepareSecret(env, asked, client, words, undefined, '');
  if (!prepared.ok) throw new Error('a generated secret was refused');
  return prepared.value;
}

export const credentialAdded = (asked: Asked, { id, clientId, material }: Credential): NewEvent =>
  eventOf(
    asked,
    'credential.added',
    { kind: 'client', id: clientId },
    { credentialId: id, kind: { to: material.kind } },
  );
