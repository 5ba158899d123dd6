import { ok, type Result } from '@tessera/protocol';
import type { RealmFile } from '../../contract/realm-file.ts';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer } from '../../contract/routes.ts';
import type { Environment } from '../../environment.ts';
import { systemAdministrator } from '../administrator.ts';
import { perform } from '../perform.ts';

/**
 * Makes the realm of a file, or makes the realm that is there what the file says: by the server
 * itself, before anybody can ask it for anything.
 */
export async function applyAtStart(
  env: Environment,
  file: RealmFile,
): Promise<Result<Answer<'applyRealm'>, AdminRefusal>> {
  const { name: realm } = file.realm;
  const exists = (await env.store.realms.find(realm)) !== undefined;
  const given = { query: undefined, precondition: undefined, requestId: '' };
  const by = systemAdministrator('demo');
  const applied = exists
    ? await perform(env, by, 'applyRealm', { ...given, params: { realm }, body: { file } })
    : await perform(env, by, 'importRealm', { ...given, params: {}, body: { file } });
  return applied.ok ? ok(applied.value) : applied;
}
