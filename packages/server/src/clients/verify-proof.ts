import {
  checkDpopProof,
  DPOP_WINDOW,
  type NumericDate,
  ok,
  profileRules,
  type Refusal,
  type Result,
  readDpopProof,
  refuse,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { Provider } from '../model/provider.ts';
import { isAcceptedNonce } from './dpop-nonce.ts';
import { digestOf, type OneTimeIdentifier } from './spend-identifiers.ts';
import { thumbprintOf } from './thumbprint.ts';
import { verifySignature } from './verify-signature.ts';

/** The request that a proof is for. */
export type ProvedRequest = {
  /** The values of all `DPoP` headers. */
  readonly proofs: readonly string[];
  readonly method: string;
  /** The address that was called, as it is known outside: never what `Host` says. */
  readonly called: string;
  /** SHA-256 of the access token that is shown with it, base64url. RFC 9449 §7 */
  readonly accessTokenHash?: string;
};

/** A key that the caller holds. */
export type VerifiedProof = {
  /** RFC 9449 §6.1 */
  readonly jkt: string;
  /** What must be spent before the proof counts. */
  readonly spends: readonly OneTimeIdentifier[];
};

/**
 * Verifies a DPoP proof: RFC 9449 §4.3. Undefined when there is none, which only a token that must
 * be bound makes a refusal.
 *
 * The nonce is judged last, so that nobody learns from it what else was wrong; the `jti` is
 * returned and not yet spent, so that a request that is sent again with a nonce has lost nothing.
 */
export function verifyProof(
  env: Pick<Environment, 'hasher' | 'addresses'>,
  provider: Provider,
  { proofs, method, called, accessTokenHash }: ProvedRequest,
  now: NumericDate,
): Result<VerifiedProof | undefined, Refusal> {
  const [text, ...others] = proofs;
  if (text === undefined) return ok(undefined);
  // A proxy may have joined two headers into one. RFC 9110 §5.3
  if (others.length > 0 || text.includes(',')) return refuse({ reason: 'proof_repeated' });

  const read = readDpopProof(text);
  if (!read.ok) return read;
  const proof = read.value;
  const use = checkDpopProof(
    proof,
    {
      algorithms: profileRules(provider.securityProfile).proofAlgorithms,
      method,
      urls: spellingsOf(env, provider.realm, called),
      window: DPOP_WINDOW,
      ...(accessTokenHash !== undefined && { accessTokenHash }),
    },
    now,
  );
  if (!use.ok) return use;
  if (!verifySignature(proof.algorithm, proof.key, proof.signingInput, proof.signature))
    return refuse({ reason: 'proof_signature_wrong' });

  if (provider.dpopNonces) {
    if (proof.nonce === undefined) return refuse({ reason: 'proof_nonce_missing' });
    if (!isAcceptedNonce(env, provider.realm, proof.nonce, now))
      return refuse({ reason: 'proof_nonce_wrong' });
  }
  const jkt = thumbprintOf(proof.key);
  const { identifier, expiresAt } = use.value;
  // RFC 9449 §11.1: remembered "in the context of the target URI": the one that was signed, for
  // the caller chooses which of the two listeners it calls.
  const digest = digestOf('proof', provider.realm, proof.target, jkt, identifier);
  return ok({ jkt, spends: [{ digest, expiresAt, ifSpent: { reason: 'proof_replayed' } }] });
}

/** The address as it was called, and as it is at the listener for certificates. RFC 8705 §5 */
function spellingsOf(
  { addresses }: Pick<Environment, 'addresses'>,
  realm: string,
  called: string,
): readonly string[] {
  const issuer = addresses.issuer(realm);
  const alias = addresses.mtlsIssuer(realm);
  return alias !== undefined && called.startsWith(`${issuer}/`)
    ? [called, alias + called.slice(issuer.length)]
    : [called];
}
