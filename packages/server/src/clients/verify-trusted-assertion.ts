import {
  type AssertionProblem,
  checkTrustedAssertion,
  type NumericDate,
  ok,
  profileRules,
  type Refusal,
  type Result,
  readTrustedAssertion,
  refuse,
  selectKeys,
  type TrustedAssertion,
  type VerificationKey,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { Provider } from '../model/provider.ts';
import type { Realm } from '../model/realm.ts';
import type { TrustedIssuer, TrustedIssuerUse } from '../model/trusted-issuer.ts';
import { identifierOf, type OneTimeIdentifier } from './spend-identifiers.ts';
import { verifySignature } from './verify-signature.ts';

/** What an issuer that is trusted said of somebody, and that it did. */
export type VerifiedAssertion = {
  readonly issuer: TrustedIssuer;
  readonly subject: string;
  readonly claims: TrustedAssertion['claims'];
  /** From when on the assertion counts for nothing; a token made of it should not live longer. */
  readonly expiresAt: number;
  /** What must be spent, once everything else was verified and before anything is given. */
  readonly spends: readonly OneTimeIdentifier[];
};

/** Where an assertion was presented. */
type Place = { readonly realm: Realm; readonly provider: Provider };

/** Seconds after which the keys of an issuer may be there again. */
const RETRY_AFTER = 5;

/**
 * Believes an assertion of an issuer that the realm trusts for a use: for authenticating clients,
 * as a grant, or for software statements. RFC 7521 §3, §5.2, RFC 7523 §3
 *
 * Whose keys count is decided by the realm's own list, to which the assertion brings no more than
 * a name. Claims are judged before the signature, for they cost nothing. Whether the subject is
 * anybody here is left to the caller, and so is spending.
 */
export async function verifyTrustedAssertion(
  env: Pick<Environment, 'store' | 'keySets' | 'addresses'>,
  { realm, provider }: Place,
  text: string,
  use: TrustedIssuerUse,
  now: NumericDate,
): Promise<Result<VerifiedAssertion, Refusal>> {
  const read = readTrustedAssertion(text, use);
  if (!read.ok) return read;
  const assertion = read.value;

  const trusted = await env.store.trustedIssuers.all(realm.name);
  const issuer = selectIssuer(
    trusted.filter(({ enabled, uses }) => enabled && uses.includes(use)),
    assertion,
  );
  const name = assertion.issuer ?? assertion.trustDomain ?? '';
  if (issuer === undefined) return refuse({ reason: 'issuer_unknown', issuer: name });

  const identifier = issuer.assertionReuse === 'refused' ? 'required' : 'optional';
  const { audience, lifetimeMax } = issuer;
  const { assertionAlgorithms } = profileRules(provider.securityProfile);
  const algorithms = issuer.algorithms.filter((one) => assertionAlgorithms.includes(one));
  const audiences = [audience ?? env.addresses.issuer(realm.name)];
  const checked = checkTrustedAssertion(
    assertion,
    { algorithms, audiences, lifetimeMax, identifier },
    now,
  );
  if (!checked.ok) return about(issuer, checked.refusal);

  const keys = await findKeys(env, issuer, assertion);
  if (keys === undefined)
    return refuse({
      reason: 'issuer_keys_unavailable',
      issuer: issuer.issuer,
      retryAfter: RETRY_AFTER,
    });
  const { algorithm, keyId, signingInput, signature } = assertion;
  const candidates = selectKeys(keys, algorithm, keyId);
  if (candidates.length === 0) return about(issuer, { reason: 'assertion_key_unknown' });
  if (!candidates.some((key) => verifySignature(algorithm, key, signingInput, signature)))
    return about(issuer, { reason: 'assertion_signature_wrong' });

  const once = identifier === 'required' ? checked.value : undefined;
  return ok({
    issuer,
    subject: assertion.subject,
    claims: assertion.claims,
    expiresAt: assertion.expiresAt,
    spends:
      once === undefined
        ? []
        : [identifierOf('trusted_assertion', realm.name, issuer.issuer, once)],
  });
}

/**
 * Whose assertion it is, if the signature says so too. A trust domain comes first: the `iss` of a
 * JWT-SVID says nothing, for SPIRE can be told to set any. JWT-SVID §3
 */
const selectIssuer = (
  trusted: readonly TrustedIssuer[],
  { issuer, trustDomain }: TrustedAssertion,
): TrustedIssuer | undefined =>
  trusted.find((one) => one.preset === 'spiffe' && one.issuer === trustDomain) ??
  trusted.find((one) => one.preset !== 'spiffe' && one.issuer === issuer);

const about = ({ issuer }: TrustedIssuer, problem: AssertionProblem) =>
  refuse({ ...problem, issuer });

/** `undefined`: they can not be had at present. */
async function findKeys(
  { keySets }: Pick<Environment, 'keySets'>,
  { jwks, jwksUri }: TrustedIssuer,
  { keyId }: TrustedAssertion,
): Promise<readonly VerificationKey[] | undefined> {
  if (jwksUri === undefined) return jwks ?? [];
  const found = await keySets.find(jwksUri, keyId);
  return found.ok ? found.value : undefined;
}
