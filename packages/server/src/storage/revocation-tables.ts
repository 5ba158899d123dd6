import type { RevocationPosition, RevokedHolder, RevokedToken } from '../model/token.ts';
import { rowCodec } from './row-codec.ts';

/** Revoked tokens with their position, which whoever writes them does not choose. */
export const POSITIONED_TOKEN = rowCodec<RevokedToken & { readonly position: number }>({
  realm: 'text',
  jti: 'text',
  expiresAt: 'integer',
  statusList: 'text',
  statusIndex: 'integer',
  position: 'integer',
});

export const POSITIONED_HOLDER = rowCodec<RevokedHolder & { readonly position: number }>({
  realm: 'text',
  clientId: 'text',
  revokedBefore: 'integer',
  expiresAt: 'integer',
  position: 'integer',
});

export const REVOCATION_POSITION = rowCodec<RevocationPosition>({
  realm: 'text',
  previous: 'integer',
  position: 'integer',
});
