import { ok, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Credential } from '../../model/credential.ts';
import {
  type Changed,
  changeEvents,
  describeChange,
  eventOf,
  isFresh,
  merge,
  save,
} from '../change.ts';
import type { UseCase } from '../use-case.ts';
import { describeSecret } from './describe-secret.ts';
import { mayImpersonate } from './new-secret.ts';

export const updateSecret: UseCase<'updateSecret'> = async (
  env,
  asked,
  { params, body, precondition },
) => {
  const { now } = asked;
  const realm = asked.realm.name;
  if (typeof body.expiresAt === 'number' && body.expiresAt <= now)
    return refuse({ reason: 'expiry_past' });
  const changed = await env.store.commit<Changed<Credential>, AdminRefusal>(
    ({ before, after }) =>
      changeEvents(
        asked,
        'secret.updated',
        { kind: 'client', id: before.clientId },
        describeSecret(before, now),
        describeSecret(after, now),
      ).map((event) => ({ ...event, details: { secretId: before.id, ...event.details } })),
    async (rows) => {
      const current = await rows.credentials.find(realm, params.clientId, params.secretId);
      if (current === undefined) return refuse({ reason: 'secret_unknown' });
      if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
      // A secret that had ended would work again: as good as giving one.
      if (!(await mayImpersonate(rows, asked, current)))
        return refuse({ reason: 'right_not_held' });
      return save(rows.credentials, current, merge(current, body));
    },
  );
  return changed.ok ? ok(describeSecret(changed.value.after, now)) : changed;
};

/** It stops working at once, on this node and on the others as soon as they hear of it. */
export const revokeSecret: UseCase<'revokeSecret'> = async (
  env,
  asked,
  { params, precondition },
) => {
  const realm = asked.realm.name;
  const revoked = await env.store.commit<Credential, AdminRefusal>(
    (secret) =>
      eventOf(
        asked,
        'secret.revoked',
        { kind: 'client', id: secret.clientId },
        { secretId: secret.id, ...describeChange(describeSecret(secret, asked.now), undefined) },
      ),
    async (rows) => {
      const current = await rows.credentials.find(realm, params.clientId, params.secretId);
      if (current === undefined) return refuse({ reason: 'secret_unknown' });
      if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
      await rows.credentials.delete(realm, params.clientId, params.secretId);
      return ok(current);
    },
  );
  return revoked.ok ? ok(undefined) : revoked;
};
