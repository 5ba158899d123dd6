import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { keyedClients, REFUSED } from './keyed-client.ts';
import { FORM_TYPE, refusal } from './realm.ts';
import {
  type Algorithm,
  assertionClaims,
  carrying,
  encode,
  newKey,
  now,
  proofOf,
  signatureOf,
} from './signed.ts';
import { onEachDatabase } from './world.ts';

/* Shows RFC 7521 §4.2, RFC 7523 §2.2, §3, RFC 7515 §4.1.11, RFC 8725 §3.1, RFC 10070 §4. */

onEachDatabase((world) => {
  const { alpha } = world;
  const { keyed, assertionOf, ask, asks } = keyedClients(world);

  /** Good for a while, which goes by during the other tests. */
  const reused = { assertion: '', statuses: [] as number[], since: 0 };
  beforeAll(async () => {
    const key = newKey();
    const client = await keyed(key, alpha, { assertionReuse: 'until_expiry' });
    reused.assertion = assertionOf(client, key, { claims: { exp: now() + 3, jti: undefined } });
    for (const _ of [1, 2]) reused.statuses.push((await ask(reused.assertion)).status);
    reused.since = performance.now();
  });

  describe('RFC 7523 §2.2 a client is believed', () => {
    it.each(['ES256', 'ES384', 'ES512', 'PS256', 'RS256', 'EdDSA', 'Ed25519'] as const)(
      'by an assertion signed with %s, without client_id or with it (D103, D104)',
      async (algorithm) => {
        const key = newKey(algorithm);
        const client = await keyed(key);
        expect(await ask(assertionOf(client, key))).toMatchObject({ status: 200 });
        const { clientId: client_id } = client;
        expect(await ask(assertionOf(client, key), { client_id })).toMatchObject({ status: 200 });
        const other = { client_id: 'somebody-else' };
        expect(await ask(assertionOf(client, key), other)).toMatchObject(
          refusal(400, 'invalid_request'),
        );
      },
    );

    it('at introspection and revocation alike, and each assertion at one of them (D137, D156)', async () => {
      const key = newKey();
      const client = await keyed(key);
      const assertion = assertionOf(client, key);
      const { json } = await ask(assertion);
      const token = (json as { access_token: string }).access_token;
      const at = (endpoint: string, made: string) =>
        alpha.post(endpoint, { token, ...carrying(made) });
      expect(await at('introspect', assertion)).toMatchObject(REFUSED);
      expect(await at('introspect', assertionOf(client, key))).toMatchObject({
        json: { active: true },
      });
      expect(await at('token/revoke', assertion)).toMatchObject(REFUSED);
      expect(await at('token/revoke', assertionOf(client, key))).toMatchObject({ status: 200 });
      expect(await at('introspect', assertionOf(client, key))).toMatchObject({
        json: { active: false },
      });
    });

    it('by a keyed hash with a secret that is recoverable, and by no other (D113, D114, D155)', async () => {
      const client = await alpha.registerClient({ authenticationMethod: 'client_secret_jwt' });
      const maker = (secret: string, algorithm = 'HS256') => {
        const input = `${encode({ alg: algorithm })}.${encode(assertionClaims(client.clientId, alpha.issuer))}`;
        const hash = `sha${algorithm.slice(2)}`;
        return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
      };
      for (const algorithm of ['HS256', 'HS384', 'HS512'])
        expect(await ask(maker(client.secret, algorithm))).toMatchObject({ status: 200 });
      expect(await ask(maker('another'))).toMatchObject(REFUSED);
      expect(await ask(assertionOf(client, newKey('RS256')))).toMatchObject(REFUSED);

      const digested = await alpha.registerClient();
      const input = `${encode({ alg: 'HS256' })}.${encode(assertionClaims(digested.clientId, alpha.issuer))}`;
      const mac = createHmac('sha256', digested.secret).update(input).digest('base64url');
      expect(await ask(`${input}.${mac}`)).toMatchObject(REFUSED);
    });
  });

  describe('RFC 7521 §4.2 the parameters', () => {
    const form = async (more: Readonly<Record<string, string>>) =>
      alpha.post('access_token', { grant_type: 'client_credentials', scope: 'read', ...more });

    it('have a type that is known (D105, D106)', async () => {
      const key = newKey();
      const client_assertion = assertionOf(await keyed(key), key);
      expect(await form({ client_assertion })).toMatchObject(refusal(400, 'invalid_request'));
      for (const client_assertion_type of [
        'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
        'foo',
      ])
        expect((await form({ client_assertion, client_assertion_type })).status).toBe(400);
    });

    it('have an assertion (D107)', async () => {
      const { client_assertion_type } = carrying('');
      for (const client_assertion of [undefined, ''])
        expect(
          (
            await form({
              client_assertion_type,
              ...(client_assertion !== undefined && { client_assertion }),
            })
          ).status,
        ).toBe(400);
    });

    it('have no secret beside it', async () => {
      const key = newKey();
      const client = await keyed(key);
      const answer = await ask(assertionOf(client, key), {
        client_id: client.clientId,
        client_secret: 'secret',
      });
      expect(answer).toMatchObject(refusal(400, 'invalid_request'));
    });
  });

  describe('RFC 7523 §3 what is no assertion', () => {
    it.each([
      ['text', 'abc'],
      ['two parts', 'a.b'],
      ['three parts of nothing', 'a.b.c'],
      ['an encrypted JWT', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aaaa.bbbb.cccc'],
      ['a header that is null', `${encode('null')}.${encode({})}.AAAA`],
      ['a header that is a list', `${encode('[]')}.${encode({})}.AAAA`],
      ['a header that is a text', `${encode('"x"')}.${encode({})}.AAAA`],
      ['a member twice', `${encode('{"alg":"ES256","alg":"none"}')}.${encode({})}.AAAA`],
      ['a payload that is no object', `${encode({ alg: 'ES256' })}.${encode('7')}.AAAA`],
      ['more than 16 KiB', `${encode({ alg: 'ES256', x: 'x'.repeat(16_384) })}.e30.AAAA`],
      ['deeply nested', `${encode(`{"alg":"ES256","x":${'['.repeat(2000)}`)}.e30.AAAA`],
    ])('%s is refused (D108, D109, D154, D157)', async (_, text) => {
      expect((await ask(text)).status).toBe(400);
    });

    it.each(['none', 'None', 'NONE', 'nOnE'])('signed with %s is refused (D110)', async (alg) => {
      const client = await keyed(newKey());
      const input = `${encode({ alg })}.${encode(assertionClaims(client.clientId, alpha.issuer))}`;
      for (const signature of ['', 'AAAA'])
        expect(await ask(`${input}.${signature}`)).toMatchObject(REFUSED);
    });

    it.each([undefined, null, 7, 'HS1', 'ES256K'])('of alg %s is refused (D111)', async (alg) => {
      expect(await asks({ header: { alg } })).toMatchObject(REFUSED);
    });

    it('with an extension that must be understood is refused (D150)', async () => {
      const crit = { crit: ['http://example.invalid/UNDEFINED'] };
      const unknown = { ...crit, 'http://example.invalid/UNDEFINED': true };
      expect(await asks({ header: unknown })).toMatchObject(REFUSED);
      expect(await asks({ header: { b64: false, crit: ['b64'] } })).toMatchObject(REFUSED);
    });

    it.each(['at+jwt', 'dpop+jwt', 'token-introspection+jwt', 'logout+jwt', 'oauth-authz-req+jwt'])(
      'of type %s is refused (D151)',
      async (typ) => {
        expect(await asks({ header: { typ } })).toMatchObject(REFUSED);
      },
    );

    it.each([
      undefined,
      'JWT',
      'jwt',
      'client-authentication+jwt',
      'application/client-authentication+jwt',
    ])('of type %s is accepted (D151)', async (typ) => {
      expect(await asks({ header: { typ } })).toMatchObject({ status: 200 });
    });

    it('an access token of this realm is refused (D152)', async () => {
      const token = await alpha.token(await alpha.registerClient(), { scope: 'read' });
      expect(await ask(token)).toMatchObject(REFUSED);
    });
  });

  describe('RFC 8725 §3.1 the signature', () => {
    it('is no keyed hash over what everybody knows (D112)', async () => {
      const key = newKey('RS256');
      const client = await keyed(key);
      const input = `${encode({ alg: 'HS256', kid: key.kid })}.${encode(assertionClaims(client.clientId, alpha.issuer))}`;
      for (const secret of [
        key.publicKey.export({ format: 'pem', type: 'spki' }),
        String(key.publicKey.export({ format: 'pem', type: 'spki' })).trim(),
        key.publicKey.export({ format: 'der', type: 'spki' }),
        JSON.stringify(key.publicJwk),
      ]) {
        const mac = createHmac('sha256', secret).update(input).digest('base64url');
        expect(await ask(`${input}.${mac}`)).toMatchObject(REFUSED);
      }
    });

    it('has an algorithm of the client, when it registered one (D115)', async () => {
      const members = { assertionAlgorithm: 'PS256' };
      expect(await asks({}, members)).toMatchObject(REFUSED);
      const key = newKey('PS256');
      const client = await keyed(key, alpha, members);
      expect(await ask(assertionOf(client, key))).toMatchObject({ status: 200 });
    });

    it.each([
      ['ES256', 'ES384'],
      ['RS256', 'ES256'],
      ['ES256', 'RS256'],
      ['EdDSA', 'ES256'],
      ['PS256', 'RS256'],
    ] as [Algorithm, Algorithm][])('says %s and is by a key for %s (D117)', async (alg, by) => {
      const key = newKey(by);
      const client = await keyed(key);
      expect(await ask(assertionOf(client, key, { header: { alg } }))).toMatchObject(REFUSED);
    });

    it('is by the key of another client (D118)', async () => {
      const key = newKey();
      const client = await keyed(newKey());
      await keyed(key);
      expect(await ask(assertionOf(client, key))).toMatchObject(REFUSED);
      expect(await ask(assertionOf(client, key, { header: { kid: undefined } }))).toMatchObject(
        REFUSED,
      );
    });

    it('is changed, empty, all zero, in DER or cut short (D119)', async () => {
      const key = newKey();
      const client = await keyed(key);
      const input = assertionOf(client, key).split('.').slice(0, 2).join('.');
      const good = signatureOf(input, key);
      const changed = Buffer.from(good);
      changed[10] = (changed[10] ?? 0) ^ 1;
      const der = Buffer.concat([
        Buffer.from([0x30, 0x44, 0x02, 0x20]),
        good.subarray(0, 32),
        Buffer.from([0x02, 0x20]),
        good.subarray(32),
      ]);
      for (const signature of [
        changed,
        Buffer.alloc(0),
        Buffer.alloc(64),
        der,
        good.subarray(0, 63),
        Buffer.concat([good, Buffer.of(0)]),
      ])
        expect(await ask(`${input}.${signature.toString('base64url')}`)).toMatchObject(REFUSED);
      expect(await ask(`${input}.${good.toString('base64url')}=`)).toMatchObject(REFUSED);
      expect(await ask(`${input}.${good.toString('base64url')}`)).toMatchObject({ status: 200 });
    });

    it('is by a key that the assertion brings itself (D149)', async () => {
      const client = await keyed(newKey());
      const own = newKey();
      for (const header of [
        { jwk: own.publicJwk },
        { jku: 'https://evil.example/keys' },
        { x5u: 'https://evil.example/cert' },
        { x5c: ['AAAA'] },
        { kid: '../../dev/null' },
        { kid: "' OR 1=1--" },
        { kid: 'x'.repeat(1000) },
      ])
        expect(await ask(assertionOf(client, own, { header }))).toMatchObject(REFUSED);
    });
  });

  describe('RFC 10070 §4 the audience', () => {
    it('is the issuer, as a text or as the only one of a list (D120, D121)', async () => {
      expect(await asks()).toMatchObject({ status: 200 });
      expect(await asks({ claims: { aud: [alpha.issuer] } })).toMatchObject({ status: 200 });
    });

    it('is nothing else (D122-D127)', async () => {
      const { issuer } = alpha;
      const root = world.realm('root').issuer;
      for (const aud of [
        [issuer, 'https://other.example'],
        [issuer, issuer],
        `${issuer}/access_token`,
        `${issuer}/introspect`,
        'https://other.example',
        root,
        `${issuer}/`,
        issuer.replace('http', 'HTTP'),
        issuer.replace('127.0.0.1', 'localhost'),
        undefined,
        7,
        {},
        [],
        [7],
        [issuer, 7],
        null,
        '',
      ])
        expect(await asks({ claims: { aud } }), JSON.stringify(aud)).toMatchObject(REFUSED);
    });

    it('is not chosen by the Host header (D127)', async () => {
      const key = newKey();
      const client = await keyed(key);
      const aud = `http://evil.example${alpha.path}`;
      const answer = await alpha.post(
        'access_token',
        {
          grant_type: 'client_credentials',
          ...carrying(assertionOf(client, key, { claims: { aud } })),
        },
        { headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' } },
      );
      expect(answer).toMatchObject(REFUSED);
    });

    it('may be the token endpoint in a realm for clients of PingOne', async () => {
      const realm = await world.createRealm('pingone');
      await realm.changeProvider({ securityProfile: 'pingone' });
      for (const aud of [realm.issuer, `${realm.issuer}/access_token`])
        expect(await asks({ claims: { aud }, realm }), aud).toMatchObject({ status: 200 });
      const aud = `${alpha.issuer}/access_token`;
      expect(await asks({ claims: { aud }, realm })).toMatchObject(REFUSED);
      const exp = now() + 1700;
      expect(await asks({ claims: { exp }, realm })).toMatchObject({ status: 200 });
    });
  });

  it('RFC 10070 §4 an audience that names no realm is the root realm for clients of PingOne', async () => {
    const realm = await world.createRealm('pingone-by-query');
    await realm.changeProvider({ securityProfile: 'pingone' });
    const key = newKey();
    const client = await keyed(key, realm);
    const call = `/am/oauth2/access_token?realm=/${realm.name}`;
    const askFor = (aud: string) =>
      world.send({
        method: 'POST',
        path: call,
        headers: { 'content-type': FORM_TYPE },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          scope: 'read',
          ...carrying(assertionOf(client, key, { realm, claims: { aud } })),
        }).toString(),
      });
    expect(await askFor(`${world.publicUrl}/am/oauth2/access_token`)).toMatchObject(REFUSED);
    expect(await askFor(world.publicUrl + call)).toMatchObject({ status: 200 });
    expect(await askFor(realm.issuer)).toMatchObject({ status: 200 });
  });

  describe('RFC 7523 §3 the claims', () => {
    it.each([
      ['no iss', { iss: undefined }],
      ['another iss', { iss: 'somebody' }],
      ['no sub', { sub: undefined }],
      ['a sub that is a number', { sub: 7 }],
      ['another sub', { sub: 'somebody' }],
      ['no exp', { exp: undefined }],
      ['an exp five minutes ago', { exp: now() - 300 }],
      ['an exp in an hour', { exp: now() + 3600 }],
      ['an exp that is a text', { exp: String(now() + 60) }],
      ['an exp below zero', { exp: -1 }],
      ['an iat that is a text', { iat: String(now()) }],
      ['an nbf that is a text', { nbf: 'now' }],
      ['an iat over a minute ahead', { iat: now() + 90 }],
      ['an nbf over a minute ahead', { nbf: now() + 90 }],
      ['an iat of long ago', { iat: now() - 7200 }],
      ['no jti', { jti: undefined }],
      ['an empty jti', { jti: '' }],
      ['a jti that is a number', { jti: 7 }],
      ['a jti of 257 characters', { jti: 'x'.repeat(257) }],
    ])('%s: refused (D128-D135)', async (_, claims) => {
      expect(await asks({ claims })).toMatchObject(REFUSED);
    });

    it('an exp that JSON writes and no number is: refused (D131)', async () => {
      const key = newKey();
      const client = await keyed(key);
      for (const exp of ['1e400', 'NaN', '-1e308']) {
        const claims = JSON.stringify(assertionClaims(client.clientId, alpha.issuer));
        const input = `${encode({ alg: 'ES256' })}.${encode(claims.replace(/"exp":\d+/, `"exp":${exp}`))}`;
        const signature = signatureOf(input, key).toString('base64url');
        expect(await ask(`${input}.${signature}`), exp).toMatchObject(REFUSED);
      }
    });

    it.each([
      ['an iat and nbf 8 s ahead', { iat: now() + 8, nbf: now() + 8 }],
      ['fractions', { exp: now() + 60.5, iat: now() - 0.5 }],
      ['no iat', { iat: undefined }],
      ['more than is known', { more: { of: ['this'] } }],
    ])('%s: accepted (D131, D132)', async (_, claims) => {
      expect(await asks({ claims })).toMatchObject({ status: 200 });
    });
  });

  describe('RFC 7523 §3 an assertion is used once', () => {
    it('and not again, on this node or after a restart (D136, D139)', async () => {
      const key = newKey();
      const client = await keyed(key);
      const assertion = assertionOf(client, key);
      expect(await ask(assertion)).toMatchObject({ status: 200 });
      expect(await ask(assertion)).toMatchObject(REFUSED);
      await world.restart();
      expect(await ask(assertion)).toMatchObject(REFUSED);
    });

    it('while another client or realm may use the same jti (D136)', async () => {
      const jti = randomUUID();
      const realm = await world.createRealm('same-jti');
      for (const made of [{ claims: { jti } }, { claims: { jti } }, { claims: { jti }, realm }])
        expect(await asks(made)).toMatchObject({ status: 200 });
    });

    it('of fifty at once, one is believed (D138)', async () => {
      const key = newKey();
      const assertion = assertionOf(await keyed(key), key);
      const answers = await Promise.all(Array.from({ length: 50 }, () => ask(assertion)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    });

    it('is used up by a request that fails later, not by one that is not believed (D140)', async () => {
      const key = newKey();
      const client = await keyed(key);
      const assertion = assertionOf(client, key);
      const forged = `${assertion.slice(0, -6)}AAAAAA`;
      expect(await ask(forged)).toMatchObject(REFUSED);
      expect(await ask(assertion, { scope: 'nothing-like-it' })).toMatchObject(
        refusal(400, 'invalid_scope'),
      );
      expect(await ask(assertion)).toMatchObject(REFUSED);
    });

    it('is not used up by a request for a nonce (D140)', async () => {
      const realm = await world.createRealm('nonce-first');
      await realm.changeProvider({ dpopNonces: true });
      const key = newKey();
      const client = await keyed(key, realm);
      const assertion = assertionOf(client, key, { realm });
      const target = `${realm.issuer}/access_token`;
      const withProof = (claims = {}) =>
        realm.post(
          'access_token',
          { grant_type: 'client_credentials', scope: 'read', ...carrying(assertion) },
          { headers: { dpop: proofOf(key, target, claims) } },
        );
      const first = await withProof();
      expect(first).toMatchObject(refusal(400, 'use_dpop_nonce'));
      expect(await withProof({ nonce: first.headers['dpop-nonce'] })).toMatchObject({
        status: 200,
      });
    });

    it('unless the client may show it until it expires (D141)', async () => {
      expect(reused.statuses).toEqual([200, 200]);
      await pause(Math.max(0, reused.since + 14_000 - performance.now()));
      expect(await ask(reused.assertion)).toMatchObject(REFUSED);
    }, 25_000);
  });
});
