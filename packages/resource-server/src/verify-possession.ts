import { ok, type Result, refuse } from '@tessera/protocol';
import type { AcceptedToken } from './accepted-token.ts';
import type { Platform } from './platform.ts';
import type { PresentedRequest } from './presented-request.ts';
import type { PresentedToken } from './presented-token.ts';
import type { TokenRefusal } from './token-refusal.ts';
import { type ProofRules, verifyProof } from './verify-proof.ts';

/**
 * Verifies that the caller holds every key that its token is bound to, and that a token came by the
 * scheme that is its own: a token with a DPoP key is worth nothing as a bearer token, and one
 * without none as a DPoP token. RFC 9449 §7.1, §7.2, RFC 8705 §3
 *
 * The value is what the answer to the request has to carry.
 */
export async function verifyPossession(
  request: PresentedRequest,
  { scheme, token }: PresentedToken,
  { confirmation, clientId, subject, responseHeaders }: AcceptedToken,
  proofs: ProofRules | undefined,
  platform: Platform,
  now: number,
): Promise<Result<AcceptedToken['responseHeaders'], TokenRefusal>> {
  const { jkt, certificateThumbprint } = confirmation ?? {};
  if (jkt === undefined && scheme === 'DPoP')
    return refuse({ reason: 'token_not_bound', clientId });
  if (certificateThumbprint !== undefined) {
    const certificate = request.peerCertificate?.();
    if (certificate === undefined) return refuse({ reason: 'certificate_missing', clientId });
    if ((await platform.digest(certificate)) !== certificateThumbprint)
      return refuse({ reason: 'certificate_wrong', clientId });
  }
  if (jkt === undefined) return ok(responseHeaders);
  if (proofs === undefined) return refuse({ reason: 'confirmation_unsupported' });
  if (scheme !== 'DPoP') return refuse({ reason: 'bound_token_as_bearer', clientId });
  const holder = { client: clientId ?? '', subject: subject ?? '', jkt };
  const nonce = await verifyProof(request, token, holder, proofs, platform, now);
  if (!nonce.ok) return nonce;
  return ok(nonce.value === undefined ? responseHeaders : { 'dpop-nonce': nonce.value });
}
