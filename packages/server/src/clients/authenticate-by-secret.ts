import { timingSafeEqual } from 'node:crypto';
import {
  type NumericDate,
  ok,
  type PresentedCredentials,
  type Refusal,
  type Result,
  refuse,
} from '@tessera/protocol';
import type { Attempt, Environment, FailureKey } from '../environment.ts';
import { type Credential, isExpired, isOfKind } from '../model/credential.ts';
import type { Realm } from '../model/realm.ts';
import type { AuthenticatedClient } from './authenticated-client.ts';
import { isGeneratedSecret } from './client-secret.ts';
import { type ReachedClient, reachClient } from './reach-client.ts';

type PresentedSecret = Extract<
  PresentedCredentials,
  { method: 'client_secret_basic' | 'client_secret_post' }
>;

type Env = Pick<Environment, 'store' | 'hasher' | 'failureBudget' | 'publicSecrets'>;

/**
 * Compares a presented secret with all that the client has. RFC 6749 §2.3.1.
 *
 * Which comparison is paid for follows from the form of the presented secret alone, never from
 * the client: generated ones cost one HMAC, all others one argon2id, for a client that does not
 * exist as for one that does. So neither answer nor time tells whether a client exists.
 *
 * A right secret is believed even when the budget for failures is spent, as long as it can be
 * told without the slow hash: whoever guesses shuts out neither a client with a generated secret
 * nor one whose chosen secret this process has verified and still remembers. A chosen secret that
 * is not remembered, as after a restart, waits like a guess, for nothing tells it from one.
 */
export async function authenticateBySecret(
  env: Env,
  realm: Realm,
  presented: PresentedSecret,
  address: string,
  now: NumericDate,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const claimant = presented.readings[0]?.clientId ?? '';
  const keyOf = (clientId: string): FailureKey => ({
    realm: realm.name,
    claimant: clientId,
    address,
  });
  const attempts = new Map<string, Attempt[]>();
  const giveBack = () => {
    for (const attempt of [...attempts.values()].flat()) attempt.giveBack();
  };

  let refusal: Refusal = { reason: 'client_unknown', clientId: claimant };
  for (const { clientId, secret } of presented.readings) {
    const key = keyOf(clientId);
    const registered = reachClient(await env.store.clients.find(realm.name, clientId), address);
    const earlier = attempts.get(clientId) ?? [];
    const match = await findCredential(env, registered?.credentials ?? [], secret, () => {
      const attempt = env.failureBudget.attempt(key);
      if (attempt.wait === 0) attempts.set(clientId, [...earlier, attempt]);
      return attempt.wait;
    });
    if (match.outcome === 'wait')
      return refuse({ reason: 'failures_too_many', clientId, retryAfter: match.seconds });
    if (match.outcome === 'overloaded') {
      attempts.get(clientId)?.at(-1)?.giveBack();
      return refuse({ reason: 'verification_overloaded', retryAfter: 1 });
    }

    const judged = judge(registered, match.credential, clientId, presented.method, now);
    if (judged.ok && !env.publicSecrets.has(secret)) {
      giveBack();
      env.failureBudget.succeeded(key);
      return judged;
    }
    // The reading that got furthest says most to the operator.
    if (judged.ok) refusal = { reason: 'secret_public', clientId };
    else if (judged.refusal.reason !== 'client_unknown') refusal = judged.refusal;
  }

  // What was paid for with the slow hash is counted already.
  const claimants = new Set(presented.readings.map(({ clientId }) => clientId));
  for (const one of claimants) if (!attempts.has(one)) env.failureBudget.failed(keyOf(one));
  const wait = Math.max(0, ...[...claimants].map((one) => env.failureBudget.wait(keyOf(one))));
  if (wait > 0)
    return refuse({ reason: 'failures_too_many', clientId: claimant, retryAfter: wait });
  return refuse(refusal);
}

type Match =
  | { readonly outcome: 'compared'; readonly credential: Credential | undefined }
  | { readonly outcome: 'wait'; readonly seconds: number }
  | { readonly outcome: 'overloaded' };

async function findCredential(
  env: Env,
  credentials: readonly Credential[],
  secret: string,
  /** Takes one attempt from the budget: 0, or the seconds until there is one. */
  takeAttempt: () => number,
): Promise<Match> {
  if (isGeneratedSecret(secret)) {
    const digest = Buffer.from(env.hasher.digest('secret', secret), 'latin1');
    let credential: Credential | undefined;
    for (const candidate of credentials)
      if (
        isOfKind(candidate, 'secret') &&
        candidate.material.origin === 'generated' &&
        equals(digest, candidate.material.digest)
      )
        credential = candidate;
    return { outcome: 'compared', credential };
  }

  const chosen = credentials
    .filter((credential) => isOfKind(credential, 'secret'))
    .filter(({ material }) => material.origin === 'chosen');
  const hashes = chosen.map(({ material }) => material.digest);
  const byHash = (hash: string | undefined): Match => ({
    outcome: 'compared',
    credential: chosen.find(({ material }) => material.digest === hash),
  });
  const recalled = env.hasher.recall(secret, hashes);
  if (recalled !== undefined) return byHash(recalled);

  // A client that starts with many requests at once asks one question, and pays for one attempt.
  const underWay = env.hasher.underWay(secret, hashes);
  const seconds = underWay === undefined ? takeAttempt() : 0;
  if (seconds > 0) return { outcome: 'wait', seconds };
  const found = await (underWay ?? env.hasher.verify(secret, hashes));
  return found === 'overloaded' ? { outcome: 'overloaded' } : byHash(found);
}

/** Only after the comparison is paid for may anything else be looked at. */
function judge(
  registered: ReachedClient | undefined,
  credential: Credential | undefined,
  clientId: string,
  method: PresentedSecret['method'],
  now: NumericDate,
): Result<AuthenticatedClient, Refusal> {
  if (registered === undefined) return refuse({ reason: 'client_unknown', clientId });
  if (credential === undefined)
    return refuse(registered.barred ?? { reason: 'secret_wrong', clientId });
  if (isExpired(credential, now)) return refuse({ reason: 'secret_expired', clientId });
  const { client } = registered;
  if (!client.enabled) return refuse({ reason: 'client_disabled', clientId });
  if (client.strictAuthenticationMethod && client.authenticationMethod !== method)
    return refuse({ reason: 'authentication_method_not_registered', clientId, method });
  const { credentials, grants } = registered;
  return ok({ client, credentials, grants, method, credentialId: credential.id, spends: [] });
}

function equals(digest: Buffer, stored: string): boolean {
  const expected = Buffer.from(stored, 'latin1');
  return expected.length === digest.length && timingSafeEqual(expected, digest);
}
