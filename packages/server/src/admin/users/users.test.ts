import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld, STRANGER } from '../../../test/admin-world.ts';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

const PASSWORD = 'correct horse battery staple';

const signIn = (userName: string, password: string, realm = 'alpha') =>
  world.call(STRANGER, 'openSession', { body: { realm, userName, password } });

describe('a user', () => {
  test('is created with a profile, found, changed and deleted', async () => {
    const body = { userName: 'ada', givenName: 'Ada', email: 'ada@example.com' };
    const created = await world.call(world.root, 'createUser', { body });
    expect(created.answer).toMatchObject({ ...body, hasPassword: false, roles: [], revision: 1 });
    const params = { userId: created.answer.id };
    const changed = await world.call(world.root, 'updateUser', {
      params,
      body: { familyName: 'Lovelace' },
      ifMatch: '"1"',
    });
    expect(changed.answer).toMatchObject({ ...body, familyName: 'Lovelace', revision: 2 });
    expect((await world.call(world.root, 'findUser', { params })).answer).toEqual(changed.answer);
    const gone = await world.call(world.root, 'deleteUser', { params, ifMatch: '"2"' });
    expect(gone.status).toBe(204);
    expect((await world.call(world.root, 'findUser', { params })).reason).toBe('user_unknown');
  });

  test('cannot take the name of another, whatever its case', async () => {
    await world.call(world.root, 'createUser', { body: { userName: 'grace' } });
    const { answer } = await world.call(world.root, 'createUser', { body: { userName: 'hopper' } });
    const renamed = await world.call(world.root, 'updateUser', {
      params: { userId: answer.id },
      body: { userName: 'Grace' },
      ifMatch: '*',
    });
    expect(renamed.reason).toBe('user_name_taken');
  });

  test('who is deleted no longer owns applications', async () => {
    const owner = await world.enter('alpha', []);
    const { answer } = await world.call(world.root, 'createApplication', {
      body: { name: 'Orphan', owners: [owner.id] },
    });
    await world.call(world.root, 'deleteUser', { params: { userId: owner.id }, ifMatch: '*' });
    const params = { applicationId: answer.id };
    const found = await world.call(world.root, 'findApplication', { params });
    expect(found.answer.owners).toEqual([]);
    expect((await world.call(owner.caller, 'findSession')).status).toBe(401);
  });
});

describe('a password', () => {
  test('that an administrator sets is good for one sign-in', async () => {
    const { answer: user } = await world.call(world.root, 'createUser', {
      body: { userName: 'once', roles: ['auditor'] },
    });
    const set = await world.call(world.root, 'setPassword', {
      params: { userId: user.id },
      body: {},
    });
    expect(set.answer).toMatchObject({ password: expect.stringMatching(/^[a-z2-9]{24}$/) });
    const entered = await signIn('once', set.answer.password ?? '');
    expect(entered.answer.passwordOneTime).toBe(true);
    const cookie = String(entered.headers['set-cookie']).split(';')[0] ?? '';
    const caller = { cookie, origin: 'http://localhost:8080' };
    expect((await world.call(caller, 'listUsers')).reason).toBe('password_change_required');

    const changed = await world.call(caller, 'changePassword', {
      body: { currentPassword: set.answer.password ?? '', newPassword: PASSWORD },
    });
    expect(changed.answer.passwordOneTime).toBe(false);
    const renewed = String(changed.headers['set-cookie']).split(';')[0] ?? '';
    expect(renewed).not.toBe(cookie);
    expect((await world.call({ ...caller, cookie: renewed }, 'listUsers')).status).toBe(200);
    expect((await world.call(caller, 'listUsers')).status).toBe(401);
    expect((await signIn('once', set.answer.password ?? '')).status).toBe(401);
    expect((await signIn('once', PASSWORD)).status).toBe(200);
  });

  test('is never answered, told or logged when somebody chose it', async () => {
    const { answer } = await world.call(world.root, 'createUser', {
      body: { userName: 'secretive', password: PASSWORD },
    });
    expect(JSON.stringify(answer)).not.toMatch(/argon2|horse/);
    const events = await world.call(world.root, 'listEvents', { query: { limit: '200' } });
    expect(JSON.stringify(events.answer)).not.toMatch(/argon2|horse/);
    expect(JSON.stringify(world.log)).not.toMatch(/argon2|horse/);
  });

  test.each([
    ['short', '/password', 'must have at least 12 characters'],
    ['x'.repeat(129), '/password', 'must have at most 128 characters'],
    ['with\ncontrol chars', '/password', 'must not contain control characters'],
  ])('cannot be %j', async (password, pointer, detail) => {
    const { problem } = await world.call(world.root, 'createUser', {
      body: { userName: 'weak', password },
    });
    expect(problem?.errors).toEqual([{ pointer, detail }]);
  });
});

