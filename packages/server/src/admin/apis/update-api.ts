import { type ClaimsHook, ok, type Result, refuse } from '@tessera/protocol';
import { CLAIMS_HOOK_DEFAULTS } from '../../contract/claims.ts';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Input } from '../../contract/routes.ts';
import { ADMIN_API_ID, type Api } from '../../model/api.ts';
import { changeEvents, isFresh, merge, save } from '../change.ts';
import {
  type ChangedWithKey,
  ensureSigningKey,
  prepareSigningKey,
  signingKeyCreated,
} from '../signing-keys/ensure-signing-key.ts';
import type { UseCase } from '../use-case.ts';
import { checkApi, checkClaimsHook } from './check-api.ts';
import { describeApi } from './describe-api.ts';

export const updateApi: UseCase<'updateApi'> = async (
  env,
  asked,
  { params, body, precondition },
) => {
  const realm = asked.realm.name;
  const { identifier, name, scopes, authorizationDetailTypes } = body;
  const fixed = identifier ?? name ?? scopes ?? authorizationDetailTypes;
  if (params.apiId === ADMIN_API_ID && fixed !== undefined)
    return refuse({ reason: 'admin_api_protected' });
  const reachable = checkClaimsHook(env, body.claimsHook);
  if (!reachable.ok) return reachable;
  const wanted = await prepareSigningKey(env, realm, body.signingAlgorithm);
  const changed = await env.store.commit<ChangedWithKey<Api>, AdminRefusal>(
    ({ before, after, key }) => [
      ...changeEvents(
        asked,
        'api.updated',
        { kind: 'api', id: before.id },
        describeApi(before),
        describeApi(after),
      ),
      ...signingKeyCreated(asked, key),
    ],
    async (rows) => {
      const current = await rows.apis.find(realm, params.apiId);
      if (current === undefined) return refuse({ reason: 'api_unknown' });
      if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
      const claimsHook = mergeHook(current, body.claimsHook);
      if (!claimsHook.ok) return claimsHook;
      const next = merge(current, { ...body, claimsHook: claimsHook.value ?? null });
      const checked = await checkApi(env, rows, next);
      if (!checked.ok) return checked;
      const saved = await save(rows.apis, current, next);
      if (!saved.ok) return saved;
      return ok({ ...saved.value, key: await ensureSigningKey(env, rows, asked, wanted) });
    },
  );
  return changed.ok ? ok(describeApi(changed.value.after)) : changed;
};

type HookPatch = Input<'updateApi'>['body']['claimsHook'];

/** RFC 7396 §2, one object deeper: members of the hook that were not named stay as they are. */
function mergeHook(
  { claimsHook: current }: Api,
  patch: HookPatch,
): Result<ClaimsHook | undefined, AdminRefusal> {
  if (patch === undefined) return ok(current);
  if (patch === null) return ok(undefined);
  const url = patch.url ?? current?.url;
  if (url !== undefined) return ok(merge({ ...CLAIMS_HOOK_DEFAULTS, ...current, url }, patch));
  const problem = { pointer: '/claimsHook/url', detail: 'is needed: the API has no hook yet' };
  return refuse({ reason: 'input_malformed', problems: [problem] });
}
