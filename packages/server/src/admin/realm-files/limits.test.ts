import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld } from '../../../test/admin-world.ts';
import type { Problem } from '../../contract/problem.ts';
import type { Body } from '../../contract/routes.ts';
import type { Environment } from '../../environment.ts';
import { createApp } from '../../http/app.ts';

type File = Body<'applyRealm'>['file'];

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

let made = 0;
async function newRealm(): Promise<string> {
  const name = `limited-${made++}`;
  await world.call(world.root, 'createRealm', { body: { name } });
  return name;
}

const fileOf = (clients: number, more: Partial<File> = {}): File => ({
  format: 'tessera-realm/1',
  realm: { name: 'any' },
  clients: Array.from({ length: clients }, (_, index) => ({
    clientId: `c${index}`,
    authenticationMethod: 'private_key_jwt',
  })),
  ...more,
});

const apply = (realm: string, file: File, dryRun = false) =>
  world.call(world.root, 'applyRealm', { params: { realm }, body: { file, dryRun } });
const clientsOf = async (realm: string) =>
  (await world.call(world.root, 'listClients', { params: { realm } })).answer.items;

/** The same server with another power in one place. */
async function applyWith(env: Environment, realm: string, file: File) {
  const response = await createApp(env, { trustedProxies: [] }).inject({
    method: 'POST',
    url: `/api/realms/${realm}/apply`,
    headers: { ...world.root, 'content-type': 'application/json' },
    payload: JSON.stringify({ file }),
  });
  return { status: response.statusCode, problem: response.json<Problem>() };
}

describe('applying a file holds everybody else up for seconds at most', () => {
  test.each([false, true])('more than 2000 changes are refused; dry run: %s', async (dryRun) => {
    const realm = await newRealm();
    const refused = await apply(realm, fileOf(2_001), dryRun);
    expect(refused).toMatchObject({ status: 422, reason: 'realm_file_too_long' });
    expect(refused.problem?.detail).toContain('2001 changes, and 2000');
    expect(refused.problem?.remedy).toContain('Split the file');
    expect(await clientsOf(realm)).toEqual([]);
  });

  test('a long file of which little is new is applied', async () => {
    const realm = await newRealm();
    const file = fileOf(300, { users: [] });
    expect((await apply(realm, file)).status).toBe(200);
    expect((await apply(realm, file)).answer.changes).toEqual([]);
  });

  test('what takes longer than 5 seconds is undone', async () => {
    const realm = await newRealm();
    let now = 0;
    const clock = { ...world.env.clock, monotonic: () => now++ * 500 };
    const refused = await applyWith({ ...world.env, clock }, realm, fileOf(40));
    expect(refused).toMatchObject({
      status: 409,
      problem: { type: 'urn:tessera:problem:realm_file_too_slow' },
    });
    expect(refused.problem.detail).toMatch(/of 40 changes/);
    expect(refused.problem.remedy).toContain('Split the file');
    expect(await clientsOf(realm)).toEqual([]);
    expect((await apply(realm, fileOf(40))).status).toBe(200);
  });

  test('of two files for one realm at once, the second waits its turn; another realm does not', async () => {
    const [realm, other] = [await newRealm(), await newRealm()];
    const answers = await Promise.all([
      apply(realm, fileOf(30)),
      apply(realm, fileOf(30), true),
      apply(other, fileOf(30)),
    ]);
    expect(answers.map(({ status, reason }) => [status, reason])).toEqual([
      [200, undefined],
      [409, 'realm_file_busy'],
      [200, undefined],
    ]);
    expect((await apply(realm, fileOf(31))).status).toBe(200);
  });

  test('a refused file leaves its realm free for the next', async () => {
    const realm = await newRealm();
    const bad = fileOf(1, { applications: [{ name: 'A', clientId: 'nobody' }] });
    expect((await apply(realm, bad)).reason).toBe('realm_file_refused');
    expect((await apply(realm, fileOf(1))).status).toBe(200);
  });

  test('keys and hashes are made before the transaction begins', async () => {
    const realm = await newRealm();
    let inside = 0;
    const late: string[] = [];
    const { store, keyRing, hasher } = world.env;
    const told = (what: string): void => {
      if (inside > 0) late.push(what);
    };
    const env: Environment = {
      ...world.env,
      store: {
        ...store,
        commit: (events, work) =>
          store.commit(events, async (rows) => {
            inside++;
            try {
              return await work(rows);
            } finally {
              inside--;
            }
          }),
      },
      keyRing: {
        ...keyRing,
        generate(algorithm) {
          told(algorithm);
          return keyRing.generate(algorithm);
        },
      },
      hasher: {
        ...hasher,
        hash(text, like) {
          told(text);
          return hasher.hash(text, like);
        },
      },
    };
    const file = fileOf(0, {
      provider: { signingAlgorithm: 'PS256' },
      apis: [{ id: 'orders', identifier: 'https://o.example', signingAlgorithm: 'EdDSA' }],
      clients: [
        { clientId: 'a', signingAlgorithm: 'EdDSA', secrets: [{ secret: 'chosen by us' }] },
        { clientId: 'b', signingAlgorithm: 'RS256', secrets: [{ secret: 'chosen by us' }] },
      ],
    });
    expect((await applyWith(env, realm, file)).status).toBe(200);
    expect(late).toEqual([]);
    const keys = await world.call(world.root, 'listSigningKeys', { params: { realm } });
    expect(keys.answer.items.map(({ algorithm }) => algorithm).sort()).toEqual([
      'ES256',
      'EdDSA',
      'PS256',
      'RS256',
    ]);
  });

  test('more than 50 chosen secrets are refused with what to do instead', async () => {
    const clients = Array.from({ length: 51 }, (_, index) => ({
      clientId: `c${index}`,
      secrets: [{ secret: `a secret of client ${index}` }],
    }));
    const refused = await apply(await newRealm(), fileOf(0, { clients }));
    expect(refused.problem?.errors).toEqual([
      {
        pointer: '/file/clients',
        detail: expect.stringMatching(/^choose 51 secrets, and more than 50 .*leave secret out/),
      },
    ]);
  });
});
