import { currentNonce } from '../clients/dpop-nonce.ts';
import type { Environment } from '../environment.ts';
import type { OAuthRequest } from './oauth-request.ts';

/**
 * The nonce for the caller's next proof: given with every answer to a proof, so that a client is
 * hardly ever refused for the lack of one. RFC 9449 §8, §8.2
 */
export const nextNonce = (
  env: Pick<Environment, 'hasher'>,
  { provider, proofs, now }: Pick<OAuthRequest, 'provider' | 'proofs' | 'now'>,
): string | undefined =>
  provider.dpopNonces && proofs.length > 0 ? currentNonce(env, provider.realm, now) : undefined;
