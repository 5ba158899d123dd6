import {
  ASSERTION_AGE_MAX,
  ASSERTION_SKEW,
  type ClientAssertion,
  checkClientAssertion,
  isSymmetricAlgorithm,
  type NumericDate,
  ok,
  type ProfileRules,
  type Refusal,
  type Result,
  refuse,
  selectKeys,
  type VerificationKey,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { RegisteredClient } from '../model/client.ts';
import { type Credential, isExpired, isOfKind } from '../model/credential.ts';
import type { Realm } from '../model/realm.ts';
import type { AuthenticatedClient } from './authenticated-client.ts';
import { secretContext } from './client-secret.ts';
import { decoyKey } from './decoy-keys.ts';
import { type ReachedClient, reachClient } from './reach-client.ts';
import { identifierOf } from './spend-identifiers.ts';
import { verifySignature } from './verify-signature.ts';

type Env = Pick<Environment, 'store' | 'hasher' | 'addresses' | 'keySets'>;

/** The client that made an assertion, for whichever use and therefore audience it was made. */
export async function believeAssertion(
  env: Env,
  realm: Realm,
  rules: ProfileRules,
  assertion: ClientAssertion,
  audiences: readonly string[],
  address: string,
  now: NumericDate,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const known = await env.store.clients.find(realm.name, assertion.subject);
  const registered = reachClient(known, address);
  return judgeAssertion(env, realm, rules, assertion, audiences, now, registered, async () =>
    ok(registered?.credentials ?? []),
  );
}

/**
 * The same for a client that was looked up already. What it proves itself with is asked for once
 * the claims are right, for that may mean to fetch it.
 */
export async function judgeAssertion(
  env: Env,
  realm: Realm,
  rules: ProfileRules,
  assertion: ClientAssertion,
  audiences: readonly string[],
  now: NumericDate,
  registered: ReachedClient | undefined,
  findCredentials: () => Promise<Result<readonly Credential[], Refusal>>,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const clientId = assertion.subject;
  const use = checkClientAssertion(
    assertion,
    {
      clientId,
      algorithms: allowedAlgorithms(rules, registered),
      audiences,
      audienceForm: rules.audienceForm,
      lifetimeMax: rules.assertionLifetimeMax,
      ageMax: ASSERTION_AGE_MAX,
      skew: ASSERTION_SKEW,
      identifier: registered?.client.assertionReuse === 'until_expiry' ? 'optional' : 'required',
    },
    now,
  );
  if (!use.ok) return use;

  const credentials = await findCredentials();
  if (!credentials.ok) return credentials;
  const credential = await verifyAssertion(env, credentials.value, assertion, now);
  if (!credential.ok)
    return registered?.barred === undefined ? credential : refuse(registered.barred);
  if (registered === undefined) return refuse({ reason: 'client_unknown', clientId });
  const { client } = registered;
  if (!client.enabled) return refuse({ reason: 'client_disabled', clientId });
  const method = methodOf(assertion);
  if (client.strictAuthenticationMethod && client.authenticationMethod !== method)
    return refuse({ reason: 'authentication_method_not_registered', clientId, method });

  const once = client.assertionReuse === 'refused' ? use.value : undefined;
  return ok({
    ...registered,
    method,
    credentialId: credential.value.credential.id,
    signedBy: credential.value.key,
    spends: once === undefined ? [] : [identifierOf('assertion', realm.name, clientId, once)],
  });
}

const methodOf = ({ algorithm }: ClientAssertion): 'client_secret_jwt' | 'private_key_jwt' =>
  isSymmetricAlgorithm(algorithm) ? 'client_secret_jwt' : 'private_key_jwt';

/** Those of the realm, or the one among them that the client registered. RFC 8725 §3.1 */
function allowedAlgorithms(
  { assertionAlgorithms }: ProfileRules,
  registered: RegisteredClient | undefined,
): readonly string[] {
  const registeredOne = registered?.client.assertionAlgorithm;
  if (registeredOne === undefined) return assertionAlgorithms;
  return assertionAlgorithms.filter((algorithm) => algorithm === registeredOne);
}

/** The credential that made the signature. Expired ones are tried too, for a better reason. */
async function verifyAssertion(
  env: Env,
  credentials: readonly Credential[],
  assertion: ClientAssertion,
  now: NumericDate,
): Promise<Result<Signer, Refusal>> {
  const clientId = assertion.subject;
  const found = isSymmetricAlgorithm(assertion.algorithm)
    ? verifyMac(env, credentials, assertion)
    : await verifyByKeys(env, credentials, assertion);
  if (found === 'key_unknown') return refuse({ reason: 'assertion_key_unknown', clientId });
  if (found === undefined) return refuse({ reason: 'assertion_signature_wrong', clientId });
  return isExpired(found.credential, now)
    ? refuse({ reason: 'credential_expired', clientId })
    : ok(found);
}

/** The credential, and the key by which the signature is right; none where it was a secret. */
type Signer = { readonly credential: Credential; readonly key: VerificationKey | undefined };

type Found = Signer | 'key_unknown' | undefined;

function verifyMac(
  { hasher }: Pick<Env, 'hasher'>,
  credentials: readonly Credential[],
  { algorithm, signingInput, signature }: ClientAssertion,
): Found {
  if (!isSymmetricAlgorithm(algorithm)) return undefined;
  const credential = credentials
    .filter((one) => isOfKind(one, 'secret'))
    .find(({ realm, clientId, material: { sealed } }) => {
      const context = secretContext(realm, clientId);
      return (
        sealed !== undefined &&
        hasher.verifyMac(sealed, context, algorithm, signingInput, signature)
      );
    });
  return credential && { credential, key: undefined };
}

async function verifyByKeys(
  env: Pick<Env, 'keySets'>,
  credentials: readonly Credential[],
  { algorithm, keyId, signingInput, signature }: ClientAssertion,
): Promise<Found> {
  if (isSymmetricAlgorithm(algorithm)) return undefined;
  const isBy = (key: VerificationKey) => verifySignature(algorithm, key, signingInput, signature);

  const registered = credentials.filter((credential) => isOfKind(credential, 'public_key'));
  const candidates = new Set(
    selectKeys(
      registered.map(({ material }) => material.key),
      algorithm,
      keyId,
    ),
  );
  const held = registered.filter(({ material }) => candidates.has(material.key));
  const signer = held.find(({ material }) => isBy(material.key));
  if (signer !== undefined) return { credential: signer, key: signer.material.key };

  let tried = held.length;
  for (const credential of credentials) {
    if (!isOfKind(credential, 'jwks_uri')) continue;
    const published = await env.keySets.find(credential.material.uri, keyId);
    const keys = published.ok ? selectKeys(published.value, algorithm, keyId) : [];
    tried += keys.length;
    const key = keys.find(isBy);
    if (key !== undefined) return { credential, key };
  }
  // A client that does not exist costs one verification, as most of those that do.
  if (tried === 0) isBy(decoyKey(algorithm));
  return tried === 0 ? 'key_unknown' : undefined;
}
