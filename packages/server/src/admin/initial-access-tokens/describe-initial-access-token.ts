import type { NumericDate } from '@tessera/protocol';
import type { Answer } from '../../contract/routes.ts';
import { findEnd, type InitialAccessToken } from '../../model/initial-access-token.ts';

type View = Answer<'listInitialAccessTokens'>['items'][number];

export const describeInitialAccessToken = (token: InitialAccessToken, now: NumericDate): View => ({
  realm: token.realm,
  id: token.id,
  label: token.label,
  status: findEnd(token, now) ?? 'active',
  scopes: token.scopes ?? null,
  uses: token.uses,
  usesMax: token.usesMax,
  createdAt: token.createdAt,
  expiresAt: token.expiresAt,
  revision: token.revision,
});