describe('sessions of a user end', () => {
  test.each([
    ['when the roles change', { roles: [] }],
    ['when the user is disabled', { enabled: false }],
  ] as const)('%s', async (_when, body) => {
    const { caller, id } = await world.enter('alpha', ['auditor']);
    expect((await world.call(caller, 'findSession')).status).toBe(200);
    await world.call(world.root, 'updateUser', { params: { userId: id }, body, ifMatch: '*' });
    expect((await world.call(caller, 'findSession')).reason).toBe('credentials_invalid');
  });

  test('when somebody sets the password', async () => {
    const { caller, id } = await world.enter('alpha', ['auditor']);
    await world.call(world.root, 'setPassword', { params: { userId: id }, body: {} });
    expect((await world.call(caller, 'findSession')).status).toBe(401);
  });

  test('not when only the profile changes', async () => {
    const { caller, id } = await world.enter('alpha', ['auditor']);
    const said = { params: { userId: id }, body: { givenName: 'New' }, ifMatch: '*' };
    expect((await world.call(world.root, 'updateUser', said)).status).toBe(200);
    expect((await world.call(caller, 'findSession')).status).toBe(200);
  });
});

describe('nobody reaches above themselves', () => {
  test('a realm administrator of the root realm cannot become an administrator', async () => {
    const { caller, id } = await world.enter('root', ['realm-administrator']);
    const params = { realm: 'root', userId: id };
    const promoted = await world.call(caller, 'updateUser', {
      params,
      body: { roles: ['administrator'] },
      ifMatch: '*',
    });
    expect(promoted.reason).toBe('right_not_held');
    const made = await world.call(caller, 'createUser', {
      params: { realm: 'root' },
      body: { userName: 'accomplice', roles: ['auditor'] },
    });
    expect(made.reason).toBe('right_not_held');
  });

  test('nor set the password of one, disable or delete one', async () => {
    const { caller } = await world.enter('root', ['realm-administrator']);
    const { id } = await world.enter('root', ['administrator']);
    const said = { params: { realm: 'root', userId: id }, ifMatch: '*' };
    const taken = await world.call(caller, 'setPassword', { ...said, body: {} });
    expect(taken.reason).toBe('right_not_held');
    const disabled = await world.call(caller, 'updateUser', { ...said, body: { enabled: false } });
    expect(disabled.reason).toBe('right_not_held');
    expect((await world.call(caller, 'deleteUser', said)).reason).toBe('right_not_held');
  });

  test('a token for users alone gives no roles and sets no administrator a password', async () => {
    const token = await world.automate('root', ['users:read', 'users:write']);
    const { id } = await world.enter('root', ['administrator']);
    const set = await world.call(token, 'setPassword', {
      params: { realm: 'root', userId: id },
      body: {},
    });
    expect(set.reason).toBe('right_not_held');
    const plain = await world.call(token, 'createUser', { body: { userName: 'plain' } });
    expect(plain.status).toBe(201);
  });
});

test('whoever may not give secrets sets no owner a password, and no owner enables a client again', async () => {
  const owner = await world.enter('alpha', []);
  const { answer } = await world.call(world.root, 'createApplication', {
    body: { name: 'Owned', owners: [owner.id] },
  });
  const params = { userId: owner.id };
  const forUsers = await world.automate('alpha', ['users:read', 'users:write']);
  const refused = await world.call(forUsers, 'setPassword', { params, body: {} });
  expect(refused.reason).toBe('right_not_held');

  const client = { clientId: answer.client.clientId };
  const set = (caller: typeof world.root, enabled: boolean) =>
    world.call(caller, 'updateClient', { params: client, body: { enabled }, ifMatch: '*' });
  expect((await set(owner.caller, false)).status).toBe(200);
  expect((await set(owner.caller, true)).reason).toBe('member_not_permitted');
  expect((await set(world.root, true)).status).toBe(200);

  const forAll = ['users:write', 'clients:write', 'credentials:write'];
  const allowed = await world.call(await world.automate('alpha', forAll), 'setPassword', {
    params,
    body: {},
  });
  expect(allowed.status).toBe(200);
});

test('of two administrators who delete each other at once, one remains', async () => {
  const { answer } = await world.call(world.root, 'listUsers', { params: { realm: 'root' } });
  const [first, second] = await Promise.all(
    ['one', 'two'].map((userName) =>
      world.enter('root', ['administrator'], { userName, passwordHash: 'x' }),
    ),
  );
  if (first === undefined || second === undefined) throw new Error('two were made');
  for (const { id } of answer.items)
    await world.call(first.caller, 'updateUser', {
      params: { realm: 'root', userId: id },
      body: { enabled: false },
      ifMatch: '*',
    });
  const deletions = await Promise.all([
    world.call(first.caller, 'deleteUser', {
      params: { realm: 'root', userId: second.id },
      ifMatch: '*',
    }),
    world.call(second.caller, 'deleteUser', {
      params: { realm: 'root', userId: first.id },
      ifMatch: '*',
    }),
  ]);
  expect(deletions.map(({ status }) => status).sort((a, b) => a - b)).toEqual([204, 409]);
});
