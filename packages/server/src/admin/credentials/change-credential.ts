import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Precondition } from '../../contract/route.ts';
import type { Environment, Rows } from '../../environment.ts';
import type { Credential } from '../../model/credential.ts';
import type { NewEvent } from '../../model/event.ts';
import {
  type Changed,
  changeEvents,
  describeChange,
  eventOf,
  isFresh,
  merge,
  save,
} from '../change.ts';
import type { Asked } from '../use-case.ts';
import { makeRoom } from './add-secret.ts';
import { mayImpersonate } from './new-secret.ts';

/** How credentials of one family are told apart, shown, and called in events and refusals. */
export type CredentialFamily<C extends Credential> = {
  readonly noun: 'secret' | 'credential';
  readonly unknown: AdminRefusal;
  includes(credential: Credential): credential is C;
  describe(credential: C, now: Asked['now']): Readonly<Record<string, unknown>>;
  /** What speaks against the end that a credential would have. */
  findObstacle?(rows: Rows, changed: C): Promise<AdminRefusal | undefined>;
};

/** A family of which a client has none twice. */
export type DistinctFamily<C extends Credential> = CredentialFamily<C> & {
  readonly taken: AdminRefusal;
  isSame(known: Credential, added: Credential): boolean;
};

type Env = Pick<Environment, 'store'>;

type Named = { readonly clientId: string; readonly credentialId: string };

/** Gives a client one more credential, unless it has ten, or the same one, or is public. */
export async function insertCredential<C extends Credential>(
  env: Env,
  asked: Asked,
  family: DistinctFamily<C>,
  credential: C,
  /** What else may speak against it, of what other clients have. */
  findObstacle: (rows: Rows) => Promise<AdminRefusal | undefined> = async () => undefined,
): Promise<Result<C, AdminRefusal>> {
  return env.store.commit<C, AdminRefusal>(
    credentialAdded(asked, family, credential),
    async (rows) => {
      const held = await makeRoom(rows, asked, credential.clientId);
      if (!held.ok) return held;
      if (held.value.some((known) => family.isSame(known, credential))) return refuse(family.taken);
      const obstacle = await findObstacle(rows);
      if (obstacle !== undefined) return refuse(obstacle);
      await rows.credentials.insert(credential);
      return ok(credential);
    },
  );
}

const credentialAdded = <C extends Credential>(
  asked: Asked,
  family: CredentialFamily<C>,
  credential: C,
): NewEvent =>
  eventOf(
    asked,
    `${family.noun}.added`,
    { kind: 'client', id: credential.clientId },
    {
      [`${family.noun}Id`]: credential.id,
      ...describeChange(undefined, family.describe(credential, asked.now)),
    },
  );

/** Changes the label or the end of a credential. */
export async function changeCredential<C extends Credential>(
  env: Env,
  asked: Asked,
  family: CredentialFamily<C>,
  { clientId, credentialId }: Named,
  patch: { readonly label?: string | undefined; readonly expiresAt?: number | null | undefined },
  precondition: Precondition | undefined,
): Promise<Result<C, AdminRefusal>> {
  if (typeof patch.expiresAt === 'number' && patch.expiresAt <= asked.now)
    return refuse({ reason: 'expiry_past' });
  const changed = await env.store.commit<Changed<C>, AdminRefusal>(
    ({ before, after }) =>
      changeEvents(
        asked,
        `${family.noun}.updated`,
        { kind: 'client', id: clientId },
        family.describe(before, asked.now),
        family.describe(after, asked.now),
      ).map((event) => ({
        ...event,
        details: { [`${family.noun}Id`]: before.id, ...event.details },
      })),
    async (rows) => {
      const current = await rows.credentials.find(asked.realm.name, clientId, credentialId);
      if (current === undefined || !family.includes(current)) return refuse(family.unknown);
      if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
      // One that had ended would work again: as good as giving one.
      if (!(await mayImpersonate(rows, asked, current)))
        return refuse({ reason: 'right_not_held' });
      const next = merge<Credential>(current, patch) as C;
      const obstacle =
        patch.expiresAt === undefined ? undefined : await family.findObstacle?.(rows, next);
      return obstacle === undefined ? save<C>(rows.credentials, current, next) : refuse(obstacle);
    },
  );
  return changed.ok ? ok(changed.value.after) : changed;
}

/** It stops working at once, on this node and on the others as soon as they hear of it. */
export async function revokeCredential<C extends Credential>(
  env: Env,
  asked: Asked,
  family: CredentialFamily<C>,
  { clientId, credentialId }: Named,
  precondition: Precondition | undefined,
): Promise<Result<undefined, AdminRefusal>> {
  const realm = asked.realm.name;
  const revoked = await env.store.commit<C, AdminRefusal>(
    (credential) =>
      eventOf(
        asked,
        `${family.noun}.revoked`,
        { kind: 'client', id: clientId },
        {
          [`${family.noun}Id`]: credential.id,
          ...describeChange(family.describe(credential, asked.now), undefined),
        },
      ),
    async (rows) => {
      const current = await rows.credentials.find(realm, clientId, credentialId);
      if (current === undefined || !family.includes(current)) return refuse(family.unknown);
      if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
      await rows.credentials.delete(realm, clientId, credentialId);
      return ok(current);
    },
  );
  return revoked.ok ? ok(undefined) : revoked;
}
