import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld, ORIGIN, STRANGER } from '../../../test/admin-world.ts';
import { SESSION_LIFETIME } from './new-session.ts';
import { failureKey } from './open-session.ts';

/* Shows RFC 6265 §5.2, RFC 6454 §4, §7, RFC 9110 §9.2.1. */

let world: AdminWorld;
const PASSWORD = 'correct horse battery staple';

beforeAll(async () => {
  world = await createAdminWorld();
  await world.call(world.root, 'createUser', {
    body: { userName: 'ada', roles: ['auditor'], password: PASSWORD, passwordOneTime: false },
  });
});
afterAll(() => world.close());

const signIn = (userName = 'ada', password = PASSWORD, realm = 'alpha') =>
  world.call(STRANGER, 'openSession', { body: { realm, userName, password } });

const callerOf = ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }) => ({
  cookie: String(headers['set-cookie']).split(';')[0] ?? '',
  origin: ORIGIN,
});

describe('signing in', () => {
  test('answers with who it is and with a cookie that scripts and other sites cannot use', async () => {
    const { status, answer, headers } = await signIn();
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      kind: 'user',
      name: 'ada',
      realm: 'alpha',
      roles: ['auditor'],
      everyRealm: false,
      passwordOneTime: false,
      expiresAt: world.env.clock.now() + SESSION_LIFETIME,
    });
    expect(headers['set-cookie']).toMatch(
      /^tessera_session=tss_[\w-]{49}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=28800$/,
    );
    const session = await world.call(callerOf({ headers }), 'findSession');
    expect(session.answer).toEqual(answer);
  });

  test('keeps only a digest of the cookie', async () => {
    const { cookie } = callerOf(await signIn());
    const token = cookie.replace('tessera_session=', '');
    const digest = world.env.hasher.digest('session', token);
    expect(await world.env.store.sessions.find(token)).toBeUndefined();
    expect((await world.env.store.sessions.find(digest))?.digest).toBe(digest);
  });

  test('fails alike for a wrong password and for whoever may not sign in', async () => {
    await world.call(world.root, 'createUser', { body: { userName: 'no-password' } });
    await world.call(world.root, 'createUser', {
      body: { userName: 'disabled', password: PASSWORD, enabled: false },
    });
    const answers = [
      await signIn('ada', 'not the password'),
      await signIn('nobody'),
      await signIn('no-password'),
      await signIn('disabled'),
      await signIn('ada', PASSWORD, 'absent'),
      await signIn('ada', PASSWORD, 'root'),
    ];
    const [first] = answers;
    for (const { status, problem } of answers) {
      expect(status).toBe(401);
      expect({ ...problem, requestId: '' }).toEqual({ ...first?.problem, requestId: '' });
    }
  });

  test('that is wrong too often is not looked at for a while, even when it is right', async () => {
    const tried = 'tried-too-often';
    await world.call(world.root, 'createUser', { body: { userName: tried, password: PASSWORD } });
    for (let i = 0; i < 10; i++) expect((await signIn(tried, 'wrong password')).status).toBe(401);
    const refused = await signIn(tried);
    expect(refused.reason).toBe('failures_too_many');
    world.pass(Number(refused.headers['retry-after']));
    expect((await signIn(tried)).status).toBe(200);
  });

  test.each(['ＡＤＡ', '𝐚da', 'ªda', ' ada', 'ada\u0000'])(
    'takes no name that no user can have: %j',
    async (userName) => {
      const { status, problem } = await signIn(userName);
      expect(status).toBe(400);
      expect(problem?.errors).toMatchObject([{ pointer: '/userName' }]);
    },
  );

  test('is limited for all spellings of a name together', async () => {
    await world.call(world.root, 'createUser', { body: { userName: 'cases', password: PASSWORD } });
    const spellings = ['cases', 'CASES', 'Cases', 'cAses', 'caSes'];
    for (let i = 0; i < 10; i++)
      expect((await signIn(spellings[i % 5], 'wrong password')).status).toBe(401);
    expect((await signIn('casES')).reason).toBe('failures_too_many');
    const { claimant } = failureKey('alpha', 'cases', '192.0.2.1');
    for (const userName of ['ｃａｓｅｓ', '𝐜ases'])
      expect(failureKey('alpha', userName, '192.0.2.1').claimant).toBe(claimant);
  });

  test('from another site is refused', async () => {
    const response = await world.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { origin: 'https://evil.example' },
      payload: { realm: 'alpha', userName: 'ada', password: PASSWORD },
    });
    expect(response.json().type).toBe('urn:tessera:problem:origin_mismatched');
    expect(response.headers['set-cookie']).toBeUndefined();
  });

  test('is told in events, by name of the user and never with the password', async () => {
    await signIn();
    await signIn('ada', 'not the password');
    await world.env.recorder.flush();
    const { answer } = await world.call(world.root, 'listEvents', {
      query: { subjectKind: 'user', limit: '200' },
    });
    const types = answer.items.map(({ type }) => type);
    expect(types).toContain('session.opened');
    expect(types).toContain('sign-in.refused');
    expect(JSON.stringify(answer)).not.toContain('the password');
  });
});

