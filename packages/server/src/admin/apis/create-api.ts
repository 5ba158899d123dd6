import { ok, refuse, seconds } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Api } from '../../model/api.ts';
import type { SigningKey } from '../../model/signing-key.ts';
import { describeChange, eventOf } from '../change.ts';
import {
  ensureSigningKey,
  prepareSigningKey,
  signingKeyCreated,
} from '../signing-keys/ensure-signing-key.ts';
import type { UseCase } from '../use-case.ts';
import { checkApi, checkClaimsHook } from './check-api.ts';
import { describeApi } from './describe-api.ts';

export const createApi: UseCase<'createApi'> = async (env, asked, { body }) => {
  const realm = asked.realm.name;
  const reachable = checkClaimsHook(env, body.claimsHook);
  if (!reachable.ok) return reachable;
  const { id = env.random.uuid(), accessTokenLifetime, ...members } = body;
  const api: Api = {
    realm,
    id,
    ...members,
    accessTokenLifetime: accessTokenLifetime == null ? undefined : seconds(accessTokenLifetime),
    tokenFormat: members.tokenFormat ?? undefined,
    signingAlgorithm: members.signingAlgorithm ?? undefined,
    claimsHook: members.claimsHook ?? undefined,
    createdAt: asked.now,
    revision: 1,
  };
  const wanted = await prepareSigningKey(env, realm, api.signingAlgorithm);
  const view = describeApi(api);
  const created = await env.store.commit<SigningKey | undefined, AdminRefusal>(
    (key) => [
      eventOf(asked, 'api.created', { kind: 'api', id }, describeChange(undefined, view)),
      ...signingKeyCreated(asked, key),
    ],
    async (rows) => {
      if ((await rows.apis.find(realm, id)) !== undefined)
        return refuse({ reason: 'api_id_taken' });
      const checked = await checkApi(env, rows, api);
      if (!checked.ok) return checked;
      if ((await rows.apis.insert(api)) === 'taken') return refuse({ reason: 'api_id_taken' });
      return ok(await ensureSigningKey(env, rows, asked, wanted));
    },
  );
  return created.ok ? ok(view) : created;
};
