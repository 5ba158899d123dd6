/*
 * Client authentication: is the caller the client it claims to be? RFC 6749 §2.3.
 *
 * Owns what decides that; reads clients from the store and compares secrets through the hasher.
 * It exists apart from the endpoints because all of them ask the same question, and an answer
 * that differed between two of them would be a hole.
 */
import {
  type NumericDate,
  ok,
  type PresentedCredentials,
  type Refusal,
  type Result,
  refuse,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { Realm } from '../model/realm.ts';
import { authenticateBySecret } from './authenticate-by-secret.ts';
import type { AuthenticatedClient } from './authenticated-client.ts';

/**
 * Believes the caller, or says why not. A public client that only names itself is returned too:
 * whether that is enough is for the grant to decide.
 */
export function authenticateClient(
  env: Pick<Environment, 'store' | 'hasher' | 'failureBudget' | 'publicSecrets'>,
  realm: Realm,
  presented: PresentedCredentials,
  address: string,
  now: NumericDate,
): Promise<Result<AuthenticatedClient, Refusal>> {
  switch (presented.method) {
    case 'nothing':
      return Promise.resolve(refuse({ reason: 'credentials_missing' }));
    case 'client_assertion':
      return Promise.resolve(
        refuse({ reason: 'authentication_method_unsupported', method: 'client_assertion' }),
      );
    case 'client_id_only':
      return identifyPublicClient(env, realm, presented.clientId);
    case 'client_secret_basic':
    case 'client_secret_post':
      return authenticateBySecret(env, realm, presented, address, now);
  }
}

async function identifyPublicClient(
  env: Pick<Environment, 'store'>,
  realm: Realm,
  clientId: string,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const registered = await env.store.clients.find(realm.name, clientId);
  if (registered === undefined) return refuse({ reason: 'client_unknown', clientId });
  if (!registered.client.enabled) return refuse({ reason: 'client_disabled', clientId });
  if (registered.client.type !== 'public') return refuse({ reason: 'secret_missing', clientId });
  return ok({ ...registered, credentialId: undefined });
}
