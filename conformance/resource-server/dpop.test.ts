import { createHash, createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ClientKey, encode, newKey, now, proofOf, thumbprintOf } from '../signed.ts';
import { converse } from '../wire.ts';
import { INVALID_TOKEN, onEachFramework, refused } from './api.ts';
import { PREFIX } from './frameworks.ts';

/* Shows RFC 9449 §4.2, §4.3, §7.1, §7.2, §9, §11.1. */

type Members = Readonly<Record<string, unknown>>;

const INVALID_PROOF = refused(401, 'invalid_dpop_proof');

/** The address of the API as callers know it: neither host nor port is where the tests reach it. */
const HTU = `https://orders.example.com${PREFIX}/dpop`;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

const jwkOf = ({ publicKey }: ClientKey): Members => ({ ...publicKey.export({ format: 'jwk' }) });

onEachFramework(
  (api) => {
    let key: ClientKey;
    let token: string;

    beforeEach(() => {
      key = newKey();
      token = api.issuer.token({ cnf: { jkt: thumbprintOf(key) } });
    });

    const prove = (claims: Members = {}, header: Members = {}, signer = key): string =>
      proofOf(signer, HTU, { htm: 'GET', ath: hashOf(token), ...claims }, header);

    const present = (
      proof: string | readonly string[] | null = prove(),
      { scheme = 'DPoP', path = '/dpop', method = 'GET', name = 'DPoP', shown = token } = {},
    ) =>
      api.call({
        path,
        method,
        headers: {
          authorization: `${scheme} ${shown}`,
          ...(proof !== null && { [name]: proof as string | string[] }),
        },
      });

    describe('RFC 9449 §7.1 a token with a proof', () => {
      it.each(['DPoP', 'dpop', 'DPOP', 'dPoP'])(
        'by the scheme %s is let in (O296)',
        async (scheme) => {
          expect(await present(prove(), { scheme })).toMatchObject({ status: 200 });
        },
      );

      it('whatever the case of the header is', async () => {
        expect(await present(prove(), { name: 'DPOP' })).toMatchObject({ status: 200 });
        expect(await present(prove(), { name: 'dpop' })).toMatchObject({ status: 200 });
      });

      it.each(['ES256', 'ES384', 'PS256', 'RS256', 'EdDSA'] as const)(
        'by %s',
        async (algorithm) => {
          key = newKey(algorithm);
          token = api.issuer.token({ cnf: { jkt: thumbprintOf(key) } });
          expect(await present()).toMatchObject({ status: 200 });
        },
      );

      it('for the method that is used: HEAD and POST too', async () => {
        for (const htm of ['HEAD', 'POST', 'DELETE']) {
          expect(await present(prove({ htm }), { method: htm })).toMatchObject({ status: 200 });
          expect((await present(prove({ htm: 'GET' }), { method: htm })).status).toBe(401);
        }
      });

      it('for the address as it is published, whatever Host says', async () => {
        for (const htu of [
          `${HTU}?x=1`,
          `${HTU}#x`,
          `HTTPS://Orders.Example.COM${PREFIX}/dpop`,
          `https://orders.example.com:443${PREFIX}/dpop`,
        ])
          expect(await present(prove({ htu }))).toMatchObject({ status: 200 });
        const query = await present(prove(), { path: '/dpop?x=1' });
        expect(query).toMatchObject({ status: 200 });
      });

      it('with claims and parameters that nobody knows, and with nbf and exp', async () => {
        const proof = prove({ nbf: now(), exp: now() + 5, extra: true }, { extra: 1 });
        expect(await present(proof)).toMatchObject({ status: 200 });
      });

      it('a little old and a little early', async () => {
        expect(await present(prove({ iat: now() - 10 }))).toMatchObject({ status: 200 });
        expect(await present(prove({ iat: now() + 8 }))).toMatchObject({ status: 200 });
      });
    });

    describe('RFC 9449 §4.3 is refused with a proof', () => {
      it('that is missing, doubled or joined (O296)', async () => {
        const missing = await present(null);
        expect(missing).toMatchObject({ status: 401 });
        expect(missing.headers['www-authenticate']).toMatch(/DPoP .*algs="[^"]*ES256/);
        expect((await present([prove(), prove()])).status).toBe(401);
        expect((await present(`${prove()}, ${prove()}`)).status).toBe(401);
        const lines = [prove(), 'x'].map((proof) => `DPoP: ${proof}\r\n`).join('');
        const { text } = await converse(
          api.port,
          [
            `GET ${PREFIX}/dpop HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: DPoP ${token}\r\n${lines}\r\n`,
          ],
          { until: /\r\n\r\n/ },
        );
        expect(text).toMatch(/^HTTP\/1\.1 401 /);
      });

      it.each(['', 'x', 'a.b.c', 'e30.e30.', '..', `${'a'.repeat(9_000)}.b.c`, '{}'])(
        'that is no JWT: %.20s (O296)',
        async (proof) => {
          expect((await present(proof)).status).toBe(401);
        },
      );

      it.each(['typ', 'alg', 'jwk'])('without %s (O296)', async (member) => {
        expect(await present(prove({}, { [member]: undefined }))).toMatchObject(INVALID_PROOF);
      });

      it.each(['jti', 'htm', 'htu', 'iat', 'ath'])('that does not say %s (O296)', async (claim) => {
        expect(await present(prove({ [claim]: undefined }))).toMatchObject(INVALID_PROOF);
      });

      it.each(['JWT', 'at+jwt', 'dpop', 'application/dpop', 1])(
        'of type %s (O296)',
        async (typ) => {
          expect(await present(prove({}, { typ }))).toMatchObject(INVALID_PROOF);
        },
      );

      it('that is not signed, or with a secret (O296)', async () => {
        const [, payload = ''] = prove().split('.');
        const header = (alg: string) => encode({ typ: 'dpop+jwt', alg, jwk: jwkOf(key) });
        for (const alg of ['none', 'HS256']) {
          const input = `${header(alg)}.${payload}`;
          const mac = createHmac('sha256', JSON.stringify(jwkOf(key)))
            .update(input)
            .digest('base64url');
          for (const signature of ['', mac])
            expect((await present(`${input}.${signature}`)).status).toBe(401);
        }
      });

      it('that somebody else signed, or that has a private key in it (O296)', async () => {
        const other = newKey();
        expect((await present(prove({}, { jwk: jwkOf(key) }, other))).status).toBe(401);
        const jwk = key.privateKey.export({ format: 'jwk' });
        expect((await present(prove({}, { jwk }))).status).toBe(401);
      });

      it('of another key than the token is bound to (O296)', async () => {
        expect(await present(prove({}, {}, newKey()))).toMatchObject({ status: 401 });
        expect(api.refusals.at(-1)).toBe('proof_key_wrong');
      });

      it.each([
        `http://orders.example.com${PREFIX}/dpop`,
        `https://orders.example.com${PREFIX}/dpop/`,
        `https://orders.example.com${PREFIX}/token`,
        'https://orders.example.com/dpop',
        `https://evil.example${PREFIX}/dpop`,
        `https://orders.example.com:8443${PREFIX}/dpop`,
        `https://orders.example.com@evil.example${PREFIX}/dpop`,
        `${PREFIX}/dpop`,
        '',
      ])('for the address %s (O296)', async (htu) => {
        expect(await present(prove({ htu }))).toMatchObject(INVALID_PROOF);
      });

      it('for the host that the caller says it called (O296)', async () => {
        const headers = {
          authorization: `DPoP ${token}`,
          dpop: prove({ htu: `https://evil.example${PREFIX}/dpop` }),
          host: 'evil.example',
          'x-forwarded-host': 'evil.example',
          'x-forwarded-proto': 'https',
          forwarded: 'host=evil.example;proto=https',
        };
        expect(await api.call({ path: '/dpop', headers })).toMatchObject(INVALID_PROOF);
        const { text } = await converse(
          api.port,
          [
            `GET https://evil.example${PREFIX}/dpop HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nAuthorization: DPoP ${token}\r\nDPoP: ${headers.dpop}\r\n\r\n`,
          ],
          { until: /\r\n\r\n/ },
        );
        expect(text).not.toMatch(/^HTTP\/1\.1 200 /);
      });

      it('that is an hour old or an hour early (O296)', async () => {
        for (const iat of [now() - 3_600, now() + 3_600, '0', null])
          expect(await present(prove({ iat }))).toMatchObject(INVALID_PROOF);
      });

      it('for another token (O296)', async () => {
        const other = api.issuer.token({ cnf: { jkt: thumbprintOf(key) } });
        expect(await present(prove({ ath: hashOf(other) }))).toMatchObject(INVALID_PROOF);
        expect(await present(prove(), { shown: other })).toMatchObject(INVALID_PROOF);
      });

      it('RFC 9449 §11.1 that was shown before; of many at once one is let in (O296)', async () => {
        const proof = prove();
        const answers = await Promise.all(Array.from({ length: 20 }, () => present(proof)));
        const statuses = answers.map(({ status }) => status);
        expect(statuses.filter((status) => status === 200)).toHaveLength(1);
        expect(await present(proof)).toMatchObject(INVALID_PROOF);
        expect(await present()).toMatchObject({ status: 200 });
      });
    });

    describe('RFC 9449 §7.2 the scheme is that of the token', () => {
      it('a bound token is no bearer token, with a proof or without (O296)', async () => {
        expect(await present(prove(), { scheme: 'Bearer' })).toMatchObject({ status: 401 });
        expect(await present(null, { scheme: 'Bearer', path: '/token' })).toMatchObject({
          status: 401,
        });
        expect(api.refusals.at(-1)).toBe('bound_token_as_bearer');
      });

      it('and a bearer token is no DPoP token (O296)', async () => {
        const bearer = api.issuer.token();
        const proof = proofOf(key, HTU, { htm: 'GET', ath: hashOf(bearer) });
        expect(await present(proof, { shown: bearer, path: '/token' })).toMatchObject(
          INVALID_TOKEN,
        );
        expect(api.refusals.at(-1)).toBe('token_not_bound');
      });

      it('a path that asks for a bound token takes no bearer token', async () => {
        for (const path of ['/bound', '/dpop', '/certificate'])
          expect((await api.present(api.issuer.token(), path)).status).toBe(401);
      });
    });

    describe('RFC 7800 §3 a token whose confirmation is not understood', () => {
      it.each<unknown>([
        { jwk: { kty: 'EC' } },
        { 'x5t#S256': 'A'.repeat(43) },
        { kid: 'x' },
        { jku: 'https://x.example' },
        { jkt: 'A'.repeat(42) },
        { jkt: 'A'.repeat(44) },
        { jkt: `${'A'.repeat(43)}=` },
        { jkt: 1 },
        { jkt: null },
        { jkt: ['A'.repeat(43)] },
        { unknown: true },
        {},
        null,
        'x',
        [],
      ])('%j is refused by either scheme, never taken as a bearer token (O297)', async (cnf) => {
        const shown = api.issuer.token({ cnf });
        expect(await api.present(shown)).toMatchObject({ status: 401 });
        const proof = proofOf(key, HTU, { htm: 'GET', ath: hashOf(shown) });
        expect((await present(proof, { shown, path: '/token' })).status).toBe(401);
      });
    });
  },
  () => ({ allowHttp: true }),
);

