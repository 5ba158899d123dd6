import { ok, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import { type Credential, isOfKind } from '../../model/credential.ts';
import type { TrustedIssuer } from '../../model/trusted-issuer.ts';
import { type Changed, changeEvents, isFresh, merge, save } from '../change.ts';
import { mayImpersonateAll } from '../credentials/new-secret.ts';
import type { UseCase } from '../use-case.ts';
import { describeTrustedIssuer } from './describe-trusted-issuer.ts';
import { readKeys } from './read-keys.ts';

export const updateTrustedIssuer: UseCase<'updateTrustedIssuer'> = async (
  env,
  asked,
  { params, body, precondition },
) => {
  const realm = asked.realm.name;
  const { jwks, jwksUri, ...members } = body;
  const changed = await env.store.commit<Changed<TrustedIssuer>, AdminRefusal>(
    ({ before, after }) =>
      changeEvents(
        asked,
        'trusted-issuer.updated',
        { kind: 'trusted-issuer', id: before.id },
        describeTrustedIssuer(env, before),
        describeTrustedIssuer(env, after),
      ),
    async (rows) => {
      const current = await rows.trustedIssuers.find(realm, params.issuerId);
      if (current === undefined) return refuse({ reason: 'trusted_issuer_unknown' });
      if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
      if (members.audience === current.issuer) return refuse({ reason: 'issuer_audience_unsafe' });
      // Whoever puts keys of their own in its place is every client that relies on it.
      if (!(await mayImpersonateAll(rows, asked, reliesOn(current.id))))
        return refuse({ reason: 'right_not_held' });
      const keys = readKeys(env, current.preset, { jwks, jwksUri });
      if (!keys.ok) return keys;
      const next = merge<TrustedIssuer>(current, members);
      return save(rows.trustedIssuers, current, { ...next, ...keys.value });
    },
  );
  return changed.ok ? ok(describeTrustedIssuer(env, changed.value.after)) : changed;
};

const reliesOn =
  (issuerId: string) =>
  (credential: Credential): boolean =>
    isOfKind(credential, 'trusted_issuer') && credential.material.issuerId === issuerId;
