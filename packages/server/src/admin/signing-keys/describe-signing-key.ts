import type { Answer } from '../../contract/routes.ts';
import type { SigningKey } from '../../model/signing-key.ts';

type KeyView = Answer<'listSigningKeys'>['items'][number];

/** The public half alone. */
export const describeSigningKey = (key: SigningKey): KeyView => ({
  kid: key.kid,
  algorithm: key.algorithm,
  state: key.state,
  createdAt: key.createdAt,
  signsFrom: key.signsFrom,
  publishedUntil: key.publishedUntil ?? null,
  publicJwk: key.publicJwk,
  revision: key.revision,
});
