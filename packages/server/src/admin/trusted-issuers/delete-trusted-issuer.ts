import { ok, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { TrustedIssuer } from '../../model/trusted-issuer.ts';
import { describeChange, eventOf, isFresh } from '../change.ts';
import type { UseCase } from '../use-case.ts';
import { describeTrustedIssuer } from './describe-trusted-issuer.ts';

/** How many of the clients that stand in the way are named. */
const CLIENTS_TOLD = 10;

export const deleteTrustedIssuer: UseCase<'deleteTrustedIssuer'> = async (
  env,
  asked,
  { params, precondition },
) => {
  const realm = asked.realm.name;
  const deleted = await env.store.commit<TrustedIssuer, AdminRefusal>(
    (trusted) =>
      eventOf(
        asked,
        'trusted-issuer.deleted',
        { kind: 'trusted-issuer', id: trusted.id },
        describeChange(describeTrustedIssuer(env, trusted), undefined),
      ),
    async (rows) => {
      const current = await rows.trustedIssuers.find(realm, params.issuerId);
      if (current === undefined) return refuse({ reason: 'trusted_issuer_unknown' });
      if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
      const held = await rows.credentials.ofIssuer(realm, current.id, CLIENTS_TOLD);
      if (held.length > 0)
        return refuse({
          reason: 'issuer_has_workloads',
          clientIds: [...new Set(held.map(({ clientId }) => clientId))],
        });
      await rows.trustedIssuers.delete(realm, current.id);
      return ok(current);
    },
  );
  return deleted.ok ? ok(undefined) : deleted;
};
