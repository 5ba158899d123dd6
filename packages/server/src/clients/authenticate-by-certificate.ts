import {
  formatDistinguishedName,
  matchesSubject,
  type NumericDate,
  ok,
  type PresentedCertificate,
  type Refusal,
  type Result,
  refuse,
  type VerificationKey,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { RegisteredClient } from '../model/client.ts';
import { type Credential, isExpired, isOfKind } from '../model/credential.ts';
import type { Realm } from '../model/realm.ts';
import type { TrustedAuthority } from '../model/trusted-authority.ts';
import type { AuthenticatedClient } from './authenticated-client.ts';
import { identifyPublicClient } from './identify-public-client.ts';
import { reachClient } from './reach-client.ts';
import { type Certificate, readCertificate } from './read-certificate.ts';
import { checkRegistered, verifyCertificateChain } from './verify-certificate-chain.ts';

type Env = Pick<Environment, 'store' | 'keySets'>;

type Method = 'tls_client_auth' | 'self_signed_tls_client_auth';

/** What a certificate turned out to be, before it is asked whose. */
type Seen = {
  readonly certificate: Certificate;
  /** The octets in base64, as they are registered. */
  readonly encoded: string;
  /** Why no authority of the realm answers for it; undefined: one does. */
  readonly untrusted: Refusal | undefined;
};

/**
 * Believes a client that names itself and has shown a certificate: one that is registered itself
 * (RFC 8705 §2.2), or any of a registered subject below an authority of the realm (RFC 8705 §2.1).
 * TLS has seen that the caller has the key.
 *
 * The path is looked for before anything is known of the client, so that the time taken does not
 * tell whether it exists.
 */
export async function authenticateByCertificate(
  env: Env,
  realm: Realm,
  clientId: string,
  presented: PresentedCertificate,
  address: string,
  now: NumericDate,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const authorities = readAuthorities(await env.store.trustedAuthorities.all(realm.name));
  const seen = look(presented, authorities, clientId, now);
  if (!seen.ok) return seen;

  const registered = reachClient(await env.store.clients.find(realm.name, clientId), address);
  if (registered === undefined) return refuse({ reason: 'client_unknown', clientId });
  // It may sit behind a certificate that is not its own, and names itself as it does without one.
  if (registered.client.type === 'public') return identifyPublicClient(registered);
  const found = await findCredential(env, registered.credentials, seen.value, clientId, now);
  if (found.ok) return judge(registered, found.value, now);
  return registered.barred === undefined ? found : refuse(registered.barred);
}

function look(
  presented: PresentedCertificate,
  authorities: readonly Certificate[],
  clientId: string,
  now: NumericDate,
): Result<Seen, Refusal> {
  const certificate = readCertificate(presented.leaf);
  if (certificate === undefined) return refuse({ reason: 'certificate_malformed' });
  // What was sent along and can not be read is nobody's issuer.
  const above = presented.chain.flatMap((der) => readCertificate(der) ?? []);
  const verified = verifyCertificateChain(certificate, above, authorities, now);
  return ok({
    certificate,
    encoded: Buffer.from(presented.leaf).toString('base64'),
    untrusted: verified.ok ? undefined : { ...verified.refusal, clientId },
  });
}

const read = new WeakMap<readonly TrustedAuthority[], readonly Certificate[]>();

/** Once for as long as the store remembers the list. */
function readAuthorities(authorities: readonly TrustedAuthority[]): readonly Certificate[] {
  const known = read.get(authorities);
  if (known !== undefined) return known;
  const certificates = authorities.flatMap(
    ({ certificate }) => readCertificate(Buffer.from(certificate, 'base64')) ?? [],
  );
  read.set(authorities, certificates);
  return certificates;
}

type Found = { readonly credential: Credential; readonly method: Method };

/** Registered certificates first: they need no authority. The reason says what came closest. */
async function findCredential(
  env: Env,
  credentials: readonly Credential[],
  seen: Seen,
  clientId: string,
  now: NumericDate,
): Promise<Result<Found, Refusal>> {
  const own = await findRegistered(env, credentials, seen);
  if (own !== undefined) {
    const problem = checkRegistered(seen.certificate, now);
    return problem === undefined
      ? ok({ credential: own, method: 'self_signed_tls_client_auth' })
      : refuse({ ...problem, clientId });
  }
  const subjects = credentials.filter((credential) => isOfKind(credential, 'certificate_subject'));
  if (subjects.length === 0) return refuse({ reason: 'certificate_unknown', clientId });
  if (seen.untrusted !== undefined) return refuse(seen.untrusted);
  const { facts } = seen.certificate;
  const matching = subjects.filter(({ material: { subjectKind, subject } }) =>
    matchesSubject(facts, { kind: subjectKind, value: subject }),
  );
  const credential = matching.find((one) => !isExpired(one, now)) ?? matching[0];
  return credential === undefined
    ? refuse({
        reason: 'certificate_subject_wrong',
        clientId,
        subject: formatDistinguishedName(facts.subject),
      })
    : ok({ credential, method: 'tls_client_auth' });
}

/** RFC 8705 §2.2.2: the certificate itself, or the first of the `x5c` of one of the client's keys. */
async function findRegistered(
  { keySets }: Pick<Env, 'keySets'>,
  credentials: readonly Credential[],
  { certificate, encoded }: Seen,
): Promise<Credential | undefined> {
  const isTheirs = ({ x5c }: VerificationKey) => x5c?.[0] === encoded;
  const { thumbprint } = certificate.facts;
  const held = credentials.find(
    (credential) =>
      (isOfKind(credential, 'certificate') && credential.material.thumbprint === thumbprint) ||
      (isOfKind(credential, 'public_key') && isTheirs(credential.material.key)),
  );
  if (held !== undefined) return held;
  for (const credential of credentials) {
    if (!isOfKind(credential, 'jwks_uri')) continue;
    const { uri } = credential.material;
    const published = await keySets.find(uri, undefined);
    if (published.ok && published.value.some(isTheirs)) return credential;
    // No set has a key of this name, so that one that is remembered is fetched anew.
    const renewed = published.ok ? await keySets.find(uri, `x5t#S256:${thumbprint}`) : published;
    if (renewed.ok && renewed.value.some(isTheirs)) return credential;
  }
  return undefined;
}

function judge(
  registered: RegisteredClient,
  { credential, method }: Found,
  now: NumericDate,
): Result<AuthenticatedClient, Refusal> {
  const { client } = registered;
  const { clientId } = client;
  if (isExpired(credential, now)) return refuse({ reason: 'credential_expired', clientId });
  if (!client.enabled) return refuse({ reason: 'client_disabled', clientId });
  if (client.strictAuthenticationMethod && client.authenticationMethod !== method)
    return refuse({ reason: 'authentication_method_not_registered', clientId, method });
  return ok({ ...registered, method, credentialId: credential.id, spends: [] });
}
