import { later, type NumericDate, ok, type Result, refuse, seconds } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer } from '../../contract/routes.ts';
import type { Environment } from '../../environment.ts';
import { type Credential, isExpired, type Material } from '../../model/credential.ts';
import type { Asked } from '../use-case.ts';

/*
 * What credentials of every kind have in common, beside how they are changed: how a new one
 * begins, how one stands, and how those of one family are listed.
 */

type Given = { readonly label: string; readonly expiresIn?: number | undefined };

export const newCredential = <M extends Material>(
  { random }: Pick<Environment, 'random'>,
  { now }: Pick<Asked, 'now'>,
  { realm, clientId }: { readonly realm: string; readonly clientId: string },
  { label, expiresIn }: Given,
  material: M,
): Credential & { readonly material: M } => ({
  realm,
  clientId,
  id: random.uuid(),
  label,
  material,
  createdAt: now,
  expiresAt: expiresIn === undefined ? undefined : later(now, seconds(expiresIn)),
  lastUsedAt: undefined,
  lastUsedAddress: undefined,
  revision: 1,
});

type State = Pick<
  Answer<'updateKey'>,
  'status' | 'createdAt' | 'expiresAt' | 'lastUsedAt' | 'lastUsedAddress' | 'revision'
>;

export const describeState = (credential: Credential, now: NumericDate): State => ({
  status: isExpired(credential, now) ? 'expired' : 'active',
  createdAt: credential.createdAt,
  expiresAt: credential.expiresAt ?? null,
  lastUsedAt: credential.lastUsedAt ?? null,
  lastUsedAddress: credential.lastUsedAddress ?? null,
  revision: credential.revision,
});

/** Those of the client that belong to one family, as people see them. */
export async function listFamily<C extends Credential, View>(
  { store }: Pick<Environment, 'store'>,
  { realm, now }: Pick<Asked, 'realm' | 'now'>,
  clientId: string,
  includes: (credential: Credential) => credential is C,
  describe: (credential: C, now: NumericDate) => View,
): Promise<Result<{ readonly items: readonly View[] }, AdminRefusal>> {
  const registered = await store.clients.find(realm.name, clientId);
  if (registered === undefined) return refuse({ reason: 'client_unknown' });
  const items = registered.credentials.filter(includes).map((one) => describe(one, now));
  return ok({ items });
}
