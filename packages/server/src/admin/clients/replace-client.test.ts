import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, type Caller, createAdminWorld } from '../../../test/admin-world.ts';

/* Shows RFC 9110 §13.1.1. */

const KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};

let world: AdminWorld;
/** May change clients, and not what they authenticate with. */
let clerk: Caller;
beforeAll(async () => {
  world = await createAdminWorld();
  clerk = await world.automate('alpha', ['clients:write', 'clients:read']);
});
afterAll(() => world.close());

const replace = (caller: Caller, clientId: string, body: object) =>
  world.call(caller, 'replaceClient', { params: { clientId }, body });

describe('a client that is there', () => {
  test.each([
    ['a secret', { secret: { secret: 'chosen-by-somebody-else' } }],
    ['keys', { keys: [KEY] }],
    ['no keys any more', { keys: [] }],
  ])('gets %s only from who may change credentials', async (_, credentials) => {
    await world.call(world.root, 'registerClient', { body: { clientId: 'there' } });
    const refused = await replace(clerk, 'there', { name: 'Taken', ...credentials });
    expect(refused.reason).toBe('permission_missing');
    expect(refused.headers['www-authenticate']).toMatch(/scope="credentials:write"$/);
    const { answer } = await world.call(world.root, 'findClient', {
      params: { clientId: 'there' },
    });
    expect(answer.name).toBe('there');
    await world.call(world.root, 'deleteClient', { params: { clientId: 'there' } });
  });

  test('has other members replaced without that right', async () => {
    await world.call(world.root, 'registerClient', { body: { clientId: 'renamed' } });
    expect((await replace(clerk, 'renamed', { name: 'New' })).answer.name).toBe('New');
  });
});

test('a new client brings its secret, and keys only by who may change credentials', async () => {
  const secret = { secret: 'chosen-when-it-was-made' };
  expect((await replace(clerk, 'new', { secret })).status).toBe(200);
  expect((await replace(clerk, 'newer', { keys: [KEY] })).reason).toBe('permission_missing');
});
