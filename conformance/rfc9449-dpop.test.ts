import { createHash, createHmac, randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  type Ask,
  CLIENT_CREDENTIALS,
  type ClientCredentials,
  type RealmClient,
  refusal,
} from './realm.ts';
import { type ClientKey, newKey, now, proofOf, signJws, thumbprintOf } from './signed.ts';
import { onEachDatabase } from './world.ts';

/* Shows RFC 9449 §4.3, §5, §6, §7.1, §8, §8.2, §11.1, RFC 9110 §5.3. */

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

onEachDatabase((world) => {
  const { alpha } = world;
  const targetOf = (realm: RealmClient = alpha) => `${realm.issuer}/access_token`;

  async function ask(
    as: ClientCredentials,
    proof: string | readonly string[] | undefined,
    realm: RealmClient = alpha,
    rest: Ask & { readonly scope?: string } = {},
  ) {
    const { scope = 'read', headers, ...ask } = rest;
    const dpop = proof === undefined ? {} : { dpop: proof as string | string[] };
    return realm.post(
      'access_token',
      { ...CLIENT_CREDENTIALS, scope },
      { as, ...ask, headers: { ...dpop, ...headers } },
    );
  }

  const bound = async (as: ClientCredentials, key: ClientKey, realm: RealmClient = alpha) => {
    const answer = await ask(as, proofOf(key, targetOf(realm)), realm);
    expect(answer).toMatchObject({ status: 200, json: { token_type: 'DPoP' } });
    return (answer.json as { access_token: string }).access_token;
  };

  const INVALID = refusal(400, 'invalid_dpop_proof');

  describe('RFC 9449 §5 a proof binds the token', () => {
    it.each(['ES256', 'ES384', 'PS256', 'RS256', 'EdDSA', 'Ed25519'] as const)(
      'to its %s key: answer, claim and introspection say so (E158)',
      async (algorithm) => {
        const client = await alpha.registerClient();
        const key = newKey(algorithm);
        const token = await bound(client, key);
        expect(decodeJwt(token)['cnf']).toEqual({ jkt: thumbprintOf(key) });
        expect((await alpha.introspect(token, client)).json).toMatchObject({
          active: true,
          token_type: 'DPoP',
          cnf: { jkt: thumbprintOf(key) },
        });
      },
    );

    it('also when the token is opaque (E158)', async () => {
      const client = await alpha.registerClient({ tokenFormat: 'opaque' });
      const key = newKey();
      const token = await bound(client, key);
      expect((await alpha.introspect(token, client)).json).toMatchObject({
        token_type: 'DPoP',
        cnf: { jkt: thumbprintOf(key) },
      });
    });

    it('and without one the token is a bearer token (E159)', async () => {
      const client = await alpha.registerClient();
      const { json } = await alpha.request(client, { scope: 'read' });
      expect(json).toMatchObject({ token_type: 'Bearer' });
      expect(decodeJwt((json as { access_token: string }).access_token)).not.toHaveProperty('cnf');
    });

    it('that a client, an API or the realm may require (E160, E161)', async () => {
      const client = await alpha.registerClient({ tokenBinding: 'dpop' });
      expect(await ask(client, undefined)).toMatchObject(INVALID);
      await bound(client, newKey());

      const api = await alpha.registerApi({
        identifier: 'https://bound.example.com',
        scopes: [{ name: 'bound' }],
        tokenBinding: 'either',
      });
      const other = await alpha.registerClient();
      await alpha.grant(other, api, ['bound']);
      const scope = { scope: 'bound' };
      expect(await ask(other, undefined, alpha, scope)).toMatchObject(
        refusal(400, 'invalid_request'),
      );
      expect(await ask(other, undefined)).toMatchObject({ status: 200 });
      expect(await ask(other, proofOf(newKey(), targetOf()), alpha, scope)).toMatchObject({
        json: { token_type: 'DPoP' },
      });

      const realm = await world.createRealm('all-bound');
      await realm.changeProvider({ tokenBinding: 'dpop' });
      expect(await ask(await realm.registerClient(), undefined, realm)).toMatchObject(INVALID);
    });
  });

  describe('RFC 9449 §4.3 a proof is refused', () => {
    it('when there are two, or two joined to one (E162)', async () => {
      const client = await alpha.registerClient();
      const key = newKey();
      const two = [proofOf(key, targetOf()), proofOf(key, targetOf())];
      expect(await ask(client, two)).toMatchObject(INVALID);
      expect(await ask(client, two.join(', '))).toMatchObject(INVALID);
    });

    it.each(['', 'abc', 'a.b.c', 'eyJ.eyJ.x', 'null', `${'a'.repeat(9000)}.b.c`])(
      'that is no JWT: %s (E163)',
      async (text) => {
        expect(await ask(await alpha.registerClient(), text)).toMatchObject(INVALID);
      },
    );

    it.each(['typ', 'alg', 'jwk'])('whose header has no %s (E164)', async (member) => {
      const proof = proofOf(newKey(), targetOf(), {}, { [member]: undefined });
      expect(await ask(await alpha.registerClient(), proof)).toMatchObject(INVALID);
    });

    it.each(['jti', 'htm', 'htu', 'iat'])('that has no %s (E164)', async (claim) => {
      const proof = proofOf(newKey(), targetOf(), { [claim]: undefined });
      expect(await ask(await alpha.registerClient(), proof)).toMatchObject(INVALID);
    });

    it.each(['JWT', 'dpop', 'at+jwt', 'client-authentication+jwt', 7])(
      'of type %s (E165, E186)',
      async (typ) => {
        const proof = proofOf(newKey(), targetOf(), {}, { typ });
        expect(await ask(await alpha.registerClient(), proof)).toMatchObject(INVALID);
      },
    );

    it('of no algorithm, a symmetric one, or one that the key is not for (E166)', async () => {
      const client = await alpha.registerClient();
      const key = newKey();
      const payload = { jti: randomUUID(), htm: 'POST', htu: targetOf(), iat: now() };
      const unsigned = (header: object) =>
        [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
      const { kid: _, ...jwk } = key.publicJwk;
      const none = `${unsigned({ typ: 'dpop+jwt', alg: 'none', jwk }).join('.')}.`;
      const input = unsigned({
        typ: 'dpop+jwt',
        alg: 'HS256',
        jwk: { kty: 'oct', k: Buffer.from('secret').toString('base64url') },
      }).join('.');
      const mac = createHmac('sha256', 'secret').update(input).digest('base64url');
      for (const proof of [
        none,
        `${input}.${mac}`,
        proofOf(key, targetOf(), {}, { alg: 'ES384' }),
        proofOf(key, targetOf(), {}, { alg: 'RS256' }),
        proofOf(key, targetOf(), {}, { alg: 'ES256K' }),
      ])
        expect(await ask(client, proof)).toMatchObject(INVALID);
    });

    it('that shows a private key (E167)', async () => {
      const client = await alpha.registerClient();
      for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as const) {
        const key = newKey(algorithm);
        const jwk = key.privateKey.export({ format: 'jwk' });
        expect(await ask(client, proofOf(key, targetOf(), {}, { jwk }))).toMatchObject(INVALID);
      }
    });

    it('that another key signed, or that was changed since (E168)', async () => {
      const client = await alpha.registerClient();
      const key = newKey();
      const { kid: _, ...jwk } = newKey().publicJwk;
      expect(await ask(client, proofOf(key, targetOf(), {}, { jwk }))).toMatchObject(INVALID);
      const [header, , signature] = proofOf(key, targetOf()).split('.');
      const [, payload] = proofOf(key, targetOf()).split('.');
      expect(await ask(client, `${header}.${payload}.${signature}`)).toMatchObject(INVALID);
      const zero = Buffer.alloc(64).toString('base64url');
      expect(await ask(client, `${header}.${payload}.${zero}`)).toMatchObject(INVALID);
    });

    it.each(['GET', 'post', 'PUT', 7])('for the method %s (E169)', async (htm) => {
      const proof = proofOf(newKey(), targetOf(), { htm });
      expect(await ask(await alpha.registerClient(), proof)).toMatchObject(INVALID);
    });

    it('for another address, or none (E170, E172)', async () => {
      const client = await alpha.registerClient();
      const { publicUrl } = world;
      for (const htu of [
        `${alpha.issuer}/introspect`,
        `${world.realm('root').issuer}/access_token`,
        targetOf().replace('http:', 'https:'),
        targetOf().replace('127.0.0.1', 'localhost'),
        targetOf().replace(/:\d+/, ''),
        alpha.path,
        publicUrl,
        'not a url',
        '',
        7,
        { href: targetOf() },
      ])
        expect(await ask(client, proofOf(newKey(), targetOf(), { htu }))).toMatchObject(INVALID);
    });

    it('for what the Host header says (E173)', async () => {
      const client = await alpha.registerClient();
      const htu = 'http://evil.example/am/oauth2/realms/root/realms/alpha/access_token';
      const rest = { headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' } };
      expect(await ask(client, proofOf(newKey(), htu), alpha, rest)).toMatchObject(INVALID);
      expect(await ask(client, proofOf(newKey(), targetOf()), alpha, rest)).toMatchObject({
        status: 200,
      });
    });

    it.each([-3600, -75, 75, 3600])('that is %d s away from now (E174)', async (by) => {
      const proof = proofOf(newKey(), targetOf(), { iat: now() + by });
      expect(await ask(await alpha.registerClient(), proof)).toMatchObject(INVALID);
    });

    it.each(['1700000000', null, true, -1, { now: 1 }])('whose iat is %j (E175)', async (iat) => {
      const proof = proofOf(newKey(), targetOf(), { iat });
      expect(await ask(await alpha.registerClient(), proof)).toMatchObject(INVALID);
    });

    it.each(['', 'x'.repeat(257), 7, null])('whose jti is %j (E178)', async (jti) => {
      const proof = proofOf(newKey(), targetOf(), { jti });
      expect(await ask(await alpha.registerClient(), proof)).toMatchObject(INVALID);
    });
  });

  describe('RFC 9449 §4.3 a proof is accepted', () => {
    it.each(['DPOP+JWT', 'application/dpop+jwt'])('of type %s (E165)', async (typ) => {
      const proof = proofOf(newKey(), targetOf(), {}, { typ });
      expect(await ask(await alpha.registerClient(), proof)).toMatchObject({ status: 200 });
    });

    it('for the address in another spelling (E170, E171)', async () => {
      const client = await alpha.registerClient();
      for (const htu of [
        `${targetOf()}?query=1`,
        `${targetOf()}#fragment`,
        targetOf().replace('http', 'HTTP'),
        targetOf().replace('access_token', 'access%5Ftoken'),
        targetOf().replace('/alpha/', '/x/../alpha/./'),
      ])
        expect((await ask(client, proofOf(newKey(), targetOf(), { htu }))).status, htu).toBe(200);
    });

    it.each([-10, -1.5, 0, 8, 10])('that is %d s away from now (E174, E175)', async (by) => {
      const proof = proofOf(newKey(), targetOf(), { iat: now() + by });
      expect(await ask(await alpha.registerClient(), proof)).toMatchObject({ status: 200 });
    });

    it('with claims and header members that are not known here (E176)', async () => {
      const claims = { nbf: now(), exp: now() + 300, more: [1] };
      const proof = proofOf(newKey(), targetOf(), claims, { more: 'x' });
      expect(await ask(await alpha.registerClient(), proof)).toMatchObject({ status: 200 });
    });

    it('with a nonce that nobody asked for (E183)', async () => {
      const proof = proofOf(newKey(), targetOf(), { nonce: 'unasked' });
      const answer = await ask(await alpha.registerClient(), proof);
      expect(answer).toMatchObject({ status: 200 });
      expect(answer.headers).not.toHaveProperty('dpop-nonce');
    });
  });

  describe('RFC 9449 §11.1 a proof is used once', () => {
    it('at one address, also over a restart (E177)', async () => {
      const client = await alpha.registerClient();
      const proof = proofOf(newKey(), targetOf());
      expect(await ask(client, proof)).toMatchObject({ status: 200 });
      expect(await ask(client, proof)).toMatchObject(INVALID);
      expect(await ask(await alpha.registerClient(), proof)).toMatchObject(INVALID);
      await world.restart();
      expect(await ask(client, proof)).toMatchObject(INVALID);
    });

    it('and leaves nothing behind where who brings it has proved nothing else', async () => {
      const { clientId } = await alpha.registerPublicClient();
      const form = { ...CLIENT_CREDENTIALS, client_id: clientId };
      const headers = { dpop: proofOf(newKey(), targetOf()) };
      for (const _ of [1, 2])
        expect(await alpha.post('access_token', form, { headers })).toMatchObject(
          refusal(400, 'unauthorized_client'),
        );
    });

    it('while its jti is another one for another key (E177)', async () => {
      const client = await alpha.registerClient();
      const jti = randomUUID();
      for (const _ of [1, 2])
        expect(await ask(client, proofOf(newKey(), targetOf(), { jti }))).toMatchObject({
          status: 200,
        });
    });

    it('of fifty requests at once with one proof, one gets a token (E177)', async () => {
      const client = await alpha.registerClient();
      const proof = proofOf(newKey(), targetOf());
      const answers = await Promise.all(Array.from({ length: 50 }, () => ask(client, proof)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    });

    it('and is not used up by a client that is not believed', async () => {
      const client = await alpha.registerClient();
      const proof = proofOf(newKey(), targetOf());
      const wrong = { ...client, secret: 'wrong' };
      expect(await ask(wrong, proof)).toMatchObject(refusal(401, 'invalid_client'));
      expect(await ask(client, proof)).toMatchObject({ status: 200 });
    });
  });

  describe('RFC 9449 §8 a realm that wants nonces', () => {
    const NONCE = /^[\x21\x23-\x5b\x5d-\x7e]{16,}$/;
    const nonces = async (name: string) => {
      const realm = await world.createRealm(name);
      await realm.changeProvider({ dpopNonces: true });
      return { realm, client: await realm.registerClient() };
    };

    it('asks for one, gives it, and takes it (E179, E182)', async () => {
      const { realm, client } = await nonces('nonces');
      const key = newKey();
      const asked = await ask(client, proofOf(key, targetOf(realm)), realm);
      expect(asked).toMatchObject(refusal(400, 'use_dpop_nonce'));
      expect(asked.headers['cache-control']).toBe('no-store');
      const nonce = asked.headers['dpop-nonce'];
      expect(nonce).toMatch(NONCE);
      const answer = await ask(client, proofOf(key, targetOf(realm), { nonce }), realm);
      expect(answer).toMatchObject({ status: 200, json: { token_type: 'DPoP' } });
      expect(answer.headers['dpop-nonce']).toMatch(NONCE);
      // Never again without one. E181
      expect(await ask(client, proofOf(key, targetOf(realm)), realm)).toMatchObject(
        refusal(400, 'use_dpop_nonce'),
      );
    });

    it('takes none that it did not give (E180)', async () => {
      const { realm, client } = await nonces('more-nonces');
      const other = await nonces('other-nonces');
      const { headers } = await ask(
        other.client,
        proofOf(newKey(), targetOf(other.realm)),
        other.realm,
      );
      for (const nonce of [headers['dpop-nonce'], 'made-up', randomUUID(), 'ä']) {
        const answer = await ask(client, proofOf(newKey(), targetOf(realm), { nonce }), realm);
        expect(answer).toMatchObject(refusal(400, 'use_dpop_nonce'));
        expect(answer.headers['dpop-nonce']).toMatch(NONCE);
      }
    });

    it('tells nobody about nonces who is not the client (E184)', async () => {
      const { realm, client } = await nonces('closed-nonces');
      const wrong = { ...client, secret: 'wrong' };
      const proof = proofOf(newKey(), targetOf(realm));
      expect(await ask(wrong, proof, realm)).toMatchObject(refusal(401, 'invalid_client'));
    });

    it('§8.2 takes the same nonce from any client, more than once', async () => {
      const { realm, client } = await nonces('shared-nonces');
      const { headers } = await ask(client, proofOf(newKey(), targetOf(realm)), realm);
      const nonce = headers['dpop-nonce'];
      for (const as of [client, await realm.registerClient()])
        expect(await ask(as, proofOf(newKey(), targetOf(realm), { nonce }), realm)).toMatchObject({
          status: 200,
        });
    });
  });

  describe('RFC 9449 §7.1 a bound token', () => {
    const show = (token: string, scheme: string, proof?: string) =>
      alpha.read('tokeninfo', {
        authorization: `${scheme} ${token}`,
        ...(proof !== undefined && { dpop: proof }),
      });
    const info = () => `${alpha.issuer}/tokeninfo`;
    const proofFor = (token: string, key: ClientKey, claims = {}) =>
      proofOf(key, info(), { htm: 'GET', ath: hashOf(token), ...claims });

    it('opens what it is for, with a proof by its key and for itself', async () => {
      const client = await alpha.registerClient();
      const key = newKey();
      const token = await bound(client, key);
      for (const scheme of ['DPoP', 'dpop', 'dPoP'])
        expect(await show(token, scheme, proofFor(token, key))).toMatchObject({
          status: 200,
          json: { token_type: 'DPoP', client_id: client.clientId },
        });
    });

    it('is refused as a bearer token, and with every other proof', async () => {
      const client = await alpha.registerClient();
      const key = newKey();
      const token = await bound(client, key);
      const other = await bound(client, key);
      const used = proofFor(token, key);
      await show(token, 'DPoP', used);
      const attempts: [string, string, string?][] = [
        ['as a bearer token', 'Bearer'],
        ['as a bearer token with a proof', 'Bearer', proofFor(token, key)],
        ['without a proof', 'DPoP'],
        ['by another key', 'DPoP', proofFor(token, newKey())],
        ['for another token', 'DPoP', proofFor(other, key)],
        ['without a hash', 'DPoP', proofFor(token, key, { ath: undefined })],
        ['for another method', 'DPoP', proofFor(token, key, { htm: 'POST' })],
        ['for another address', 'DPoP', proofFor(token, key, { htu: targetOf() })],
        ['a second time', 'DPoP', used],
      ];
      for (const [how, scheme, proof] of attempts) {
        const answer = await show(token, scheme, proof);
        expect(answer, how).toMatchObject(refusal(401, 'invalid_token'));
        expect(answer.headers['www-authenticate'], how).toMatch(
          /^DPoP realm="\/alpha", error="invalid_token", algs="[\w ]+"$/,
        );
      }
    });

    it('opens the administration API with a proof alone', async () => {
      const root = world.realm('root');
      const client = await root.registerClient({ tokenBinding: 'dpop' });
      await root.grant(client, 'tessera-admin', ['realms:read']);
      const key = newKey();
      const answer = await ask(client, proofOf(key, targetOf(root)), root, {
        scope: 'realms:read',
      });
      const token = (answer.json as { access_token: string }).access_token;
      const call = (scheme: string, proof?: string) =>
        world.administration.call('GET', '/api/realms', undefined, {
          cookie: '',
          authorization: `${scheme} ${token}`,
          ...(proof !== undefined && { dpop: proof }),
        });
      const target = `${world.publicUrl}/api/realms`;
      const claims = { htm: 'GET', ath: hashOf(token) };
      expect((await call('DPoP', proofOf(key, target, claims))).status).toBe(200);
      expect((await call('Bearer')).status).toBe(401);
      expect((await call('DPoP')).status).toBe(401);
      expect((await call('DPoP', proofOf(newKey(), target, claims))).status).toBe(401);
    });
  });

  describe('RFC 9449 §5 metadata', () => {
    it('names the algorithms that proofs may have (E187)', async () => {
      const { json } = await alpha.read('.well-known/oauth-authorization-server');
      const { dpop_signing_alg_values_supported: algorithms } = json as {
        dpop_signing_alg_values_supported: readonly string[];
      };
      expect(algorithms).toEqual(expect.arrayContaining(['ES256', 'PS256', 'EdDSA', 'Ed25519']));
      expect(algorithms).not.toContain('none');
      expect(algorithms.filter((one) => one.startsWith('HS'))).toEqual([]);
    });
  });

  it('§4.3 an access token is no proof, and a proof no access token (E186)', async () => {
    const client = await alpha.registerClient();
    const key = newKey();
    const token = await bound(client, key);
    expect(await ask(client, token)).toMatchObject(INVALID);
    const proof = signJws(
      { typ: 'at+jwt', alg: 'ES256', kid: key.kid },
      { iss: alpha.issuer, sub: client.clientId },
      key,
    );
    expect((await alpha.introspect(proof, client)).json).toEqual({ active: false });
  });
});
