/* A client that is replaced together with its credentials: PUT of the administration API. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyedClients } from './keyed-client.ts';
import type { RealmClient } from './realm.ts';
import { newKey } from './signed.ts';
import { onEachDatabase } from './world.ts';

const SECRET = 'chosen by somebody, long enough';
const SCOPES = { scopes: ['read'] };

onEachDatabase((world) => {
  const { assertionOf, ask } = keyedClients(world);
  let realm: RealmClient;
  beforeAll(async () => {
    realm = await world.createRealm('replaced');
  });
  const pathOf = (clientId: string) => `/api/realms/replaced/clients/${clientId}`;
  const put = (clientId: string, body: object) =>
    world.administration.call('PUT', pathOf(clientId), { ...SCOPES, ...body });
  const replace = async (clientId: string, body: object) => {
    const answer = await put(clientId, body);
    expect(answer.status, answer.text).toBe(200);
  };
  const list = async (clientId: string, kind: 'keys' | 'certificates' | 'secrets') =>
    (
      await world.administration.perform<{ items: readonly Readonly<Record<string, unknown>>[] }>(
        'GET',
        `${pathOf(clientId)}/${kind}`,
      )
    ).items;
  const works = async (clientId: string, secret: string) =>
    (await realm.request({ clientId, secret }, { scope: 'read' })).status === 200;

  it('a secret that has ended works again once it is said again', async () => {
    const clientId = randomUUID();
    const secret = { label: 'own', secret: SECRET };
    await replace(clientId, { secret: { ...secret, expiresIn: 1 } });
    await pause(1_100);
    expect(await works(clientId, SECRET)).toBe(false);
    await replace(clientId, { secret });
    expect(await works(clientId, SECRET)).toBe(true);
    expect(await list(clientId, 'secrets')).toMatchObject([{ status: 'active', expiresAt: null }]);
    const [before] = await list(clientId, 'secrets');
    await replace(clientId, { secret });
    expect(await list(clientId, 'secrets')).toMatchObject([{ id: before?.['id'] }]);
  });

  it('a key that has ended is believed again, and one that has another name by that name', async () => {
    const key = newKey();
    const clientId = randomUUID();
    const authenticationMethod = 'private_key_jwt';
    await replace(clientId, { authenticationMethod });
    await world.administration.perform('POST', `${pathOf(clientId)}/keys`, {
      jwk: key.publicJwk,
      expiresIn: 1,
    });
    const request = (by = key) => {
      const assertion = assertionOf({ clientId, secret: '' }, by, { realm });
      return ask(assertion, {}, realm);
    };
    await pause(1_100);
    expect((await request()).status).toBe(400);
    await replace(clientId, { authenticationMethod, keys: [key.publicJwk] });
    expect((await request()).status).toBe(200);
    const renamed = { ...key, kid: 'another' };
    const keys = [{ ...key.publicJwk, kid: 'another' }];
    await replace(clientId, { authenticationMethod, keys });
    expect((await request(renamed)).status).toBe(200);
    expect(await list(clientId, 'keys')).toMatchObject([{ kid: 'another' }]);
  });

  it('what is not named stays, and what is named is all there is of its kind', async () => {
    const clientId = randomUUID();
    const jwksUri = 'https://client.example.com/keys';
    const keys = [newKey().publicJwk];
    const certificates = [{ subjectDn: 'CN=billing,O=Example' }, { sanDns: 'billing.example.com' }];
    await replace(clientId, { secret: { label: 'own', secret: SECRET }, keys });
    await replace(clientId, { jwksUri });
    await replace(clientId, { certificates });
    expect(await list(clientId, 'keys')).toMatchObject([{ kid: keys[0]?.['kid'] }, { jwksUri }]);
    await replace(clientId, { certificates: [certificates[1]], jwksUri: null });
    expect(await list(clientId, 'keys')).toMatchObject([{ kid: keys[0]?.['kid'] }]);
    expect(await list(clientId, 'certificates')).toMatchObject([
      { subject: 'billing.example.com' },
    ]);
    await replace(clientId, { keys: [], certificates: [] });
    expect(await list(clientId, 'keys')).toEqual([]);
    expect(await list(clientId, 'certificates')).toEqual([]);
    expect(await works(clientId, SECRET)).toBe(true);
  });

  describe('RFC 7518 §3.3 in a realm that asks for longer RSA keys', () => {
    const setLength = (rsaKeyBitsMin: number) =>
      world.administration.change('/api/realms/replaced/provider', { rsaKeyBitsMin });
    afterAll(() => setLength(2048));

    it('a key that is too short for the realm is refused with all that came with it', async () => {
      await setLength(3072);
      const clientId = randomUUID();
      const keys = [newKey().publicJwk, newKey('RS256').publicJwk];
      expect(await put(clientId, { keys })).toMatchObject({
        status: 422,
        json: { errors: [{ pointer: '/keys/1' }] },
      });
      expect(await world.administration.call('GET', pathOf(clientId))).toMatchObject({
        status: 404,
      });
      await replace(clientId, { keys: [newKey('RS256', 3072).publicJwk] });
    });
  });

  it.each([
    [{ jwksUri: 'ftp://client.example.com' }, 400],
    [{ certificates: [{}] }, 400],
    [{ certificates: [{ subjectDn: 'CN=a', sanDns: 'a.example.com' }] }, 400],
    [{ certificates: [{ certificate: 'no PEM' }] }, 422],
    [{ keys: [{ kty: 'oct', k: 'AA' }] }, 422],
  ])('refuses %j', async (body, status) => {
    const clientId = randomUUID();
    const answer = await put(clientId, body);
    expect(answer.status, answer.text).toBe(status);
    expect((await world.administration.call('GET', pathOf(clientId))).status).toBe(404);
  });
});
