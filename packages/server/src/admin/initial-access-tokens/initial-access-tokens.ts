import { later, ok, refuse, seconds } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import {
  INITIAL_ACCESS_TOKENS_MAX,
  type InitialAccessToken,
} from '../../model/initial-access-token.ts';
import { formatRandomText } from '../../model/random-text.ts';
import { describeChange, eventOf, isFresh } from '../change.ts';
import { describePage, readPage } from '../paging.ts';
import type { Asked, UseCase } from '../use-case.ts';
import { describeInitialAccessToken } from './describe-initial-access-token.ts';

export const listInitialAccessTokens: UseCase<'listInitialAccessTokens'> = async (
  env,
  { realm, now },
  { query },
) =>
  ok(
    describePage(await env.store.initialAccessTokens.list(realm.name, readPage(query)), (token) =>
      describeInitialAccessToken(token, now),
    ),
  );

export const createInitialAccessToken: UseCase<'createInitialAccessToken'> = async (
  env,
  asked,
  { body },
) => {
  const realm = asked.realm.name;
  const text = formatRandomText('tsi', env.random.bytes(32));
  const token: InitialAccessToken = {
    realm,
    id: env.random.uuid(),
    label: body.label,
    digest: env.hasher.digest('registration', text),
    scopes: body.scopes ?? undefined,
    uses: 0,
    usesMax: body.usesMax,
    createdAt: asked.now,
    expiresAt: later(asked.now, seconds(body.expiresIn)),
    revision: 1,
  };
  const view = describeInitialAccessToken(token, asked.now);
  const created = await env.store.commit<InitialAccessToken, AdminRefusal>(
    eventOf(
      asked,
      'initial-access-token.created',
      subjectOf(token),
      describeChange(undefined, view),
    ),
    async (rows) => {
      const limit = INITIAL_ACCESS_TOKENS_MAX;
      if ((await rows.initialAccessTokens.count(realm, limit)) >= limit)
        return refuse({ reason: 'initial_access_tokens_too_many', limit });
      await rows.initialAccessTokens.insert(token);
      return ok(token);
    },
  );
  return created.ok ? ok({ ...view, token: text }) : created;
};

export const revokeInitialAccessToken: UseCase<'revokeInitialAccessToken'> = async (
  env,
  asked,
  { params, precondition },
) => {
  const revoked = await env.store.commit<InitialAccessToken, AdminRefusal>(
    (token) => tokenRevoked(asked, token),
    async (rows) => {
      const token = await rows.initialAccessTokens.find(asked.realm.name, params.tokenId);
      if (token === undefined) return refuse({ reason: 'initial_access_token_unknown' });
      if (!isFresh(precondition, token)) return refuse({ reason: 'revision_stale' });
      await rows.initialAccessTokens.delete(token.realm, token.id);
      return ok(token);
    },
  );
  return revoked.ok ? ok(undefined) : revoked;
};

const tokenRevoked = (asked: Asked, token: InitialAccessToken) =>
  eventOf(
    asked,
    'initial-access-token.revoked',
    subjectOf(token),
    describeChange(describeInitialAccessToken(token, asked.now), undefined),
  );

const subjectOf = ({ id }: InitialAccessToken) => ({ kind: 'initial-access-token', id });
