import { type Refusal, type Result, readCredentials, refuse } from '@tessera/protocol';
import { authenticateClient, type ClientEnvironment } from '../clients/authenticate-client.ts';
import type { AuthenticatedClient } from '../clients/authenticated-client.ts';
import { spendIdentifiers } from '../clients/spend-identifiers.ts';
import type { Environment } from '../environment.ts';
import type { OAuthRequest } from './oauth-request.ts';

/** What admitting a caller needs. */
export type AdmissionEnvironment = ClientEnvironment & Pick<Environment, 'recorder'>;

/**
 * The door of the token endpoint: exactly one authentication method (RFC 6749 §2.3), and a client
 * that it proves. A public client that names itself comes through; its grant refuses it. What it
 * used once and for all is not spent yet: the token endpoint has more to verify first.
 */
export async function admitClient(
  env: AdmissionEnvironment,
  request: OAuthRequest,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const presented = readCredentials(request.authorization, request.form);
  if (!presented.ok) return presented;

  const client = await authenticateClient(env, request, presented.value);
  if (client.ok) recordUse(env, request, client.value);
  return client;
}

/** When a credential was last believed. */
export function recordUse(
  { recorder }: Pick<Environment, 'recorder'>,
  { realm, address, now }: OAuthRequest,
  { client: { clientId }, credentialId }: AuthenticatedClient,
): void {
  if (credentialId === undefined) return;
  recorder.credentialUsed({ realm: realm.name, clientId, credentialId, at: now, address });
}

/**
 * The door of introspection and revocation: a client that has proved itself. RFC 7662 §2.1: "the
 * endpoint MUST also require some form of authorization"; RFC 7009 §2.1 validates the client
 * credentials first.
 */
export async function admitConfidentialClient(
  env: AdmissionEnvironment,
  request: OAuthRequest,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const client = await admitClient(env, request);
  if (!client.ok) return client;
  if (client.value.credentialId === undefined)
    return refuse({ reason: 'secret_missing', clientId: client.value.client.clientId });
  const spent = await spendIdentifiers(env, client.value.spends);
  return spent.ok ? client : spent;
}
