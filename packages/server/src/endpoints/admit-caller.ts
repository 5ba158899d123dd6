import { type Refusal, type Result, readCredentials, refuse } from '@tessera/protocol';
import { authenticateClient } from '../clients/authenticate-client.ts';
import type { AuthenticatedClient } from '../clients/authenticated-client.ts';
import type { Environment } from '../environment.ts';
import type { OAuthRequest } from './oauth-request.ts';

type Env = Pick<Environment, 'store' | 'hasher' | 'failureBudget' | 'publicSecrets' | 'recorder'>;

/**
 * The door of the token endpoint: exactly one authentication method (RFC 6749 §2.3), and a client
 * that it proves. A public client that names itself comes through; its grant refuses it.
 */
export async function admitClient(
  env: Env,
  request: OAuthRequest,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const presented = readCredentials(request.authorization, request.form);
  if (!presented.ok) return presented;

  const { realm, address, now } = request;
  const client = await authenticateClient(env, realm, presented.value, address, now);
  if (client.ok && client.value.credentialId !== undefined)
    env.recorder.credentialUsed({
      realm: realm.name,
      clientId: client.value.client.clientId,
      credentialId: client.value.credentialId,
      at: now,
    });
  return client;
}

/**
 * The door of introspection and revocation: a client that has proved itself. RFC 7662 §2.1: "the
 * endpoint MUST also require some form of authorization"; RFC 7009 §2.1 validates the client
 * credentials first.
 */
export async function admitConfidentialClient(
  env: Env,
  request: OAuthRequest,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const client = await admitClient(env, request);
  if (client.ok && client.value.credentialId === undefined)
    return refuse({ reason: 'secret_missing', clientId: client.value.client.clientId });
  return client;
}
