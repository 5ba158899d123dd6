import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld } from '../../../test/admin-world.ts';
import { basic } from '../../../test/world.ts';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

async function issue(tokenFormat: 'jwt' | 'opaque', owners: readonly string[] = []) {
  const { answer } = await world.call(world.root, 'createApplication', {
    body: { name: 'Issued', owners, client: { scopes: ['read'], tokenFormat } },
  });
  const response = await world.app.inject({
    method: 'POST',
    url: '/am/oauth2/realms/root/realms/alpha/access_token',
    headers: {
      authorization: basic(answer.clientId, answer.secret?.secret ?? ''),
      'content-type': 'application/x-www-form-urlencoded',
    },
    payload: 'grant_type=client_credentials&scope=read',
  });
  return {
    token: response.json<{ access_token: string }>().access_token,
    clientId: answer.clientId,
  };
}

const inspect = async (token: string, caller = world.root) =>
  (await world.call(caller, 'inspectToken', { body: { token } })).answer;

describe.each(['jwt', 'opaque'] as const)('a token (%s)', (format) => {
  test('is described with what it stands for', async () => {
    const { token, clientId } = await issue(format);
    expect(await inspect(token)).toMatchObject({
      active: true,
      obstacle: null,
      format,
      facts: {
        clientId,
        subject: clientId,
        scope: ['read'],
        issuer: 'http://localhost:8080/am/oauth2/realms/root/realms/alpha',
        expiresAt: world.env.clock.now() + 3600,
      },
    });
  });

  test('can be revoked by itself', async () => {
    const { token } = await issue(format);
    const said = { body: { token } };
    expect((await world.call(world.root, 'revokeToken', said)).status).toBe(204);
    expect((await world.call(world.root, 'revokeToken', said)).status).toBe(204);
    expect(await inspect(token)).toMatchObject({ active: false, obstacle: 'revoked' });
  });

  test('can be revoked by its jti', async () => {
    const { token } = await issue(format);
    const jti = (await inspect(token)).facts?.jti ?? '';
    expect((await world.call(world.root, 'revokeToken', { body: { jti } })).status).toBe(204);
    expect(await inspect(token)).toMatchObject({ active: false, obstacle: 'revoked' });
  });

  test('expires', async () => {
    const { token } = await issue(format);
    world.pass(3600);
    expect(await inspect(token)).toMatchObject({ active: false, obstacle: 'expired' });
  });

  test('is not of another realm', async () => {
    const { token } = await issue(format);
    const { answer } = await world.call(world.root, 'inspectToken', {
      params: { realm: 'root' },
      body: { token },
    });
    expect(answer).toMatchObject({ active: false, obstacle: 'not-of-this-realm', facts: null });
  });

  test('is shown to the owner of its client and to no other', async () => {
    const owner = await world.enter('alpha', []);
    const other = await world.enter('alpha', []);
    const { token } = await issue(format, [owner.id]);
    expect((await inspect(token, owner.caller)).active).toBe(true);
    const said = { body: { token } };
    expect((await world.call(other.caller, 'inspectToken', said)).reason).toBe('not_owned');
    expect((await world.call(other.caller, 'revokeToken', said)).reason).toBe('not_owned');
    expect((await world.call(owner.caller, 'revokeToken', said)).status).toBe(204);
    expect((await inspect(token)).obstacle).toBe('revoked');
  });
});

test('a token is named by itself or by its jti, not by both and not by neither', async () => {
  for (const body of [{}, { token: 'a', jti: 'b' }]) {
    const { problem } = await world.call(world.root, 'revokeToken', { body });
    expect(problem?.errors).toEqual([{ pointer: '', detail: 'must have either `token` or `jti`' }]);
  }
});

test('an owner cannot revoke what only its jti names', async () => {
  const { caller } = await world.enter('alpha', []);
  const said = { body: { jti: 'anything' } };
  expect((await world.call(caller, 'revokeToken', said)).reason).toBe('not_owned');
});
