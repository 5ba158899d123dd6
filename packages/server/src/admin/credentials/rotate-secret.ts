import { later, type NumericDate, ok, refuse, seconds } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import { type CredentialOf, isExpired, isOfKind } from '../../model/credential.ts';
import { eventOf, save } from '../change.ts';
import type { UseCase } from '../use-case.ts';
import { makeRoom } from './add-secret.ts';
import { describeSecret } from './describe-secret.ts';
import { prepareSecret } from './new-secret.ts';

/** A new secret now; the earlier ones end when the overlap does, or when they would have anyway. */
export const rotateSecret: UseCase<'rotateSecret'> = async (env, asked, { params, body }) => {
  const { now } = asked;
  const client = { realm: asked.realm.name, clientId: params.clientId };
  const { overlap, label, expiresIn } = body;
  const known = await env.store.clients.find(client.realm, client.clientId);
  if (known === undefined) return refuse({ reason: 'client_unknown' });
  // What was recoverable stays so: the client goes on making assertions with it.
  const recoverable = known.credentials.some(
    (credential) => isOfKind(credential, 'secret') && credential.material.sealed !== undefined,
  );
  const words = { label, expiresIn, recoverable };
  const prepared = await prepareSecret(env, asked, client, words, undefined, '');
  if (!prepared.ok) return prepared;
  const { credential, once } = prepared.value;
  const end = later(now, seconds(overlap));

  const rotated = await env.store.commit<readonly CredentialOf<'secret'>[], AdminRefusal>(
    (replaced) =>
      eventOf(
        asked,
        'secret.rotated',
        { kind: 'client', id: params.clientId },
        { secretId: credential.id, label, overlap, replaced: replaced.map(({ id }) => id) },
      ),
    async (rows) => {
      const earlier = await makeRoom(rows, asked, params.clientId);
      if (!earlier.ok) return earlier;
      const replaced: CredentialOf<'secret'>[] = [];
      for (const before of earlier.value) {
        if (!isOfKind(before, 'secret') || isExpired(before, now)) continue;
        const after: CredentialOf<'secret'> = {
          ...before,
          expiresAt: sooner(before.expiresAt, end),
        };
        const saved = await save<CredentialOf<'secret'>>(rows.credentials, before, after);
        if (!saved.ok) return saved;
        replaced.push(saved.value.after);
      }
      await rows.credentials.insert(credential);
      return ok(replaced);
    },
  );
  return rotated.ok
    ? ok({ ...once, replaced: rotated.value.map((one) => describeSecret(one, now)) })
    : rotated;
};

const sooner = (a: NumericDate | undefined, b: NumericDate): NumericDate =>
  a !== undefined && a < b ? a : b;
