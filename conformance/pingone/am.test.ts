/* PingAM's administration, as its scripts use it: a translation of the administration API. */
import { beforeAll, describe, expect, it } from 'vitest';
import { onEachDatabase } from '../world.ts';
import { type Am, callAm, signInToAm } from './am.ts';

const ALPHA = '/realms/root/realms/alpha';
const CLIENTS = `${ALPHA}/realm-config/agents/OAuth2Client`;
const PROVIDER = `${ALPHA}/realm-config/services/oauth-oidc`;

const BODY = {
  coreOAuth2ClientConfig: {
    status: 'Active',
    clientType: 'Confidential',
    clientName: ['myClient'],
    userpassword: 'a secret of somebody',
    scopes: ['write'],
    redirectionUris: ['https://www.example.com:443/callback'],
  },
  advancedOAuth2ClientConfig: {
    grantTypes: ['client_credentials'],
    tokenEndpointAuthMethod: 'client_secret_basic',
  },
};

onEachDatabase((world) => {
  let am: Am;
  beforeAll(async () => {
    am = await signInToAm(world);
  });
  const getToken = (clientId: string, secret: string) =>
    world.send({
      method: 'POST',
      path: '/am/oauth2/realms/root/realms/alpha/access_token',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${clientId}:${encodeURIComponent(secret)}`).toString('base64')}`,
      },
      body: 'grant_type=client_credentials&scope=write',
    });

  describe('signing in', () => {
    it('tells anybody the name of the cookie and the version', async () => {
      const info = await callAm(world, 'GET', '/serverinfo/*');
      expect(info.body).toMatchObject({ cookieName: 'iPlanetDirectoryPro', realm: '/' });
      const version = await callAm(world, 'GET', '/serverinfo/version');
      expect(version.body.version).toMatch(/^\d+\.\d+\.\d+$/);
    });

    it('takes name and password from headers and sets a cookie that no script reads', async () => {
      const { entered } = await signInToAm(world);
      expect(entered.status).toBe(200);
      expect(entered.body).toMatchObject({ successUrl: '/am/console', realm: '/' });
      expect(entered.headers.get('set-cookie')).toMatch(
        /^iPlanetDirectoryPro=tss_\S+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
      );
    });

    it.each([
      ['a wrong password', 'admin', 'wrong-password-123'],
      ['an unknown user', 'nobody', 'wrong-password-123'],
    ])('refuses %s as AM does', async (_, userName, password) => {
      const { entered } = await signInToAm(world, userName, password);
      expect(entered.status).toBe(401);
      expect(entered.body).toEqual({ code: 401, reason: 'Unauthorized', message: 'Login failure' });
    });

    it('says how a session stands, and ends it', async () => {
      const { tokenId } = await signInToAm(world);
      const ask = (action: string) =>
        callAm(world, 'POST', `${ALPHA}/sessions/?_action=${action}`, { tokenId });
      const { body } = await ask('getSessionInfo');
      expect(body).toMatchObject({ username: 'admin', realm: '/' });
      expect(Date.parse(body.maxIdleExpirationTime)).toBeGreaterThan(Date.now());
      expect((await ask('validate')).body).toMatchObject({ valid: true });
      expect((await ask('logout')).status).toBe(200);
      expect((await ask('validate')).body).toEqual({ valid: false });
      expect((await ask('getSessionInfo')).status).toBe(401);
    });

    it('believes a cookie only beside a header that no other site can send', async () => {
      const cookie = { cookie: `iPlanetDirectoryPro=${am.tokenId}` };
      const put = (headers: Readonly<Record<string, string>>) =>
        fetch(`${world.publicUrl}/am/json${CLIENTS}/from-cookie`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json', ...cookie, ...headers },
          body: JSON.stringify(BODY),
        });
      expect((await put({})).status).toBe(403);
      expect((await put({ 'x-requested-with': 'XMLHttpRequest' })).status).toBe(201);
    });

    it('shows nothing to whoever is not signed in', async () => {
      for (const path of [CLIENTS, PROVIDER, '/global-config/realms'])
        expect((await callAm(world, 'GET', `${path}?_queryFilter=true`)).status).toBe(401);
    });
  });

  describe('OAuth2Client', () => {
    it('is created by a PUT that names part of it, and gets tokens', async () => {
      const created = await am.call('PUT', `${CLIENTS}/first`, BODY, { 'if-none-match': '*' });
      expect(created.status).toBe(201);
      expect(created.headers.get('etag')).toBe(`"${created.body._rev}"`);
      expect(created.body.coreOAuth2ClientConfig.scopes).toEqual({
        inherited: false,
        value: ['write'],
      });
      expect(JSON.stringify(created.body)).not.toContain('a secret of somebody');
      expect((await getToken('first', 'a secret of somebody')).status).toBe(200);
      const again = await am.call('PUT', `${CLIENTS}/first`, BODY, { 'if-none-match': '*' });
      expect(again.status).toBe(412);
    });

    it('takes back what it gave, wrapped or flat, and is the same', async () => {
      await am.call('PUT', `${CLIENTS}/round`, BODY);
      const { body: wrapped } = await am.call('GET', `${CLIENTS}/round`);
      const { body: list } = await am.call('GET', `${CLIENTS}?_queryFilter=_id eq "round"`);
      const [flat] = list.result;
      expect(flat?.coreOAuth2ClientConfig.scopes).toEqual(['write']);
      for (const form of [wrapped, flat]) {
        const put = await am.call('PUT', `${CLIENTS}/round`, form);
        expect(put.status).toBe(200);
        expect(put.body).toEqual(wrapped);
      }
      expect((await getToken('round', 'a secret of somebody')).status).toBe(200);
    });

    it('keeps what means nothing here as it was written', async () => {
      const body = {
        ...BODY,
        coreOAuth2ClientConfig: { ...BODY.coreOAuth2ClientConfig, scopes: ['write|Change it'] },
        advancedOAuth2ClientConfig: {
          ...BODY.advancedOAuth2ClientConfig,
          grantTypes: ['authorization_code', 'client_credentials'],
          javascriptOrigins: ['https://app.example.com', 'https://app.example.com'],
          customProperties: ['a=b'],
        },
        overrideOAuth2ClientConfig: { accessTokenModificationScript: 'some-script' },
      };
      await am.call('PUT', `${CLIENTS}/kept`, body);
      const { body: read } = await am.call('GET', `${CLIENTS}/kept`);
      expect(read.coreOAuth2ClientConfig.scopes.value).toEqual(['write|Change it']);
      expect(read.advancedOAuth2ClientConfig).toMatchObject({
        grantTypes: { value: ['authorization_code', 'client_credentials'] },
        javascriptOrigins: { value: ['https://app.example.com', 'https://app.example.com'] },
        customProperties: { value: ['a=b'] },
      });
      expect(read.overrideOAuth2ClientConfig.accessTokenModificationScript).toBe('some-script');
    });

    it('is one with what the administration API has, whoever changes it', async () => {
      await am.call('PUT', `${CLIENTS}/one`, BODY);
      const path = '/api/realms/alpha/clients/one';
      const { administration } = world;
      const client = await administration.perform<{ scopes: string[] }>('GET', path);
      expect(client).toMatchObject({ scopes: ['write'], enabled: true, name: 'myClient' });
      await administration.change(path, { scopes: ['read', 'write'], enabled: false });
      const { body } = await am.call('GET', `${CLIENTS}/one`);
      expect(body.coreOAuth2ClientConfig).toMatchObject({
        scopes: { value: ['read', 'write'] },
        status: { value: 'Inactive' },
      });
      await am.call('PUT', `${CLIENTS}/one`, BODY);
      expect(await administration.perform('GET', path)).toMatchObject({
        scopes: ['write'],
        enabled: true,
      });
      const events = await administration.perform<{
        items: { type: string; details: { surface?: string } }[];
      }>('GET', '/api/realms/alpha/events?subjectKind=client&subjectId=one&limit=20');
      const surfaces = events.items
        .filter(({ type }) => type === 'client.updated')
        .map(({ details }) => details.surface);
      expect(surfaces).toEqual(['am', undefined]);
    });

    it('keeps what AM has no words for', async () => {
      const others = {
        allowedAddresses: ['192.0.2.0/24'],
        tokensPerDay: 1_000,
        strictAuthenticationMethod: true,
        tokenBinding: 'dpop',
        attributes: { team: 'payments' },
      };
      await am.call('PUT', `${CLIENTS}/others`, BODY);
      const path = '/api/realms/alpha/clients/others';
      await world.administration.change(path, others);
      const { status } = await am.call('PUT', `${CLIENTS}/others`, BODY);
      expect(status).toBe(200);
      expect(await world.administration.perform('GET', path)).toMatchObject(others);
    });

    it('keeps its secret when a PUT names none, and has only the last one that was named', async () => {
      const { userpassword: _, ...core } = BODY.coreOAuth2ClientConfig;
      await am.call('PUT', `${CLIENTS}/secret`, BODY);
      for (const userpassword of [undefined, null])
        await am.call('PUT', `${CLIENTS}/secret`, {
          ...BODY,
          coreOAuth2ClientConfig: { ...core, ...(userpassword === null && { userpassword }) },
        });
      expect((await getToken('secret', 'a secret of somebody')).status).toBe(200);
      await am.call('PUT', `${CLIENTS}/secret`, {
        ...BODY,
        coreOAuth2ClientConfig: { ...core, userpassword: 'another one of these' },
      });
      expect((await getToken('secret', 'another one of these')).status).toBe(200);
      expect((await getToken('secret', 'a secret of somebody')).status).toBe(401);
    });

    it('stores the default of what is inherited, whatever stands beside it', async () => {
      const { body } = await am.call('PUT', `${CLIENTS}/inherited`, {
        ...BODY,
        advancedOAuth2ClientConfig: {
          grantTypes: { inherited: true, value: ['client_credentials'] },
        },
      });
      expect(body.advancedOAuth2ClientConfig.grantTypes.value).toEqual(['authorization_code']);
    });

    it('names the attributes that it knows when it is told another, and changes nothing', async () => {
      const { body, status } = await am.call('PUT', `${CLIENTS}/unknown`, {
        coreOAuth2ClientConfig: { scopes: ['write'], colour: 'red' },
      });
      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 400, message: 'Invalid attribute specified.' });
      expect(body.detail.validAttributes).toContain('scopes');
      expect((await am.call('GET', `${CLIENTS}/unknown`)).body).toEqual({
        code: 404,
        reason: 'Not Found',
        message: 'Not Found',
      });
    });

    it.each([
      ['coreOAuth2ClientConfig', 'scopes', 'write'],
      ['coreOAuth2ClientConfig', 'scopes', [7]],
      ['coreOAuth2ClientConfig', 'status', 'active'],
      ['coreOAuth2ClientConfig', 'accessTokenLifetime', '60'],
      ['overrideOAuth2ClientConfig', 'providerOverridesEnabled', 'true'],
      ['signEncOAuth2ClientConfig', 'jwksUri', { inherited: false, value: 7 }],
    ])('names the attribute whose type is wrong: %s/%s', async (group, name, value) => {
      const body = { [group]: { [name]: value } };
      const answer = await am.call('PUT', `${CLIENTS}/wrong-type`, body);
      expect(answer.status).toBe(400);
      expect(answer.body.message).toContain(`${group}/${name}`);
      expect((await am.call('GET', `${CLIENTS}/wrong-type`)).status).toBe(404);
    });

    it.each<[string, unknown, object, string?]>([
      ['coreOAuth2ClientConfig/scopes', ['a"b'], {}],
      ['coreOAuth2ClientConfig/redirectionUris', ['nowhere'], {}],
      ['coreOAuth2ClientConfig/accessTokenLifetime', -1, {}],
      ['coreOAuth2ClientConfig/userpassword', 'x', {}],
      ['advancedOAuth2ClientConfig/grantTypes', ['a b'], {}],
      ['signEncOAuth2ClientConfig/jwksUri', 'nowhere', {}],
      ['signEncOAuth2ClientConfig/jwkSet', '{"keys":[{}]}', { publicKeyLocation: 'jwks' }],
      ['signEncOAuth2ClientConfig/mTLSSubjectDN', 'nobody', {}, 'tls_client_auth'],
      ['signEncOAuth2ClientConfig/mTLSTrustedCert', 'none', {}, 'self_signed_tls_client_auth'],
    ])(
      'names the attribute whose value is none: %s %j',
      async (attribute, value, beside, method) => {
        const [group = '', name = ''] = attribute.split('/');
        const answer = await am.call('PUT', `${CLIENTS}/wrong-value`, {
          ...(method !== undefined && {
            advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: method },
          }),
          [group]: { [name]: value, ...beside },
        });
        expect(answer).toMatchObject({ status: 400, body: { code: 400, detail: { attribute } } });
        expect(answer.body.message).toMatch(new RegExp(`^${attribute} `));
        expect((await am.call('GET', `${CLIENTS}/wrong-value`)).status).toBe(404);
      },
    );

    it.each(['null', '[]', '7', '"text"', '{', '{"coreOAuth2ClientConfig":[]}'])(
      'is not made of %s',
      async (body) => {
        expect((await am.call('PUT', `${CLIENTS}/no-object`, body)).status).toBe(400);
        expect((await am.call('GET', `${CLIENTS}/no-object`)).status).toBe(404);
      },
    );

    it('of an application goes with that alone', async () => {
      await am.call('PUT', `${CLIENTS}/in-application`, BODY);
      await world.administration.perform('POST', '/api/realms/alpha/applications', {
        name: 'Of a client',
        clientId: 'in-application',
      });
      const refused = await am.call('DELETE', `${CLIENTS}/in-application`);
      expect(refused).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
      expect(refused.body.message).toMatch(/Delete the application first\.$/);
    });

    it('is asked for by filters, fields and pages', async () => {
      for (const id of ['page-a', 'page-b', 'page-c'])
        await am.call('PUT', `${CLIENTS}/${id}`, BODY);
      const filter = encodeURIComponent('_id sw "page-"');
      const first = await am.call(
        'GET',
        `${CLIENTS}?_queryFilter=${filter}&_pageSize=2&_fields=_id`,
      );
      expect(first.body).toMatchObject({ resultCount: 2, totalPagedResultsPolicy: 'NONE' });
      expect(Object.keys(first.body.result[0] ?? {})).toEqual(['_id', '_rev']);
      const cookie = encodeURIComponent(first.body.pagedResultsCookie);
      const rest = await am.call(
        'GET',
        `${CLIENTS}?_queryFilter=${filter}&_pageSize=2&_pagedResultsCookie=${cookie}`,
      );
      const ids = [...first.body.result, ...rest.body.result].map(({ _id }) => _id);
      expect(ids).toEqual(['page-a', 'page-b', 'page-c']);
      expect(rest.body.pagedResultsCookie).toBeNull();
      const bad = await am.call('GET', `${CLIENTS}?_queryFilter=${encodeURIComponent('_id is 1')}`);
      expect(bad.status).toBe(400);
    });

    it('has a template and a schema, and is deleted', async () => {
      const template = await am.call('POST', `${CLIENTS}?_action=template`, {});
      expect(template.body.advancedOAuth2ClientConfig.grantTypes).toEqual(['authorization_code']);
      const schema = await am.call('POST', `${CLIENTS}?_action=schema`, {});
      expect(schema.body.properties.coreOAuth2ClientConfig.properties.status).toMatchObject({
        type: 'string',
        enum: ['Active', 'Inactive'],
      });
      await am.call('PUT', `${CLIENTS}/gone`, BODY);
      const removed = await am.call('DELETE', `${CLIENTS}/gone`);
      expect(removed.body._id).toBe('gone');
      expect((await am.call('GET', `${CLIENTS}/gone`)).status).toBe(404);
      expect((await am.call('DELETE', `${CLIENTS}/gone`)).status).toBe(404);
    });
  });

  describe('services/oauth-oidc', () => {
    it('is read flat, changed as a whole, and is the realm’s settings', async () => {
      const { body } = await am.call('GET', PROVIDER);
      expect(body).toMatchObject({ _id: '', _type: { _id: 'oauth-oidc', collection: false } });
      const wanted = {
        ...body,
        coreOAuth2Config: { ...body.coreOAuth2Config, accessTokenLifetime: 1_200 },
        advancedOAuth2Config: {
          ...body.advancedOAuth2Config,
          supportedScopes: ['write|en|Change it'],
        },
      };
      const put = await am.call('PUT', PROVIDER, wanted);
      expect(put.status).toBe(200);
      expect(put.body).toEqual({ ...wanted, _rev: put.body._rev });
      const provider = await world.administration.perform('GET', '/api/realms/alpha/provider');
      expect(provider).toMatchObject({ accessTokenLifetime: 1_200, signingAlgorithm: 'ES256' });
    });

    it('names the attribute whose value is none', async () => {
      const before = (await am.call('GET', PROVIDER)).body;
      const wrong = { coreOAuth2Config: { accessTokenLifetime: -5 } };
      expect(await am.call('PUT', PROVIDER, wrong)).toMatchObject({
        status: 400,
        body: { detail: { attribute: 'coreOAuth2Config/accessTokenLifetime' } },
      });
      expect((await am.call('GET', PROVIDER)).body).toEqual(before);
    });

    it('is the one service of a realm, and there already', async () => {
      const services = `${ALPHA}/realm-config/services`;
      const all = await am.call('POST', `${services}?_action=nextdescendents`, {});
      expect(all.body.result.map(({ _id }) => _id)).toEqual(['oauth-oidc']);
      const none = await am.call('POST', `${PROVIDER}?_action=nextdescendents`, {});
      expect(none.body).toEqual({ result: [] });
      const made = await am.call('POST', `${PROVIDER}?_action=create`, {});
      expect(made.body.message).toBe('Unable to save config: Service already exists');
    });
  });

  describe('global-config/realms', () => {
    it('names realms by their path in base64url', async () => {
      const { body } = await am.call('GET', '/global-config/realms?_queryFilter=true');
      expect(body.result).toContainEqual(
        expect.objectContaining({ _id: 'L2FscGhh', name: 'alpha', parentPath: '/', active: true }),
      );
      expect(body.result).toContainEqual(
        expect.objectContaining({ _id: 'Lw', name: '/', parentPath: null }),
      );
    });

    it('creates, deactivates and deletes them', async () => {
      const body = { name: 'bravo', active: true, parentPath: '/', aliases: [] };
      const created = await am.call('POST', '/global-config/realms?_action=create', body);
      expect(created).toMatchObject({ status: 201, body: { _id: 'L2JyYXZv', active: true } });
      const path = '/global-config/realms/L2JyYXZv';
      const off = await am.call('PUT', path, { ...body, active: false });
      expect(off).toMatchObject({ status: 200, body: { active: false } });
      expect((await am.call('DELETE', path)).status).toBe(200);
      expect((await am.call('GET', path)).status).toBe(404);
    });
  });
});
