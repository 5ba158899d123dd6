import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_CREDENTIALS, refusal } from './realm.ts';
import { EC_KEY, registrationOf } from './registration.ts';
import { assertionClaims, newKey, now, signJws } from './signed.ts';
import { newAddress, onEachDatabase } from './world.ts';

/* Shows RFC 7591 §1.2, §2, §2.2, §2.3, §3, §3.1, §3.2.1, §3.2.2. */

onEachDatabase((world) => {
  const { alpha } = world;
  const registration = registrationOf(world, alpha);
  const byKey = {
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [{ ...EC_KEY, kid: 'one' }] },
  };
  const eventsOf = async (query: string) =>
    (
      await world.administration.perform<{ items: Record<string, unknown>[] }>(
        'GET',
        `/api/realms/alpha/events?${query}`,
      )
    ).items;

  describe('RFC 7591 §3 a realm that was told nothing', () => {
    it('registers nobody and says nothing of it (268)', async () => {
      const silent = await world.createRealm('silent');
      const there = registrationOf(world, silent);
      const token = await there.initialToken();
      expect(await there.post({}, { token })).toMatchObject(refusal(404, 'not_found'));
      expect((await there.manage('GET', 'c', undefined, { token })).status).toBe(404);
      const { json } = await silent.read('.well-known/oauth-authorization-server');
      expect(json).not.toHaveProperty('registration_endpoint');
    });
  });

  describe('RFC 7591 §3 a realm that takes initial access tokens', () => {
    beforeAll(async () => {
      await alpha.changeProvider({
        clientRegistration: 'token',
        registrationScopes: ['read', 'write'],
      });
    });

    it('§3 says where', async () => {
      const { json } = await alpha.read('.well-known/oauth-authorization-server');
      expect(json).toMatchObject({ registration_endpoint: `${alpha.issuer}/register` });
    });

    it('§3.2.1 a client with keys has no secret; what was registered is echoed (266)', async () => {
      const answer = await registration.post(
        { ...byKey, scope: 'read', client_name: 'Fleet', software_id: 's1', unknown_member: 1 },
        { token: await registration.initialToken() },
      );
      expect(answer.status).toBe(201);
      expect(answer.headers['cache-control']).toBe('no-store');
      const client = answer.json as Record<string, unknown>;
      expect(client).toEqual({
        client_id: expect.stringMatching(/^[\w-]{36}$/),
        client_id_issued_at: expect.any(Number),
        registration_access_token: expect.stringMatching(/^tsr_[\w-]{49}$/),
        registration_client_uri: `${alpha.issuer}/register?client_id=${client['client_id']}`,
        client_name: 'Fleet',
        software_id: 's1',
        scope: 'read',
        ...byKey,
      });
    });

    it('§3.2.1 a client with a secret is given one that works, by that method alone (267)', async () => {
      const client = await registration.register({ grant_types: ['client_credentials'] });
      expect(client).toMatchObject({
        client_secret: expect.stringMatching(/^tsk_/),
        client_secret_expires_at: 0,
        token_endpoint_auth_method: 'client_secret_basic',
        scope: 'read write',
      });
      const as = { clientId: client.client_id, secret: client.client_secret ?? '' };
      expect((await alpha.request(as, { scope: 'read' })).status).toBe(200);
      const form = { client_id: as.clientId, client_secret: as.secret, scope: 'read' };
      const posted = await alpha.post('access_token', { ...CLIENT_CREDENTIALS, ...form });
      expect(posted).toMatchObject(refusal(400, 'invalid_client'));
    });

    it.each(['realms/root/realms/alpha/register', 'alpha/register', 'register?realm=/alpha'])(
      '§3.1 at /am/oauth2/%s',
      async (path) => {
        const query = path.includes('?');
        const { status } = await world.send({
          method: 'POST',
          path: `/am/oauth2/${path}`,
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${await registration.initialToken()}`,
          },
          body: '{}',
        });
        expect({ query, status }).toEqual({ query, status: 201 });
      },
    );

    it('§3 without a token nobody is registered (268)', async () => {
      const answer = await registration.post({});
      expect(answer).toMatchObject(refusal(401, 'invalid_request'));
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="/alpha"');
    });

    it.each(['tsi_nonsense', `tsi_${'a'.repeat(49)}`, 'x', 'eyJ.eyJ.x'])(
      '§3 nor with %s (268)',
      async (token) => {
        const answer = await registration.post({}, { token });
        expect(answer).toMatchObject(refusal(401, 'invalid_token'));
        expect(answer.headers['www-authenticate']).toBe(
          'Bearer realm="/alpha", error="invalid_token"',
        );
      },
    );

    it('§3 nor with one of another realm, or with one that was revoked (268)', async () => {
      const bravo = await world.createRealm('bravo');
      await bravo.changeProvider({ clientRegistration: 'token' });
      const theirs = await registrationOf(world, bravo).initialToken();
      expect((await registration.post({}, { token: theirs })).status).toBe(401);
      const { token, id } = await registration.createInitialToken();
      await world.administration.perform('DELETE', `/api/realms/alpha/initial-access-tokens/${id}`);
      expect((await registration.post({}, { token })).status).toBe(401);
    });

    it('§1.2 a token registers as many clients as it may, however many try at once (281)', async () => {
      const { token, id } = await registration.createInitialToken({ usesMax: 3 });
      const answers = await Promise.all(
        Array.from({ length: 12 }, () => registration.post({}, { token })),
      );
      expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
        ...Array<number>(3).fill(201),
        ...Array<number>(9).fill(401),
      ]);
      const { items } = await world.administration.perform<{ items: Record<string, unknown>[] }>(
        'GET',
        '/api/realms/alpha/initial-access-tokens?limit=100',
      );
      expect(items.find((one) => one['id'] === id)).toMatchObject({ uses: 3, status: 'used_up' });
      const events = await eventsOf(`actorId=${id}&type=client.registered`);
      expect(events).toHaveLength(3);
      expect(events[0]).toMatchObject({ actor: { kind: 'initial-access-token', id } });
      expect(world.log()).not.toContain(token);
    });

    it('a refused registration uses nothing up', async () => {
      const token = await registration.initialToken();
      expect((await registration.post({ scope: 'admin' }, { token })).status).toBe(400);
      expect((await registration.post({}, { token })).status).toBe(201);
    });

    it('what a token is capped to is all its clients may have (276)', async () => {
      const scopes = ['read', 'beyond'];
      const { token } = await registration.createInitialToken({ scopes, usesMax: 2 });
      const tooMuch = await registration.post({ scope: 'write' }, { token });
      expect(tooMuch).toMatchObject(refusal(400, 'invalid_client_metadata'));
      expect(await registration.register({}, token)).toMatchObject({ scope: 'read' });
    });

    describe('§3.1 refuses a body that is no metadata (269)', () => {
      it.each([
        ['null', 'null'],
        ['a list', '[]'],
        ['a text', '"x"'],
        ['nothing', ''],
        ['no JSON', '{'],
        ['a member twice', '{"scope":"read","scope":"write"}'],
        ['half a character', Buffer.from([0x7b, 0x22, 0xc3, 0x22, 0x3a, 0x31, 0x7d])],
      ])('%s', async (_, body) => {
        const answer = await registration.post(body, { token: await registration.initialToken() });
        expect(answer).toMatchObject(refusal(400, 'invalid_client_metadata'));
      });

      it('another content type', async () => {
        const token = await registration.initialToken();
        for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])
          expect(
            await registration.post('{}', { token, headers: { 'content-type': type } }),
          ).toMatchObject(refusal(400, 'invalid_client_metadata'));
      });

      it('more than 64 KiB', async () => {
        const token = await registration.initialToken();
        const answer = await registration.post({ client_name: 'x'.repeat(65_536) }, { token });
        expect(answer).toMatchObject(refusal(413, 'invalid_client_metadata'));
      });
    });

    describe('§3.2.2 refuses what the realm does not have, and keeps nothing of it (270, 271)', () => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
      const key = (jwk: unknown) => ({ ...byKey, jwks: { keys: [jwk] } });
      it.each<[string, unknown]>([
        ['no authentication', { token_endpoint_auth_method: 'none' }],
        ['another grant', { grant_types: ['authorization_code'] }],
        ['another method', { token_endpoint_auth_method: 'attest_jwt_client_auth' }],
        ['another algorithm', { ...byKey, token_endpoint_auth_signing_alg: 'none' }],
        ['keys twice', { ...byKey, jwks_uri: 'https://app.example.com/jwks' }],
        ['no keys', { ...byKey, jwks: undefined }],
        ['a private key', key(privateKey.export({ format: 'jwk' }))],
        ['a symmetric key', key({ kty: 'oct', k: 'c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0' })],
        ['a short key', key(weak.export({ format: 'jwk' }))],
        ['a point on no curve', key({ ...EC_KEY, y: EC_KEY.x })],
        [
          'one kid twice',
          {
            ...byKey,
            jwks: {
              keys: [
                { ...EC_KEY, kid: 'a' },
                { ...EC_KEY, kid: 'a' },
              ],
            },
          },
        ],
        [
          'one key twice',
          {
            ...byKey,
            jwks: {
              keys: [
                { ...EC_KEY, kid: 'a' },
                { ...EC_KEY, kid: 'b' },
              ],
            },
          },
        ],
        ['an encryption key', key({ ...EC_KEY, use: 'enc' })],
        ['no certificate', { ...byKey, token_endpoint_auth_method: 'self_signed_tls_client_auth' }],
        ['no subject', { token_endpoint_auth_method: 'tls_client_auth' }],
        [
          'two subjects',
          {
            token_endpoint_auth_method: 'tls_client_auth',
            tls_client_auth_san_dns: 'a.example',
            tls_client_auth_subject_dn: 'CN=a',
          },
        ],
        ['a scope beyond', { scope: 'read admin' }],
      ])('%s', async (_, document) => {
        const token = await registration.initialToken();
        const answer = await registration.post(document, { token });
        expect(answer).toMatchObject(refusal(400, 'invalid_client_metadata'));
        const { d } = privateKey.export({ format: 'jwk' });
        expect(answer.text).not.toContain(d);
        expect(await world.dumpDatabase()).not.toContain(d);
      });

      it('a redirect URI that can be none', async () => {
        const token = await registration.initialToken();
        const answer = await registration.post(
          { redirect_uris: ['javascript:alert(1)'] },
          { token },
        );
        expect(answer).toMatchObject(refusal(400, 'invalid_redirect_uri'));
      });
    });

    describe('§2 refuses addresses inside, before anybody is asked (272)', () => {
      it.each([
        'http://app.example.com/jwks',
        'file:///etc/passwd',
        'data:application/json,{}',
        'ftp://app.example.com/jwks',
        'https://user@app.example.com/jwks',
        'https://app.example.com/jwks#a',
        'https://10.0.0.1/jwks',
        'https://127.0.0.1/jwks',
        'https://127.1/jwks',
        'https://0x7f.1/jwks',
        'https://2130706433/jwks',
        'https://[::1]/jwks',
        'https://[::ffff:10.0.0.1]/jwks',
        'https://169.254.169.254/latest',
        'https://100.64.0.1/jwks',
        'https://localhost/jwks',
        'https://metadata.google.internal/jwks',
        'https://app.example.com:22/jwks',
        'https://printer/jwks',
        '//app.example.com/jwks',
        '',
      ])('%s', async (jwks_uri) => {
        const token = await registration.initialToken();
        const answer = await registration.post({ ...byKey, jwks: undefined, jwks_uri }, { token });
        expect(answer).toMatchObject(refusal(400, 'invalid_client_metadata'));
      });
    });

    it('§2.3 a software statement counts when an issuer trusted for that signed it (277)', async () => {
      const ISSUER = 'https://approvals.example.com';
      const [key, stranger] = [newKey(), newKey()];
      await world.administration.perform('POST', '/api/realms/alpha/trusted-issuers', {
        name: 'approvals',
        preset: 'oidc',
        issuer: ISSUER,
        jwks: { keys: [key.publicJwk] },
        uses: ['software'],
      });
      const statementOf = (claims: object = {}, by = key) => {
        const header = { alg: by.algorithm, kid: key.kid };
        const rest = { iss: ISSUER, client_name: 'Approved', jti: randomUUID(), ...claims };
        return signJws(header, { ...assertionClaims('app', alpha.issuer), ...rest }, by);
      };
      const ask = async (software_statement: unknown) =>
        registration.post(
          { ...byKey, client_name: 'Itself', software_statement },
          { token: await registration.initialToken() },
        );
      expect(await ask(statementOf())).toMatchObject({
        status: 201,
        json: { client_name: 'Approved' },
      });
      for (const invalid of [statementOf({}, stranger), statementOf({ exp: now() - 60 }), 'x', 7])
        expect(await ask(invalid)).toMatchObject(refusal(400, 'invalid_software_statement'));
      expect(await ask(statementOf({ iss: 'https://nobody.example.com' }))).toMatchObject(
        refusal(400, 'unapproved_software_statement'),
      );
    });

    it('§2 what is the server to say is not listened to (274)', async () => {
      const client = await registration.register({
        client_id: 'chosen',
        client_secret: 'chosen-chosen-chosen',
        registration_access_token: 'chosen',
        client_id_issued_at: 1,
        enabled: false,
        origin: 'administrator',
      });
      const { client_id, client_secret, registration_access_token, ...rest } = client;
      expect([client_id, client_secret, registration_access_token].join()).not.toContain('chosen');
      expect(rest).not.toHaveProperty('enabled');
      expect(rest['client_id_issued_at']).toBeGreaterThan(1);
    });

    it('§2.2 text is kept as it is, in any language; nothing reaches a prototype (275)', async () => {
      const texts = { client_name: '<script>alert(1)</script>', 'client_name#ja': 'クライアント' };
      const token = await registration.initialToken({ usesMax: 2 });
      const body = `{"__proto__":{"scope":"admin"},${JSON.stringify(texts).slice(1)}`;
      const answer = await registration.post(body, { token });
      expect(answer.status).toBe(201);
      expect(answer.json).toMatchObject(texts);
      for (const client_name of ['a\r\nSet-Cookie: x', 'x'.repeat(101), '\u202eexe.gpj'])
        expect((await registration.post({ client_name }, { token })).status).toBe(400);
    });

    it('administrators see who registered itself, and may take it back', async () => {
      const { client_id } = await registration.register({ contacts: ['ada@example.com'] });
      const path = `/api/realms/alpha/clients/${client_id}`;
      expect(await world.administration.perform('GET', path)).toMatchObject({
        origin: 'registration',
        strictAuthenticationMethod: true,
        registeredMetadata: { contacts: ['ada@example.com'] },
      });
      await world.administration.remove(path);
      expect((await world.administration.call('GET', path)).status).toBe(404);
    });

    it('the security profile of the realm decides', async () => {
      const strict = await world.createRealm('strict');
      await strict.changeProvider({ clientRegistration: 'token', securityProfile: 'fapi2' });
      const there = registrationOf(world, strict);
      expect(await there.post({}, { token: await there.initialToken() })).toMatchObject(
        refusal(400, 'invalid_client_metadata'),
      );
      expect(await there.register(byKey)).toMatchObject(byKey);
    });

    it('whoever tries tokens is slowed down, and nobody else is (281)', async () => {
      const from = newAddress();
      const statuses: number[] = [];
      for (let i = 0; i < 11; i++)
        statuses.push((await registration.post({}, { token: `tsi_${i}`, from })).status);
      expect(statuses).toEqual([...Array<number>(10).fill(401), 429]);
      const token = await registration.initialToken();
      expect((await registration.post({}, { token })).status).toBe(201);
    });

    it('no answer lets a page of another origin read it (287)', async () => {
      const headers = { origin: 'https://evil.example' };
      const token = await registration.initialToken();
      const answer = await registration.post({}, { token, headers });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    });

    it('other methods are told which there are', async () => {
      const answer = await world.send({ method: 'PATCH', path: `${alpha.path}/register` });
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBe('GET, POST, PUT, DELETE');
    });

    it('a token in the address is refused', async () => {
      const { text, status } = await world.send({
        method: 'POST',
        path: `${alpha.path}/register?access_token=tsi_x`,
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      expect({ text, status }).toMatchObject({ status: 400 });
    });
  });

  describe('RFC 7591 §3 a realm that is open', () => {
    it('registers anybody, so many from one address (268, 281)', async () => {
      const open = await world.createRealm('open');
      await open.changeProvider({ clientRegistration: 'open' });
      const there = registrationOf(world, open);
      const from = newAddress();
      const statuses: number[] = [];
      for (let i = 0; i < 11; i++) statuses.push((await there.post({}, { from })).status);
      expect(statuses).toEqual([...Array<number>(10).fill(201), 429]);
      expect((await there.post({})).status).toBe(201);
      expect((await there.post({}, { token: 'tsi_wrong' })).status).toBe(401);
    });
  });
});