describe('a session', () => {
  test('ends when the person signs out, for every copy of the cookie', async () => {
    const caller = callerOf(await signIn());
    const closed = await world.call(caller, 'closeSession');
    expect(closed.status).toBe(204);
    expect(closed.headers['set-cookie']).toContain('Max-Age=0');
    expect((await world.call(caller, 'findSession')).reason).toBe('credentials_invalid');
  });

  test('ends by itself after eight hours', async () => {
    const caller = callerOf(await signIn());
    world.pass(SESSION_LIFETIME - 1);
    expect((await world.call(caller, 'findSession')).status).toBe(200);
    world.pass(1);
    expect((await world.call(caller, 'findSession')).status).toBe(401);
  });

  test.each([
    ['of this server', { origin: ORIGIN }, 201],
    ['of this server by Referer alone', { referer: `${ORIGIN}/console/users` }, 201],
    ['of another site', { origin: 'https://evil.example' }, 403],
    ['of another port', { origin: 'http://localhost:8081' }, 403],
    ['of another scheme', { origin: 'https://localhost:8080' }, 403],
    ['of no place', { origin: 'null' }, 403],
    ['that only begins alike', { origin: `${ORIGIN}.evil.example` }, 403],
    ['of another site by Referer', { referer: 'https://evil.example/' }, 403],
    ['that cannot be read', { referer: 'nonsense' }, 403],
    ['that is not told', {}, 403],
  ])('changes things for pages %s', async (_page, headers, status) => {
    const { caller } = await world.enter('alpha', ['administrator']);
    const { origin: _, ...cookie } = { origin: '', ...caller };
    const userName = `made-${world.env.random.uuid()}`;
    const created = await world.call({ ...cookie, ...headers }, 'createUser', {
      body: { userName },
    });
    expect(created.status).toBe(status);
  });

  test('shows things to whoever has the cookie, since it is never sent along by other sites', async () => {
    const { caller } = await world.enter('alpha', ['auditor']);
    const { origin: _, ...cookie } = { origin: '', ...caller };
    expect((await world.call(cookie, 'listUsers')).status).toBe(200);
  });

  test('counts for nothing beside a token', async () => {
    const { caller } = await world.enter('alpha', ['administrator']);
    const both = { ...caller, authorization: 'Bearer nonsense' };
    expect((await world.call(both, 'listUsers')).status).toBe(401);
  });

  test('that comes twice is none', async () => {
    const { caller } = await world.enter('alpha', ['administrator']);
    const twice = { ...caller, cookie: `${caller['cookie']}; ${caller['cookie']}` };
    expect((await world.call(twice, 'listUsers')).reason).toBe('credentials_missing');
  });
});

describe("changing one's own password", () => {
  test('ends every other session', async () => {
    await world.call(world.root, 'createUser', {
      body: { userName: 'mobile', password: PASSWORD, passwordOneTime: false },
    });
    const here = callerOf(await signIn('mobile'));
    const there = callerOf(await signIn('mobile'));
    const changed = await world.call(here, 'changePassword', {
      body: { currentPassword: PASSWORD, newPassword: 'something else entirely' },
    });
    expect(changed.status).toBe(200);
    expect((await world.call(there, 'findSession')).status).toBe(401);
    expect((await world.call(callerOf(changed), 'findSession')).status).toBe(200);
  });

  test('takes another password than the one before', async () => {
    const said = { body: { currentPassword: PASSWORD, newPassword: PASSWORD } };
    const { problem } = await world.call(callerOf(await signIn()), 'changePassword', said);
    expect(problem?.errors).toEqual([{ pointer: '/newPassword', detail: 'is easy to guess' }]);
  });

  test('is limited like signing in', async () => {
    await world.call(world.root, 'createUser', {
      body: { userName: 'hijacked', password: PASSWORD, passwordOneTime: false },
    });
    const caller = callerOf(await signIn('hijacked'));
    const guess = () =>
      world.call(caller, 'changePassword', {
        body: { currentPassword: 'a wild guess', newPassword: 'something else entirely' },
      });
    for (let i = 0; i < 10; i++) expect((await guess()).reason).toBe('password_wrong');
    expect((await guess()).reason).toBe('failures_too_many');
  });
});

test('a client shows up as what it is', async () => {
  const token = await world.automate('root', ['clients:read', 'events:read']);
  const { answer } = await world.call(token, 'findSession');
  expect(answer).toMatchObject({
    kind: 'client',
    realm: 'root',
    roles: [],
    permissions: ['clients:read', 'events:read'],
    everyRealm: true,
  });
});
