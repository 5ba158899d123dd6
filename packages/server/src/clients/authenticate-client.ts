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
  profileRules,
  type Refusal,
  type Result,
  refuse,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { Provider } from '../model/provider.ts';
import type { Realm } from '../model/realm.ts';
import { authenticateByAssertion } from './authenticate-by-assertion.ts';
import { authenticateBySecret } from './authenticate-by-secret.ts';
import type { AuthenticatedClient } from './authenticated-client.ts';

/**
 * Believes the caller, or says why not. A public client that only names itself is returned too:
 * whether that is enough is for the grant to decide.
 */
export async function authenticateClient(
  env: ClientEnvironment,
  { realm, provider, called, address, now }: Caller,
  presented: PresentedCredentials,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const client = await believe(env, { realm, provider, called, address, now }, presented);
  if (!client.ok) return client;
  // Said only of a client that proved itself: what the realm allows is no secret from it.
  const { method } = client.value;
  if (!profileRules(provider.securityProfile).authenticationMethods.includes(method))
    return refuse({
      reason: 'authentication_method_not_allowed',
      clientId: client.value.client.clientId,
      method,
    });
  return client;
}

function believe(
  env: ClientEnvironment,
  { realm, provider, called, address, now }: Caller,
  presented: PresentedCredentials,
): Promise<Result<AuthenticatedClient, Refusal>> {
  switch (presented.method) {
    case 'nothing':
      return Promise.resolve(refuse({ reason: 'credentials_missing' }));
    case 'client_assertion':
      return authenticateByAssertion(env, realm, provider, presented, called, now);
    case 'client_id_only':
      return identifyPublicClient(env, realm, presented.clientId);
    case 'client_secret_basic':
    case 'client_secret_post':
      return authenticateBySecret(env, realm, presented, address, now);
  }
}

/** What client authentication needs. */
export type ClientEnvironment = Pick<
  Environment,
  'store' | 'hasher' | 'failureBudget' | 'publicSecrets' | 'addresses' | 'keySets'
>;

/** Where, from where and when somebody says to be a client. */
export type Caller = {
  readonly realm: Realm;
  readonly provider: Provider;
  /** The address that was called, as it is known outside. */
  readonly called: string;
  /** The caller's address, for failure budgets. */
  readonly address: string;
  readonly now: NumericDate;
};

async function identifyPublicClient(
  env: Pick<Environment, 'store'>,
  realm: Realm,
  clientId: string,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const registered = await env.store.clients.find(realm.name, clientId);
  if (registered === undefined) return refuse({ reason: 'client_unknown', clientId });
  if (!registered.client.enabled) return refuse({ reason: 'client_disabled', clientId });
  if (registered.client.type !== 'public') return refuse({ reason: 'secret_missing', clientId });
  return ok({ ...registered, method: 'none', credentialId: undefined, spends: [] });
}
