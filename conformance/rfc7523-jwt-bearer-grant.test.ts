import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ClientCredentials, type RealmClient, readToken, refusal } from './realm.ts';
import {
  assertionClaims,
  type ClientKey,
  newKey,
  now,
  proofOf,
  signJws,
  thumbprintOf,
} from './signed.ts';
import { onEachDatabase, type World } from './world.ts';

/* Shows RFC 7521 §4.1, §4.1.1, RFC 7523 §2.1, §3, §3.1. */

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** A client with a key and the grant type, and a secret only if it says so. */
async function serviceAccount(
  world: World,
  realm: RealmClient,
  key: ClientKey,
  members: Readonly<Record<string, unknown>> = {},
): Promise<ClientCredentials> {
  const client = await realm.registerClient({
    authenticationMethod: 'private_key_jwt',
    grantTypes: [JWT_BEARER],
    ...members,
  });
  await world.administration.perform(
    'POST',
    `/api/realms/${realm.name}/clients/${client.clientId}/keys`,
    { jwk: key.publicJwk },
  );
  return client;
}

onEachDatabase((world) => {
  const { alpha } = world;
  const key = newKey();
  const INVALID_GRANT = refusal(
    400,
    'invalid_grant',
    'The provided access grant is invalid, expired, or revoked.',
  );
  let account: ClientCredentials;

  beforeAll(async () => {
    await alpha.changeProvider({ grantTypes: ['client_credentials', JWT_BEARER] });
    account = await serviceAccount(world, alpha, key);
  });

  type Claims = Readonly<Record<string, unknown>>;

  const assertionOf = (claims: Claims = {}, header: Claims = {}, by = key): string =>
    signJws(
      { alg: by.algorithm, kid: by.kid, ...header },
      { ...assertionClaims(account.clientId, alpha.issuer), ...claims },
      by,
    );

  const ask = (
    assertion: string | undefined,
    form: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) =>
    alpha.post(
      'access_token',
      {
        grant_type: JWT_BEARER,
        scope: 'read',
        ...(assertion !== undefined && { assertion }),
        ...form,
      },
      { headers },
    );

  describe('RFC 7523 §2.1 a service account', () => {
    it.each(['ES256', 'PS256', 'RS256', 'EdDSA'] as const)(
      'gets a token by an assertion alone: %s (M283)',
      async (algorithm) => {
        const own = newKey(algorithm);
        const { clientId } = await serviceAccount(world, alpha, own);
        const claims = assertionClaims(clientId, alpha.issuer);
        const answer = await ask(signJws({ alg: algorithm }, claims, own));
        expect(Object.keys(answer.json as object)).toEqual([
          'access_token',
          'scope',
          'token_type',
          'expires_in',
        ]);
        expect(decodeJwt(readToken(answer).access_token)).toMatchObject({
          iss: alpha.issuer,
          sub: clientId,
          client_id: clientId,
          scope: 'read',
        });
      },
    );

    it('may name itself, and nobody else', async () => {
      expect((await ask(assertionOf(), { client_id: account.clientId })).status).toBe(200);
      for (const client_id of ['somebody', 'service-account'])
        expect(await ask(assertionOf(), { client_id })).toMatchObject(
          refusal(400, 'invalid_request'),
        );
    });

    it('is introspected and revoked like any other', async () => {
      const guard = await alpha.registerClient({ scopes: ['am-introspect-all-tokens'] });
      const { access_token } = readToken(await ask(assertionOf()));
      expect((await alpha.introspect(access_token, guard)).json).toMatchObject({
        active: true,
        sub: account.clientId,
      });
    });

    it('a proof binds its token', async () => {
      const held = newKey();
      const dpop = proofOf(held, `${alpha.issuer}/access_token`);
      const answer = await ask(assertionOf(), {}, { dpop });
      expect(answer.json).toMatchObject({ token_type: 'DPoP' });
      expect(decodeJwt(readToken(answer).access_token)['cnf']).toEqual({ jkt: thumbprintOf(held) });
    });

    it('§3 the token endpoint is an audience, too', async () => {
      const aud = `${alpha.issuer}/access_token`;
      expect((await ask(assertionOf({ aud }))).status).toBe(200);
    });

    it('scopes are those of the client (M283)', async () => {
      expect(await ask(assertionOf(), { scope: 'admin' })).toMatchObject(
        refusal(400, 'invalid_scope', 'Unknown/invalid scope(s): [admin]'),
      );
    });
  });

  describe('RFC 7523 §3.1 an assertion that is no good is invalid_grant (M283)', () => {
    it.each<[string, () => string]>([
      ['an unknown issuer', () => assertionOf({ iss: 'nobody', sub: 'nobody' })],
      ['another key', () => assertionOf({}, {}, newKey())],
      ['a signature that was cut', () => assertionOf().slice(0, -4)],
      ['expired', () => assertionOf({ exp: now() - 300 })],
      ['another audience', () => assertionOf({ aud: `${alpha.issuer}/introspect` })],
      ['two audiences', () => assertionOf({ aud: [alpha.issuer, 'https://other.example'] })],
      ['no subject', () => assertionOf({ sub: undefined })],
      ['no jti', () => assertionOf({ jti: undefined })],
      ['alg none', () => assertionOf({}, { alg: 'none' })],
      [
        'the type of a client assertion',
        () => assertionOf({}, { typ: 'client-authentication+jwt' }),
      ],
      ['the type of an access token', () => assertionOf({}, { typ: 'at+jwt' })],
      ['no JWT', () => 'nonsense'],
    ])('%s', async (_, make) => {
      expect(await ask(make())).toMatchObject(INVALID_GRANT);
    });

    it('an access token of ours is none', async () => {
      expect(await ask(readToken(await ask(assertionOf())).access_token)).toMatchObject(
        INVALID_GRANT,
      );
    });

    it('one that was used before, however close, and after a restart', async () => {
      const assertion = assertionOf();
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask(assertion)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      await world.restart();
      expect(await ask(assertion)).toMatchObject(INVALID_GRANT);
    });

    it('the log says why', async () => {
      await ask(assertionOf({ exp: now() - 300 }));
      expect(world.log()).toContain('"because":"assertion_expired"');
    });
  });

  describe('RFC 7521 §4.1 the request (M283)', () => {
    it('has an assertion, once', async () => {
      expect(await ask(undefined)).toMatchObject(
        refusal(400, 'invalid_request', 'Missing parameter: assertion'),
      );
      const twice = `grant_type=${encodeURIComponent(JWT_BEARER)}&assertion=a&assertion=b`;
      expect(await alpha.post('access_token', twice)).toMatchObject(
        refusal(400, 'invalid_request'),
      );
    });

    it('client credentials that are presented have to be right', async () => {
      const wrong = { client_id: account.clientId, client_secret: 'wrong' };
      expect(await ask(assertionOf(), wrong)).toMatchObject(refusal(400, 'invalid_client'));
    });

    it('what somebody says of another is for clients that authenticate', async () => {
      const foreign = assertionOf({ iss: 'https://idp.example', sub: randomUUID() });
      expect(await ask(foreign)).toMatchObject(refusal(401, 'invalid_client'));
      const client = await alpha.registerClient({ grantTypes: [JWT_BEARER] });
      const credentials = { client_id: client.clientId, client_secret: client.secret };
      expect(await ask(foreign, credentials)).toMatchObject(INVALID_GRANT);
    });

    it('realm and client have the grant type', async () => {
      const other = newKey();
      const { clientId } = await serviceAccount(world, alpha, other, {
        grantTypes: ['client_credentials'],
      });
      const assertion = signJws({ alg: 'ES256' }, assertionClaims(clientId, alpha.issuer), other);
      expect(await ask(assertion)).toMatchObject(refusal(400, 'unauthorized_client'));

      const without = await world.createRealm('without-assertions');
      const form = { grant_type: JWT_BEARER, assertion };
      expect(await without.post('access_token', form)).toMatchObject(
        refusal(400, 'unsupported_grant_type'),
      );
      const document = '.well-known/oauth-authorization-server';
      expect((await without.read(document)).json).toMatchObject({
        grant_types_supported: ['client_credentials'],
      });
      expect((await alpha.read(document)).json).toMatchObject({
        grant_types_supported: ['client_credentials', JWT_BEARER],
      });
    });
  });
});