/** Milliseconds. */
const clock = { ahead: 0 };

onEachFramework(
  (api) => {
    it('RFC 9449 §9 a proof needs the nonce that a refusal brings, and a 200 the next (O296)', async () => {
      const key = newKey();
      const token = api.issuer.token({ cnf: { jkt: thumbprintOf(key) } });
      const call = (nonce?: string) =>
        api.call({
          path: '/dpop',
          headers: {
            authorization: `DPoP ${token}`,
            dpop: proofOf(key, HTU, {
              htm: 'GET',
              ath: hashOf(token),
              iat: now() + clock.ahead / 1_000,
              ...(nonce !== undefined && { nonce }),
            }),
          },
        });
      const first = await call();
      expect(first).toMatchObject(refused(401, 'use_dpop_nonce'));
      const nonce = String(first.headers['dpop-nonce']);
      expect(nonce).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
      expect(first.headers['www-authenticate']).toContain('error="use_dpop_nonce"');
      expect(await call('made-up')).toMatchObject(refused(401, 'use_dpop_nonce'));
      expect(await call(nonce)).toMatchObject({ status: 200 });

      clock.ahead += 120_000;
      const later = await call(nonce);
      expect(later).toMatchObject({ status: 200 });
      expect(later.headers['dpop-nonce']).not.toBe(nonce);
      expect(await call(String(later.headers['dpop-nonce']))).toMatchObject({ status: 200 });
      clock.ahead = 0;
    });
  },
  () => ({ allowHttp: true, dpop: { nonces: true }, clock: () => Date.now() + clock.ahead }),
);
