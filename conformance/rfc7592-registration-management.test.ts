import { beforeAll, describe, expect, it } from 'vitest';
import { refusal } from './realm.ts';
import { EC_KEY, type Registered, registrationOf } from './registration.ts';
import { onEachDatabase } from './world.ts';

/* Shows RFC 7592 §2, §2.1, §2.2, §2.3, §3. */

onEachDatabase((world) => {
  const { alpha } = world;
  const registration = registrationOf(world, alpha);
  const asIs = ({ client_id, client_secret = '' }: Registered) => ({
    clientId: client_id,
    secret: client_secret,
  });
  const jwks = { keys: [{ ...EC_KEY, kid: 'one' }] };
  const byKey = { token_endpoint_auth_method: 'private_key_jwt', jwks };
  /** What remains of a registration when it is sent back as RFC 7592 §2.2 wants it. */
  const ownWords = ({ client_id, ...members }: Registered) => ({
    client_id,
    scope: members['scope'],
  });

  beforeAll(() =>
    alpha.changeProvider({ clientRegistration: 'token', registrationScopes: ['read', 'write'] }),
  );

  it('§2.1 a client reads what is registered, with the token it has shown (278)', async () => {
    const client = await registration.register({ client_name: 'Fleet', ...byKey });
    const answer = await registration.manage('GET', client);
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json).toEqual(client);
  });

  it('§2.1 a secret is not told twice', async () => {
    const client = await registration.register({});
    const answer = await registration.manage('GET', client);
    const { client_secret, client_secret_expires_at, ...rest } = client;
    expect({ client_secret, client_secret_expires_at }).toMatchObject({
      client_secret_expires_at: 0,
    });
    expect(answer.json).toEqual(rest);
  });

  it("§2 a wrong token, no such client, another client, an administrator's: one answer (278)", async () => {
    const client = await registration.register({});
    const other = await registration.register({});
    const made = await alpha.registerClient();
    const token = other.registration_access_token;
    const wrong = { token: `${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}` };
    const answers = [
      await registration.manage('GET', client, undefined, wrong),
      await registration.manage('GET', client, undefined, { token }),
      await registration.manage('GET', 'nobody', undefined, { token }),
      await registration.manage('GET', '', undefined, { token }),
      await registration.manage('GET', 'a\u0000b', undefined, { token }),
      await registration.manage('GET', made.clientId, undefined, { token }),
      await registration.manage('DELETE', made.clientId, undefined, { token }),
      await registration.manage('PUT', made.clientId, { client_id: made.clientId }, { token }),
      await registration.manage('PUT', client, {}, { token }),
    ];
    for (const { status, text, headers } of answers)
      expect({ status, text, challenge: headers['www-authenticate'] }).toEqual({
        status: 401,
        text: '{"error_description":"The registration access token is not valid","error":"invalid_token"}',
        challenge: 'Bearer realm="/alpha", error="invalid_token"',
      });
    expect((await registration.manage('GET', client)).status).toBe(200);
  });

  it('§2 without a token, nothing', async () => {
    const { client_id } = await registration.register({});
    const answer = await registration.manage('GET', client_id);
    expect(answer).toMatchObject(refusal(401, 'invalid_request'));
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="/alpha"');
  });

  it('§2 an access token is no registration access token, nor the other way around', async () => {
    const client = await registration.register({});
    const token = await alpha.token(asIs(client), { scope: 'read' });
    expect((await registration.manage('GET', client, undefined, { token })).status).toBe(401);
    expect((await registration.post({}, { token: client.registration_access_token })).status).toBe(
      401,
    );
    const info = await alpha.read('tokeninfo', {
      authorization: `Bearer ${client.registration_access_token}`,
    });
    expect(info.status).toBe(401);
  });

  it('§2 a realm never manages a client of another', async () => {
    const bravo = await world.createRealm('bravo');
    await bravo.changeProvider({ clientRegistration: 'token' });
    const client = await registration.register({});
    const there = registrationOf(world, bravo);
    const { registration_access_token: token } = client;
    expect((await there.manage('GET', client.client_id, undefined, { token })).status).toBe(401);
  });

  it('§2 a client that was disabled manages nothing', async () => {
    const client = await registration.register({});
    await alpha.changeClient(asIs(client), { enabled: false });
    expect((await registration.manage('GET', client)).status).toBe(401);
  });

  describe('RFC 7592 §2.2 a replacement (279)', () => {
    it('§2.2 takes away what it leaves out, and retires the token that it was made with', async () => {
      const about = { client_name: 'Fleet', contacts: ['ada@example.com'] };
      const client = await registration.register({ ...about, dpop_bound_access_tokens: true });
      const sent = { client_id: client.client_id, client_name: 'Float' };
      const answer = await registration.manage('PUT', client, sent);
      expect(answer.status).toBe(200);
      const replaced = answer.json as Registered;
      expect(replaced).toMatchObject({ client_name: 'Float', scope: 'read write' });
      expect(replaced).not.toHaveProperty('contacts');
      expect(replaced).not.toHaveProperty('dpop_bound_access_tokens');
      expect(replaced.registration_access_token).not.toBe(client.registration_access_token);
      expect((await registration.manage('GET', client)).status).toBe(401);
      expect((await registration.manage('GET', replaced)).json).toEqual(replaced);
      expect((await alpha.request(asIs(client), { scope: 'read' })).status).toBe(200);
    });

    it('§2.2 gives scopes up, and takes none', async () => {
      const client = await registration.register({ scope: 'read' });
      const more = { ...ownWords(client), scope: 'read write' };
      expect(await registration.manage('PUT', client, more)).toMatchObject(
        refusal(400, 'invalid_client_metadata'),
      );
      const none = { client_id: client.client_id };
      expect((await registration.manage('PUT', client, none)).json).toMatchObject({
        scope: 'read',
      });
    });

    it.each([
      'registration_access_token',
      'registration_client_uri',
      'client_secret_expires_at',
      'client_id_issued_at',
    ])('§2.2 must not have %s', async (member) => {
      const client = await registration.register({});
      const sent = { ...ownWords(client), [member]: client[member] };
      const answer = await registration.manage('PUT', client, sent);
      expect(answer).toMatchObject(refusal(400, 'invalid_client_metadata'));
      expect((await registration.manage('GET', client)).status).toBe(200);
    });

    it('§2.2 must name its own client, and no secret but its own', async () => {
      const client = await registration.register({});
      const other = await registration.register({});
      for (const wrong of [
        {},
        { client_id: other.client_id },
        { client_id: client.client_id, client_secret: other.client_secret },
        { client_id: client.client_id, client_secret: 'chosen-chosen-chosen' },
        { client_id: client.client_id, client_secret: 7 },
      ])
        expect(await registration.manage('PUT', client, wrong)).toMatchObject(
          refusal(400, 'invalid_client_metadata'),
        );
      const right = { client_id: client.client_id, client_secret: client.client_secret };
      const answer = await registration.manage('PUT', client, right);
      expect(answer.status).toBe(200);
      expect(answer.json).not.toHaveProperty('client_secret');
    });

    it('§2.2 a method with keys ends the secret, and one with a secret gives a new one', async () => {
      const client = await registration.register({});
      const { client_id } = client;
      const keyed = await registration.manage('PUT', client, { client_id, ...byKey });
      expect(keyed.json).toMatchObject(byKey);
      expect(keyed.json).not.toHaveProperty('client_secret');
      expect(await alpha.request(asIs(client))).toMatchObject(refusal(401, 'invalid_client'));

      const back = await registration.manage('PUT', keyed.json as Registered, { client_id });
      const { client_secret, ...members } = back.json as Registered;
      expect(client_secret).toMatch(/^tsk_/);
      expect(members).not.toHaveProperty('jwks');
      const as = asIs(back.json as Registered);
      expect((await alpha.request(as, { scope: 'read' })).status).toBe(200);
    });

    it('§2.2 with a bad address for keys, or an open door, is refused whole', async () => {
      const client = await registration.register(byKey);
      const { client_id } = client;
      for (const wrong of [
        { ...byKey, jwks: undefined, jwks_uri: 'https://169.254.169.254/jwks' },
        { ...byKey, jwks: undefined, jwks_uri: 'http://app.example.com/jwks' },
        { token_endpoint_auth_method: 'none' },
      ])
        expect(await registration.manage('PUT', client, { client_id, ...wrong })).toMatchObject(
          refusal(400, 'invalid_client_metadata'),
        );
      expect((await registration.manage('GET', client)).json).toMatchObject(byKey);
    });

    it('§2.2 of many at once with one token, one is made', async () => {
      const client = await registration.register({});
      const answers = await Promise.all(
        Array.from({ length: 8 }, () =>
          registration.manage('PUT', client, { client_id: client.client_id }),
        ),
      );
      expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
        200,
        ...Array<number>(7).fill(401),
      ]);
    });

    it('§2.2 is told, without the token', async () => {
      const client = await registration.register({});
      const { client_id } = client;
      const answer = await registration.manage('PUT', client, { client_id, client_name: 'Float' });
      const { registration_access_token: token } = answer.json as Registered;
      const path = `/api/realms/alpha/events?subjectId=${client_id}&type=client.updated`;
      const { items } = await world.administration.perform<{ items: unknown[] }>('GET', path);
      expect(items).toMatchObject([
        { actor: { kind: 'client', id: client_id }, details: { name: { to: 'Float' } } },
      ]);
      for (const place of [JSON.stringify(items), world.log(), await world.dumpDatabase()])
        expect(place).not.toContain(token);
    });
  });

  describe('RFC 7592 §2.3 a deletion (280)', () => {
    it('§2.3 ends the client, its tokens and its registration access token', async () => {
      const asker = await alpha.registerClient({ scopes: ['am-introspect-all-tokens'] });
      const client = await registration.register({});
      const token = await alpha.token(asIs(client), { scope: 'read' });
      expect((await alpha.introspect(token, asker)).json).toMatchObject({ active: true });
      const answer = await registration.manage('DELETE', client);
      expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' });
      expect((await alpha.introspect(token, asker)).json).toEqual({ active: false });
      expect((await registration.manage('GET', client)).status).toBe(401);
      expect((await registration.manage('DELETE', client)).status).toBe(401);
      expect(await alpha.request(asIs(client))).toMatchObject(refusal(401, 'invalid_client'));
      const path = `/api/realms/alpha/events?subjectId=${client.client_id}&type=client.deleted`;
      const { items } = await world.administration.perform<{ items: unknown[] }>('GET', path);
      expect(items).toMatchObject([{ actor: { kind: 'client', id: client.client_id } }]);
    });

    it('§2.3 leaves a client alone that people rely on', async () => {
      const client = await registration.register({});
      await world.administration.perform('POST', '/api/realms/alpha/applications', {
        name: 'Relies on it',
        clientId: client.client_id,
        owners: [],
      });
      const answer = await registration.manage('DELETE', client);
      expect(answer).toMatchObject(refusal(403, 'access_denied'));
      expect((await registration.manage('GET', client)).status).toBe(200);
    });
  });
});
