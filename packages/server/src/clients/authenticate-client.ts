/*
 * Client authentication: is the caller the client it claims to be? RFC 6749 §2.3.
 *
 * Owns what decides that; reads clients from the store and compares secrets through the hasher.
 * It exists apart from the endpoints because all of them ask the same question, and an answer
 * that differed between two of them would be a hole.
 */
import {
  type NumericDate,
  type PresentedCertificate,
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
import { authenticateByCertificate } from './authenticate-by-certificate.ts';
import { authenticateBySecret } from './authenticate-by-secret.ts';
import type { AuthenticatedClient } from './authenticated-client.ts';
import { checkCredentialPolicy } from './check-credential-policy.ts';
import { identifyPublicClient } from './identify-public-client.ts';
import { reachClient } from './reach-client.ts';

/**
 * Believes the caller, or says why not. A public client that only names itself is returned too:
 * whether that is enough is for the grant to decide.
 */
export async function authenticateClient(
  env: ClientEnvironment,
  caller: Caller,
  presented: PresentedCredentials,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const client = await believe(env, caller, presented);
  if (!client.ok) return client;
  // Said only of a client that proved itself: what the realm allows is no secret from it.
  const { method } = client.value;
  const rules = profileRules(caller.provider.securityProfile);
  const allowed =
    method === 'federated_jwt'
      ? rules.federatedAssertions
      : rules.authenticationMethods.includes(method);
  if (!allowed)
    return refuse({
      reason: 'authentication_method_not_allowed',
      clientId: client.value.client.clientId,
      method,
    });
  const problem = checkCredentialPolicy(
    caller.provider,
    client.value,
    caller.certificate,
    caller.now,
  );
  return problem === undefined ? client : refuse(problem);
}

function believe(
  env: ClientEnvironment,
  caller: Caller,
  presented: PresentedCredentials,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const { realm, provider, certificate, address, now } = caller;
  switch (presented.method) {
    case 'nothing':
      // RFC 8705 §2: a certificate alone does not say which client it is.
      return Promise.resolve(
        refuse({
          reason:
            certificate === undefined
              ? profileRules(provider.securityProfile).responses.callerUnnamed
              : 'client_id_missing',
        }),
      );
    case 'client_assertion':
      return authenticateByAssertion(env, caller, presented);
    case 'client_id_only':
      return certificate === undefined
        ? identify(env, realm, presented.clientId, address)
        : authenticateByCertificate(env, realm, presented.clientId, certificate, address, now);
    case 'client_secret_basic':
    case 'client_secret_post':
      return authenticateBySecret(env, realm, presented, address, now);
  }
}

/** What client authentication needs. */
export type ClientEnvironment = Pick<
  Environment,
  | 'store'
  | 'hasher'
  | 'failureBudget'
  | 'publicSecrets'
  | 'addresses'
  | 'keySets'
  | 'clientDocuments'
>;

/** Where, from where and when somebody says to be a client. */
export type Caller = {
  readonly realm: Realm;
  readonly provider: Provider;
  /** The address that was called, as it is known outside. */
  readonly called: string;
  /** Shown to TLS, here or at a trusted proxy. */
  readonly certificate: PresentedCertificate | undefined;
  /** The caller's address, for failure budgets and for clients that call from nowhere else. */
  readonly address: string;
  readonly requestId: string;
  readonly now: NumericDate;
};

async function identify(
  env: Pick<Environment, 'store'>,
  realm: Realm,
  clientId: string,
  address: string,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const registered = reachClient(await env.store.clients.find(realm.name, clientId), address);
  return registered === undefined
    ? refuse({ reason: 'client_unknown', clientId })
    : identifyPublicClient(registered);
}
