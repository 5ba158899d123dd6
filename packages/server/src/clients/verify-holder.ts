import { hash } from 'node:crypto';
import {
  type Confirmation,
  type NumericDate,
  ok,
  type PresentedCertificate,
  type Refusal,
  type Result,
  refuse,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { Provider } from '../model/provider.ts';
import { spendIdentifiers } from './spend-identifiers.ts';
import { thumbprintOfCertificate } from './thumbprint.ts';
import { type ProvedRequest, verifyProof } from './verify-proof.ts';

/** How a token is shown at an endpoint of this server that it opens. */
export type ShownToken = Omit<ProvedRequest, 'accessTokenHash'> & {
  /** The scheme of the Authorization header. */
  readonly scheme: 'bearer' | 'dpop';
  readonly token: string;
  /** The certificate whose key the caller has proved to TLS to hold. */
  readonly certificate: PresentedCertificate | undefined;
};

/**
 * Whether whoever shows a token holds the keys that it is bound to. RFC 9449 §7.1: a resource
 * server "MUST NOT grant access to the resource unless all checks are successful", and never
 * takes a token that is bound to a key as a bearer token; RFC 8705 §3.
 */
export async function verifyHolder(
  env: Pick<Environment, 'hasher' | 'store' | 'addresses'>,
  provider: Provider,
  shown: ShownToken,
  confirmation: Confirmation | undefined,
  now: NumericDate,
): Promise<Result<undefined, Refusal>> {
  const bound = confirmation?.certificateThumbprint;
  if (bound !== undefined && bound !== thumbprintOf(shown.certificate))
    return refuse({ reason: 'certificate_missing' });
  if (shown.scheme === 'bearer')
    return confirmation?.jkt === undefined ? ok(undefined) : refuse({ reason: 'proof_missing' });

  const accessTokenHash = hash('sha256', shown.token, 'base64url');
  const proof = verifyProof(env, provider, { ...shown, accessTokenHash }, now);
  if (!proof.ok) return proof;
  if (proof.value === undefined) return refuse({ reason: 'proof_missing' });
  if (proof.value.jkt !== confirmation?.jkt) return refuse({ reason: 'proof_key_wrong' });
  return spendIdentifiers(env, proof.value.spends);
}

const thumbprintOf = (certificate: PresentedCertificate | undefined): string | undefined =>
  certificate && thumbprintOfCertificate(certificate.leaf);
