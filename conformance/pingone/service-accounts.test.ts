/* Service accounts: power comes from a client grant at the administration API, and from nothing else. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../realm.ts';
import { onEachDatabase } from '../world.ts';
import { callAm, signInToAm } from './am.ts';
import { callIdm, type Idm } from './idm.ts';
import { askForToken, jwksOf, newAccountKey, tokenOf } from './service-accounts.ts';

const ACCOUNTS = '/openidm/managed/svcacct';
const USERS = '/openidm/managed/alpha_user?_queryFilter=true';
const CLIENTS = '/realms/root/realms/alpha/realm-config/agents/OAuth2Client?_queryFilter=true';

onEachDatabase((world) => {
  const key = newAccountKey();
  const jwks = jwksOf(key);
  let idm: Idm;
  beforeAll(async () => {
    const { tokenId } = await signInToAm(world);
    idm = callIdm(world, { iPlanetDirectoryPro: tokenId });
  });
  const bodyOf = (...scopes: readonly string[]) => ({
    name: `account ${randomUUID()}`,
    description: '',
    accountStatus: 'active',
    scopes,
    jwks,
  });
  const create = (body: unknown, by = idm) => by('POST', `${ACCOUNTS}?_action=create`, body);
  const made = async (...scopes: readonly string[]) => {
    const created = await create(bodyOf(...scopes));
    expect(created.status, JSON.stringify(created.body)).toBe(201);
    return created.body._id;
  };
  const bearer = async (id: string, scope: string) => ({
    authorization: `Bearer ${(await tokenOf(world, id, key, scope)).access_token}`,
  });

  describe('an account', () => {
    it('is a client of the root realm, with its keys and its grant', async () => {
      const body = { ...bodyOf('fr:am:*'), quotaLimit: '5' };
      const { status, body: created } = await create(body);
      expect(status).toBe(201);
      const { jwks: told, ...rest } = created;
      expect(rest).toEqual({ ...body, jwks: undefined, _id: created._id, _rev: '1' });
      expect(JSON.parse(told).keys).toMatchObject(JSON.parse(jwks).keys);
      const path = `/api/realms/root/clients/${created._id}`;
      expect(await world.administration.perform('GET', path)).toMatchObject({
        scopes: ['fr:am:*'],
        accessTokenLifetime: 900,
        authenticationMethod: 'private_key_jwt',
      });
      const { items } = await world.administration.perform<{ items: { scopes: string[] }[] }>(
        'GET',
        `${path}/grants`,
      );
      expect(items[0]?.scopes).toContain('clients:write');
      expect(items[0]?.scopes).not.toContain('users:read');
      const listed = await idm('GET', `${ACCOUNTS}?_queryFilter=true`);
      expect(listed.body.result).toContainEqual(created);
    });

    it('gets tokens of 899 seconds as frodo asks for them, whatever the root realm is like', async () => {
      const id = await made('fr:am:*', 'fr:idm:*');
      const wrong = await askForToken(world, id, key, 'fr:am:* fr:idc:esv:* fr:iga:*');
      const unsupported = 'Unsupported scope for service account: fr:idc:esv:*,fr:iga:*';
      expect(wrong).toMatchObject(refusal(400, 'invalid_scope', unsupported));
      const { scope, expires_in } = await tokenOf(world, id, key, 'fr:am:* fr:idm:*');
      expect({ scope, expires_in }).toEqual({ scope: 'fr:am:* fr:idm:*', expires_in: 899 });
      await idm('PATCH', `${ACCOUNTS}/${id}`, [
        { operation: 'replace', field: '/accountStatus', value: 'inactive' },
      ]);
      expect((await askForToken(world, id, key, 'fr:am:*')).status).toBe(400);
      expect((await idm('DELETE', `${ACCOUNTS}/${id}`)).status).toBe(200);
      expect((await idm('GET', `${ACCOUNTS}/${id}`)).status).toBe(404);
    });
  });

  it('goes on to be restricted to what it was elsewhere, whoever changes it here', async () => {
    const id = await made('fr:am:*');
    const path = `/api/realms/root/clients/${id}`;
    const restricted = {
      allowedAddresses: ['127.0.0.0/8'],
      tokensPerHour: 100,
      assertionAlgorithm: 'RS256',
      tokenBinding: 'dpop',
    };
    await world.administration.change(path, restricted);
    const name = [{ operation: 'replace', field: '/name', value: 'another name' }];
    expect((await idm('PATCH', `${ACCOUNTS}/${id}`, name)).status).toBe(200);
    expect((await idm('PUT', `${ACCOUNTS}/${id}`, bodyOf('fr:am:*'))).status).toBe(200);
    expect(await world.administration.perform('GET', path)).toMatchObject(restricted);
  });

  describe('what its token opens', () => {
    it('is the surface of its scope, and no other', async () => {
      const id = await made('fr:am:*', 'fr:idm:*');
      const am = await bearer(id, 'fr:am:*');
      expect((await callAm(world, 'GET', CLIENTS, undefined, am)).status).toBe(200);
      expect((await callIdm(world, am)('GET', USERS)).status).toBe(403);
      const forIdm = await bearer(id, 'fr:idm:*');
      expect((await callIdm(world, forIdm)('GET', USERS)).status).toBe(200);
      expect((await callAm(world, 'GET', CLIENTS, undefined, forIdm)).status).toBe(403);
      const api = await fetch(`${world.publicUrl}/api/realms/alpha/users`, { headers: am });
      expect(api.status).toBe(401);
    });

    it('is nothing by the scope alone', async () => {
      const id = randomUUID();
      await world.administration.perform('PUT', `/api/realms/root/clients/${id}`, {
        grantTypes: ['urn:ietf:params:oauth:grant-type:jwt-bearer'],
        authenticationMethod: 'private_key_jwt',
        scopes: ['fr:am:*', 'fr:idm:*'],
        keys: JSON.parse(jwks).keys,
      });
      const token = await bearer(id, 'fr:am:* fr:idm:*');
      expect((await callAm(world, 'GET', CLIENTS, undefined, token)).status).toBe(403);
      expect((await callIdm(world, token)('GET', USERS)).status).toBe(403);
    });

    it('is what its grant still holds', async () => {
      const id = await made('fr:am:*');
      const token = await bearer(id, 'fr:am:*');
      const grant = `/api/realms/root/clients/${id}/grants/tessera-admin`;
      await world.administration.perform('PUT', grant, { scopes: ['realms:read'] });
      expect((await callAm(world, 'GET', CLIENTS, undefined, token)).status).toBe(403);
    });

    it('makes no account that may do more', async () => {
      const token = await bearer(await made('fr:idm:*'), 'fr:idm:*');
      const account = callIdm(world, token);
      const more = bodyOf('fr:am:*');
      expect((await create(more, account)).status).toBe(403);
      const { body } = await idm('GET', `${ACCOUNTS}?_queryFilter=name eq "${more.name}"`);
      expect(body.result).toEqual([]);
      expect((await create(bodyOf('fr:idm:*'), account)).status).toBe(201);
      const strong = await made('fr:am:*');
      const taken = await account('PUT', `${ACCOUNTS}/${strong}`, bodyOf('fr:idm:*'));
      expect(taken.status).toBe(403);
    });
  });

  describe('what is no account', () => {
    it.each([
      ['scopes', undefined, 403],
      ['scopes', [], 403],
      ['scopes', [7], 403],
      ['scopes', ['fr:idc:esv:*'], 400],
      ['scopes', ['constructor'], 400],
      ['jwks', { keys: [] }, 403],
      ['jwks', '{"keys":[]}', 400],
      ['jwks', 'no JSON', 400],
      ['jwks', '{"keys":[{"kty":"RSA"}]}', 400],
      ['name', 7, 403],
    ])('is not created: %s %j', async (member, value, status) => {
      const body = { ...bodyOf('fr:am:*'), [member]: value };
      const answer = await create(body);
      expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    });

    it('is no client of AM, although it is a client here', async () => {
      const id = await made('fr:am:*');
      const { tokenId } = await signInToAm(world);
      const path = '/realms/root/realm-config/agents/OAuth2Client';
      const am = (method: string, where: string, body?: unknown) =>
        callAm(world, method, `${path}${where}`, body, { iPlanetDirectoryPro: tokenId });
      const { body } = await am('GET', '?_queryFilter=true');
      expect(body.result.map(({ _id }) => _id)).not.toContain(id);
      expect((await am('GET', `/${id}`)).status).toBe(404);
      expect((await am('DELETE', `/${id}`)).status).toBe(404);
      expect((await am('PUT', `/${id}`, {})).status).toBe(409);
      expect((await idm('GET', `${ACCOUNTS}/${id}`)).status).toBe(200);
    });

    it('is no other client of the root realm', async () => {
      await world.administration.perform('PUT', '/api/realms/root/clients/other', {});
      expect((await idm('GET', `${ACCOUNTS}/other`)).status).toBe(404);
      expect((await idm('PUT', `${ACCOUNTS}/other`, bodyOf('fr:am:*'))).status).toBe(404);
      expect((await idm('DELETE', `${ACCOUNTS}/other`)).status).toBe(404);
    });
  });

  it('tells which scopes there are, and that there are service accounts', async () => {
    const scopes = await idm('GET', '/environment/scopes/service-accounts');
    expect(scopes.body).toMatchObject([{ scope: 'fr:am:*' }, { scope: 'fr:idm:*' }]);
    const features = await idm('GET', '/feature?_queryFilter=true');
    expect(features.body.result).toMatchObject([{ _id: 'service-accounts' }]);
    const stranger = callIdm(world, {});
    expect((await stranger('GET', '/environment/scopes/service-accounts')).status).toBe(401);
  });
});
