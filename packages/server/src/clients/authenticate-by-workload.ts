import {
  matchesConditions,
  type NumericDate,
  ok,
  type PresentedCredentials,
  type Refusal,
  type Result,
  refuse,
  SPIFFE_ASSERTION_TYPE,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import { type Credential, isExpired, isOfKind } from '../model/credential.ts';
import type { Provider } from '../model/provider.ts';
import type { Realm } from '../model/realm.ts';
import { WORKLOADS_COMPARED_MAX } from '../model/trusted-issuer.ts';
import type { AuthenticatedClient } from './authenticated-client.ts';
import { reachClient } from './reach-client.ts';
import { type VerifiedAssertion, verifyTrustedAssertion } from './verify-trusted-assertion.ts';

type PresentedAssertion = Extract<PresentedCredentials, { method: 'client_assertion' }>;

type WorkloadCaller = {
  readonly realm: Realm;
  readonly provider: Provider;
  /** The caller's. */
  readonly address: string;
  readonly now: NumericDate;
};

type Env = Pick<Environment, 'store' | 'addresses' | 'keySets'>;

/**
 * Believes a JWT that the platform of a workload made for it: the workload is the client that says
 * so in its credentials. RFC 7521 §4.2, RFC 7523 §2.2.
 *
 * Many clients may say so of one workload. Then it names the one that it wants to be with
 * `client_id`; among several nothing is guessed, for each of them may do other things.
 */
export async function authenticateByWorkload(
  env: Env,
  caller: WorkloadCaller,
  presented: PresentedAssertion,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const { realm, address, now } = caller;
  const verified = await verifyTrustedAssertion(env, caller, presented.assertion, 'client', now);
  if (!verified.ok) return verified;
  const { issuer } = verified.value;
  if (presented.assertionType === SPIFFE_ASSERTION_TYPE && issuer.preset !== 'spiffe')
    return refuse({ reason: 'issuer_unknown', issuer: issuer.issuer });

  const chosen = await selectWorkload(env, caller, presented.clientId, verified.value);
  if (!chosen.ok) return chosen;
  const { clientId, id: credentialId } = chosen.value;
  const registered = reachClient(await env.store.clients.find(realm.name, clientId), address);
  if (registered === undefined) return refuse({ reason: 'client_unknown', clientId });
  const { client, barred } = registered;
  if (barred !== undefined) return refuse(barred);
  if (!client.enabled) return refuse({ reason: 'client_disabled', clientId });
  // On the wire it is a private_key_jwt, with the key of the platform.
  if (client.strictAuthenticationMethod && client.authenticationMethod !== 'private_key_jwt')
    return refuse({
      reason: 'authentication_method_not_registered',
      clientId,
      method: 'federated_jwt',
    });
  return ok({
    ...registered,
    method: 'federated_jwt',
    credentialId,
    spends: verified.value.spends.map((identifier) => ({
      ...identifier,
      ifSpent: { reason: 'assertion_replayed', clientId, issuer: issuer.issuer },
    })),
  });
}

/** The credential by which the workload is a client: of the one it names, or the only one. */
async function selectWorkload(
  { store }: Pick<Env, 'store'>,
  { realm, address, now }: WorkloadCaller,
  clientId: string | undefined,
  { issuer: { id, issuer }, subject, claims }: VerifiedAssertion,
): Promise<Result<Credential, Refusal>> {
  const named =
    clientId === undefined
      ? undefined
      : reachClient(await store.clients.find(realm.name, clientId), address);
  if (named?.barred !== undefined) return refuse(named.barred);
  const candidates =
    clientId === undefined ? await store.clients.workloads(realm.name, id) : named?.credentials;
  if (candidates === undefined)
    return refuse({ reason: 'client_unknown', clientId: clientId ?? '' });
  if (clientId === undefined && candidates.length > WORKLOADS_COMPARED_MAX)
    return refuse({ reason: 'workload_ambiguous', issuer, subject, clientIds: [] });

  const fitting = candidates.filter(
    (credential) =>
      isOfKind(credential, 'trusted_issuer') &&
      credential.material.issuerId === id &&
      matchesConditions(claims, credential.material.conditions),
  );
  const usable = fitting.filter((credential) => !isExpired(credential, now));
  const [first] = usable;
  const [ended] = fitting;
  if (first === undefined)
    return ended === undefined
      ? refuse({ reason: 'workload_unknown', issuer, subject, ...(clientId && { clientId }) })
      : refuse({ reason: 'credential_expired', clientId: ended.clientId });
  const clientIds = [...new Set(usable.map((credential) => credential.clientId))];
  return clientIds.length === 1
    ? ok(first)
    : refuse({ reason: 'workload_ambiguous', issuer, subject, clientIds });
}
