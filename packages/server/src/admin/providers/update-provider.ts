import { ok, profileRules, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import { ADMIN_API_IDENTIFIER } from '../../model/api.ts';
import type { Provider } from '../../model/provider.ts';
import { changeEvents, isFresh, merge, save } from '../change.ts';
import {
  type ChangedWithKey,
  ensureSigningKey,
  prepareSigningKey,
  signingKeyCreated,
} from '../signing-keys/ensure-signing-key.ts';
import type { UseCase } from '../use-case.ts';
import { describeProvider } from './describe-provider.ts';

export const findProvider: UseCase<'findProvider'> = async (env, { realm }) => {
  const provider = await env.store.providers.find(realm.name);
  return provider === undefined
    ? refuse({ reason: 'realm_unknown' })
    : ok(describeProvider(provider));
};

export const updateProvider: UseCase<'updateProvider'> = async (
  env,
  asked,
  { body, precondition },
) => {
  const { name } = asked.realm;
  // Any scope of the default API would pass for a permission then.
  if (body.defaultAudience === ADMIN_API_IDENTIFIER) return refuse({ reason: 'audience_reserved' });
  const wanted = await prepareSigningKey(env, name, body.signingAlgorithm);
  const changed = await env.store.commit<ChangedWithKey<Provider>, AdminRefusal>(
    ({ before, after, key }) => [
      ...changeEvents(
        asked,
        'provider.updated',
        { kind: 'provider', id: name },
        describeProvider(before),
        describeProvider(after),
      ),
      ...signingKeyCreated(asked, key),
    ],
    async (rows) => {
      const current = await rows.providers.find(name);
      if (current === undefined) return refuse({ reason: 'realm_unknown' });
      if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
      const apis = await rows.apis.all(name);
      if (apis.some(({ identifier }) => identifier === body.defaultAudience))
        return refuse({ reason: 'audience_reserved' });
      const next = merge(current, body);
      if (!profileRules(next.securityProfile).signingAlgorithms.includes(next.signingAlgorithm))
        return refuse({ reason: 'signing_algorithm_not_allowed' });
      const saved = await save(rows.providers, current, next);
      if (!saved.ok) return saved;
      return ok({ ...saved.value, key: await ensureSigningKey(env, rows, asked, wanted) });
    },
  );
  return changed.ok ? ok(describeProvider(changed.value.after)) : changed;
};
