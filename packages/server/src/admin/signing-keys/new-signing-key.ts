import type { NumericDate } from '@tessera/protocol';
import type { KeyRing } from '../../environment.ts';
import type { SigningKey } from '../../model/signing-key.ts';

/** A key pair that has no place in a realm yet. */
export type FreshKey = Awaited<ReturnType<KeyRing['generate']>>;

/** A key of a realm: signing at once, or published until it does. */
export const newSigningKey = (
  realm: string,
  fresh: FreshKey,
  now: NumericDate,
  signsFrom: NumericDate = now,
): SigningKey => ({
  realm,
  kid: fresh.publicJwk.kid,
  algorithm: fresh.publicJwk.alg,
  publicJwk: fresh.publicJwk,
  sealedPrivateKey: fresh.sealedPrivateKey,
  state: signsFrom <= now ? 'signing' : 'published',
  createdAt: now,
  signsFrom,
  publishedUntil: undefined,
  revision: 1,
});
