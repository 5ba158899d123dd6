/* Secret labels of AM and what they are mapped to: kept for whoever takes the configuration back. */
import { beforeAll, describe, expect, it } from 'vitest';
import { onEachDatabase } from '../world.ts';
import { type Am, callAm, signInToAm } from './am.ts';

const CONFIG = '/realms/root/realms/alpha/realm-config';
const STORES = `${CONFIG}/secrets/stores`;
const STORE = `${STORES}/GoogleSecretManagerSecretStoreProvider/ESV`;
const MAPPINGS = `${STORE}/mappings`;
const PROVIDER = `${CONFIG}/services/oauth-oidc`;
const CLIENTS = `${CONFIG}/agents/OAuth2Client`;
const SECRET = 'a secret of somebody';

const labelOf = (identifier: string) => `am.applications.oauth2.client.${identifier}.secret`;

onEachDatabase((world) => {
  let am: Am;
  beforeAll(async () => {
    am = await signInToAm(world);
  });
  const mappingOf = (identifier: string, ...aliases: readonly string[]) => ({
    _id: labelOf(identifier),
    secretId: labelOf(identifier),
    aliases,
  });
  const labels = async () =>
    (await am.call('GET', `${MAPPINGS}?_queryFilter=true`)).body.result.map(({ _id }) => _id);

  describe('the store', () => {
    it('is the one of every realm, and there is none for all of them', async () => {
      const { body } = await am.call('POST', `${STORES}?_action=nextdescendents`, {});
      expect(body.result).toMatchObject([
        { _id: 'ESV', _type: { _id: 'GoogleSecretManagerSecretStoreProvider' } },
      ]);
      const [store] = body.result;
      expect((await am.call('GET', STORE)).body).toEqual(store);
      expect((await am.call('PUT', STORE, store)).body).toEqual(store);
      const global = '/global-config/secrets/stores?_action=nextdescendents';
      expect((await am.call('POST', global, {})).body.result).toEqual([]);
    });

    it('has no settings, and no store of another name is there', async () => {
      const other = await am.call('PUT', STORE, { project: 'x' });
      expect(other).toMatchObject({ status: 400, body: { detail: { validAttributes: [] } } });
      expect((await am.call('GET', `${STORE}2`)).status).toBe(404);
    });
  });

  describe('a mapping', () => {
    it('is created, read, replaced and deleted', async () => {
      const mapping = mappingOf('first', 'esv-first');
      const created = await am.call('POST', `${MAPPINGS}?_action=create`, mapping);
      expect(created).toMatchObject({ status: 201, body: mapping });
      const path = `${MAPPINGS}/${mapping._id}`;
      expect(created.headers.get('location')).toBe(`/am/json${path}`);
      expect((await am.call('GET', path)).body).toEqual(created.body);
      expect(await labels()).toContain(mapping._id);
      expect((await am.call('POST', `${MAPPINGS}?_action=create`, mapping)).status).toBe(412);
      const two = mappingOf('first', 'esv-first', 'esv-second');
      expect(await am.call('PUT', path, two)).toMatchObject({ status: 200, body: two });
      const stale = { 'if-match': `"${created.body._rev}"` };
      expect((await am.call('PUT', path, mapping, stale)).status).toBe(412);
      expect(await am.call('DELETE', path)).toMatchObject({ status: 200, body: two });
      expect((await am.call('GET', path)).status).toBe(404);
      expect((await am.call('DELETE', path)).status).toBe(404);
    });

    it('outlives changes of the provider, from here and from elsewhere', async () => {
      const mapping = mappingOf('kept', 'esv-kept');
      await am.call('PUT', `${MAPPINGS}/${mapping._id}`, mapping);
      const { body } = await am.call('GET', PROVIDER);
      await am.call('PUT', PROVIDER, {
        ...body,
        coreOAuth2Config: { ...body.coreOAuth2Config, accessTokenLifetime: 1_234 },
      });
      await world.administration.change('/api/realms/alpha/provider', { accessTokenLifetime: 900 });
      expect(await labels()).toContain(mapping._id);
    });

    it('decides nothing: the client goes on to prove itself with what it has here', async () => {
      const answer = await am.call('PUT', `${CLIENTS}/labelled`, {
        coreOAuth2ClientConfig: {
          scopes: ['write'],
          secretLabelIdentifier: 'labelled',
          userpassword: SECRET,
        },
        advancedOAuth2ClientConfig: { grantTypes: ['client_credentials'] },
      });
      expect(answer.body.coreOAuth2ClientConfig).toMatchObject({
        secretLabelIdentifier: { value: 'labelled' },
      });
      const mapping = mappingOf('labelled', 'esv-labelled');
      await am.call('PUT', `${MAPPINGS}/${mapping._id}`, mapping);
      const client = { clientId: 'labelled', secret: SECRET };
      expect((await world.alpha.request(client, { scope: 'write' })).status).toBe(200);
    });

    it.each([
      ['another secretId', { secretId: labelOf('other') }],
      ['no aliases', { aliases: [] }],
      ['aliases that are no list', { aliases: 'esv-x' }],
      ['an alias that is no name', { aliases: ['esv x'] }],
      ['an alias of another type', { aliases: [7] }],
      ['an unknown attribute', { colour: 'red' }],
    ])('with %s is refused, and nothing is kept', async (_, wrong) => {
      const body = { ...mappingOf('wrong', 'esv-x'), ...wrong };
      const answer = await am.call('PUT', `${MAPPINGS}/${labelOf('wrong')}`, body);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ code: 400, reason: 'Bad Request' });
      expect(await labels()).not.toContain(labelOf('wrong'));
    });

    it('of a label that is none is refused', async () => {
      const body = { aliases: ['esv-x'] };
      for (const label of ['constructor', 'am', 'am..x', `am.${'x'.repeat(200)}`, 'am.x%20y'])
        expect((await am.call('PUT', `${MAPPINGS}/${label}`, body)).status, label).toBe(400);
    });

    it('is shown to nobody who is not signed in', async () => {
      const path = `${MAPPINGS}?_queryFilter=true`;
      expect((await callAm(world, 'GET', path)).status).toBe(401);
    });
  });

  it('an identifier that makes no label is refused by its name', async () => {
    for (const secretLabelIdentifier of ['a b', '.a', 'a..b', 'a/b']) {
      const answer = await am.call('PUT', `${CLIENTS}/unlabelled`, {
        coreOAuth2ClientConfig: { secretLabelIdentifier },
      });
      expect(answer.status).toBe(400);
      expect(answer.body.message).toContain('coreOAuth2ClientConfig/secretLabelIdentifier');
    }
    expect((await am.call('GET', `${CLIENTS}/unlabelled`)).status).toBe(404);
  });

  it('a realm has no aliases: one that is to have some is not created, nor changed', async () => {
    const body = { name: 'aliased', active: true, parentPath: '/', aliases: ['id.example.com'] };
    const created = await am.call('POST', '/global-config/realms?_action=create', body);
    expect(created.body).toEqual({
      code: 400,
      reason: 'Bad Request',
      message: expect.stringContaining('aliases'),
    });
    const id = Buffer.from('/aliased').toString('base64url');
    expect((await am.call('GET', `/global-config/realms/${id}`)).status).toBe(404);
    const alpha = '/global-config/realms/L2FscGhh';
    const before = (await am.call('GET', alpha)).body;
    expect(before).toMatchObject({ aliases: [] });
    const off = { ...before, active: false, aliases: ['id.example.com'] };
    expect((await am.call('PUT', alpha, off)).status).toBe(400);
    expect((await am.call('GET', alpha)).body).toEqual(before);
  });
});
