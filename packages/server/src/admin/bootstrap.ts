import { ok } from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { NewEvent } from '../model/event.ts';
import { ROOT_REALM } from '../model/realm.ts';
import type { User } from '../model/user.ts';
import { systemAdministrator } from './administrator.ts';
import { describeChange, eventOf } from './change.ts';
import { describeRealm } from './realms/describe-realm.ts';
import { insertRealm, prepareRealm } from './realms/new-realm.ts';
import type { Asked } from './use-case.ts';
import { describeUser } from './users/describe-user.ts';
import { makePassword } from './users/password.ts';

type Env = Pick<Environment, 'addresses' | 'clock' | 'hasher' | 'keyRing' | 'random' | 'store'>;

/** The way in: a password that is good for one sign-in, at which it must be replaced. */
export type FirstAdministrator = { readonly userName: string; readonly password: string };

const USER_NAME = 'admin';

/**
 * What a server cannot do without: the root realm, and somebody who may administer it. Answers
 * with the first administrator if this call made one; without a password given, one is made.
 *
 * What is missing is decided in the commit, so two nodes that start at once make one of each, and
 * a server that has both is left as it is. A password that is made here goes to `keep` before
 * there is an administrator: a crash must not leave one whom nobody can be.
 */
export async function bootstrap(
  env: Env,
  given?: string,
  keep: (password: string) => void = () => {},
): Promise<FirstAdministrator | undefined> {
  const now = env.clock.now();
  if (await isBootstrapped(env)) return undefined;
  const password = given ?? makePassword(env);
  const root = await prepareRealm(env, ROOT_REALM, 'Root', now);
  const asked: Asked = {
    administrator: systemAdministrator('bootstrap'),
    realm: root.realm,
    now,
    requestId: '',
    surface: undefined,
    ownedBy: undefined,
  };
  const passwordHash = await env.hasher.hash(password);
  if (passwordHash === 'overloaded') throw new Error('the server has not started, yet it is busy');
  const user: User = {
    realm: ROOT_REALM,
    id: env.random.uuid(),
    userName: USER_NAME,
    givenName: '',
    familyName: '',
    email: '',
    enabled: true,
    passwordHash,
    passwordOneTime: true,
    roles: ['administrator'],
    keptAttributes: undefined,
    createdAt: now,
    revision: 1,
  };
  if (given === undefined) keep(password);
  const made = await env.store.commit<readonly NewEvent[], never>(
    (events) => events,
    async (rows) => {
      const events: NewEvent[] = [];
      if ((await rows.realms.find(ROOT_REALM)) === undefined) {
        await insertRealm(rows, root);
        const changes = describeChange(undefined, describeRealm(env, root.realm));
        events.push(eventOf(asked, 'realm.created', { kind: 'realm', id: ROOT_REALM }, changes));
      }
      if ((await rows.users.withRole(ROOT_REALM, 'administrator')).length > 0) return ok(events);
      if ((await rows.users.insert(user)) === 'taken')
        throw new Error(`the user ${USER_NAME} exists and is no administrator`);
      const changes = describeChange(undefined, describeUser(user));
      events.push(eventOf(asked, 'user.created', { kind: 'user', id: user.id }, changes));
      return ok(events);
    },
  );
  const created = made.ok && made.value.some(({ type }) => type === 'user.created');
  return created ? { userName: USER_NAME, password } : undefined;
}

/** Whether there is nothing to do, found out without a commit: most starts are such. */
async function isBootstrapped(env: Pick<Env, 'store'>): Promise<boolean> {
  if ((await env.store.realms.find(ROOT_REALM)) === undefined) return false;
  let after: string | undefined;
  do {
    const page = await env.store.users.list(ROOT_REALM, { limit: 200, after });
    if (page.items.some(({ roles }) => roles.includes('administrator'))) return true;
    after = page.next;
  } while (after !== undefined);
  return false;
}
