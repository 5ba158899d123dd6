import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld, ORIGIN, STRANGER } from '../../../test/admin-world.ts';

let world: AdminWorld;
const PASSWORD = 'correct horse battery staple';

beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

const createUser = async (userName: string, roles: readonly 'auditor'[] = []) => {
  const { answer } = await world.call(world.root, 'createUser', {
    body: { userName, roles, password: PASSWORD, passwordOneTime: false },
  });
  return (answer as { readonly id: string }).id;
};

const signIn = async (userName: string) => {
  const { headers } = await world.call(STRANGER, 'openSession', {
    body: { realm: 'alpha', userName, password: PASSWORD },
  });
  return { cookie: String(headers['set-cookie']).split(';')[0] ?? '', origin: ORIGIN };
};

const list = async (query: Readonly<Record<string, string>> = {}) =>
  (
    (await world.call(world.root, 'listSessions', { query })).answer as {
      readonly items: readonly {
        readonly id: string;
        readonly userName: string;
        readonly current: boolean;
        readonly lastSeenAt: number;
      }[];
    }
  ).items;

describe('who is signed in', () => {
  test('is listed with since when and from where, and nothing that opens anything', async () => {
    const userId = await createUser('listed');
    const { cookie } = await signIn('listed');
    const [session, ...others] = await list({ userId });
    expect(others).toEqual([]);
    expect(session).toMatchObject({
      userId,
      userName: 'listed',
      address: '127.0.0.1',
      createdAt: world.env.clock.now(),
      current: false,
    });
    const text = JSON.stringify(session);
    const token = cookie.replace('tessera_session=', '');
    expect(text).not.toContain(token);
    expect(text).not.toContain(world.env.hasher.digest('session', token));
  });

  test('is seen by who may see it, and nobody else', async () => {
    const caller = await signIn('listed');
    const refused = await world.call(caller, 'listSessions');
    expect(refused.status).toBe(403);
  });

  test('a session that is used is seen within a minute', async () => {
    const userId = await createUser('seen');
    const caller = await signIn('seen');
    const signedInAt = world.env.clock.now();
    world.pass(59);
    await world.call(caller, 'findSession');
    expect((await list({ userId }))[0]?.lastSeenAt).toBe(signedInAt);
    world.pass(1);
    await world.call(caller, 'findSession');
    await expect.poll(async () => (await list({ userId }))[0]?.lastSeenAt).toBe(signedInAt + 60);
  });
});

describe('sessions of others', () => {
  test('one ends, and its cookie is worth nothing; the other goes on', async () => {
    const userId = await createUser('two-browsers');
    const first = await signIn('two-browsers');
    const second = await signIn('two-browsers');
    const [oldest] = await list({ userId });
    const ended = await world.call(world.root, 'endSession', {
      params: { sessionId: oldest?.id ?? '' },
    });
    expect(ended.status).toBe(204);
    expect((await world.call(first, 'findSession')).status).toBe(401);
    expect((await world.call(second, 'findSession')).status).toBe(200);
  });

  test('all of a person end at once, and the event says who ended how many', async () => {
    const userId = await createUser('everywhere');
    const callers = [await signIn('everywhere'), await signIn('everywhere')];
    await world.call(world.root, 'endSessionsOfUser', { params: { userId } });
    for (const caller of callers)
      expect((await world.call(caller, 'findSession')).status).toBe(401);
    const { answer } = await world.call(world.root, 'listEvents', {
      query: { type: 'session.closed', subjectId: userId },
    });
    expect(answer).toMatchObject({ items: [{ details: { sessions: 2 } }] });
  });

  test('a realm’s administrator ends none of somebody who may do more', async () => {
    const user = await world.enter('root', ['administrator']);
    const { caller } = await world.enter('root', ['realm-administrator']);
    const refused = await world.call(caller, 'endSessionsOfUser', {
      params: { realm: 'root', userId: user.id },
    });
    expect(refused.reason).toBe('right_not_held');
  });
});
