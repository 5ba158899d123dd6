import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ClientCredentials, readToken, refusal } from './realm.ts';
import { newKey, proofOf, thumbprintOf } from './signed.ts';
import { onEachDatabase } from './world.ts';

/* Shows RFC 8693 §1.1, §2, §2.1, §2.2.1, §2.2.2, §4.1, §5. */

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const TYPE = 'urn:ietf:params:oauth:token-type:';
const ORDERS = 'https://orders.example/';
const STOCK = 'https://stock.example/';
const ARCHIVE = 'https://archive.example/';

onEachDatabase((world) => {
  const { alpha } = world;
  let frontend: ClientCredentials;
  let orders: ClientCredentials;
  let stock: ClientCredentials;

  const both = { grantTypes: ['client_credentials', TOKEN_EXCHANGE], scopes: [] };
  const named = (...names: string[]) => names.map((name) => ({ name }));

  /** An API, and the client by which it asks about tokens and goes on to others. */
  async function registerApi(
    identifier: string,
    scopes: readonly string[],
    members: Readonly<Record<string, unknown>> = {},
  ) {
    const client = await alpha.registerClient(both);
    const id = await alpha.registerApi({
      identifier,
      scopes: named(...scopes),
      introspectionClients: [client.clientId],
      ...members,
    });
    return { client, id };
  }

  beforeAll(async () => {
    await alpha.changeProvider({ grantTypes: both.grantTypes });
    frontend = await alpha.registerClient(both);
    const ordersApi = await registerApi(ORDERS, ['read', 'write']);
    const stockApi = await registerApi(STOCK, ['read', 'count']);
    const archive = await registerApi(ARCHIVE, ['read'], { tokenFormat: 'opaque' });
    orders = ordersApi.client;
    stock = stockApi.client;
    await alpha.grant(frontend, ordersApi.id, ['read', 'write']);
    await alpha.grant(orders, stockApi.id, ['read', 'count']);
    await alpha.grant(stock, archive.id, ['read']);
    await alpha.grant(orders, archive.id, ['read']);
  });

  const subjectToken = () => alpha.token(frontend, { scope: 'read write', resource: ORDERS });

  const exchange = (
    subject: string,
    form: Readonly<Record<string, string>> = {},
    as = orders,
    headers: Readonly<Record<string, string>> = {},
  ) =>
    alpha.post(
      'access_token',
      {
        grant_type: TOKEN_EXCHANGE,
        subject_token: subject,
        subject_token_type: `${TYPE}access_token`,
        audience: STOCK,
        ...form,
      },
      { as, headers },
    );

  describe('RFC 8693 §2.2.1 the answer (M285)', () => {
    it('says what was issued, and has no refresh token', async () => {
      const answer = await exchange(await subjectToken());
      expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
      expect(Object.keys(answer.json as object)).toEqual([
        'access_token',
        'scope',
        'token_type',
        'expires_in',
        'issued_token_type',
      ]);
      expect(answer.json).toMatchObject({
        scope: 'read',
        token_type: 'Bearer',
        issued_token_type: `${TYPE}access_token`,
      });
    });

    it('§2.1 says that it is a JWT where one was asked for, if the API takes such', async () => {
      const jwt = { requested_token_type: `${TYPE}jwt` };
      expect((await exchange(await subjectToken(), jwt)).json).toMatchObject({
        issued_token_type: `${TYPE}jwt`,
      });
      expect(await exchange(await subjectToken(), { ...jwt, audience: ARCHIVE })).toMatchObject(
        refusal(400, 'invalid_request'),
      );
    });

    it('§4.1 the token is about the same subject and names who acts', async () => {
      const subject = await subjectToken();
      const { access_token } = readToken(await exchange(subject));
      expect(decodeJwt(access_token)).toMatchObject({
        iss: alpha.issuer,
        aud: STOCK,
        sub: frontend.clientId,
        client_id: orders.clientId,
        scope: 'read',
        act: { sub: orders.clientId },
      });
      expect(decodeJwt(access_token).exp).toBeLessThanOrEqual(decodeJwt(subject).exp ?? 0);
      expect((await alpha.introspect(access_token, stock)).json).toMatchObject({
        active: true,
        sub: frontend.clientId,
        act: { sub: orders.clientId },
      });
    });
  });

  describe('RFC 8693 §4.1 the chain (M285)', () => {
    it('grows by the party that acts now', async () => {
      const first = readToken(await exchange(await subjectToken())).access_token;
      const second = readToken(await exchange(first, { audience: ARCHIVE }, stock)).access_token;
      expect((await alpha.introspect(second, stock)).json).toMatchObject({
        sub: frontend.clientId,
        client_id: stock.clientId,
        act: { sub: stock.clientId, act: { sub: orders.clientId } },
      });
    });

    it('has five parties at most', async () => {
      const links: { client: ClientCredentials; identifier: string }[] = [];
      let before: ClientCredentials = frontend;
      for (let n = 0; n < 7; n++) {
        const identifier = `https://link-${n}.example/`;
        const { client, id } = await registerApi(identifier, ['read']);
        await alpha.grant(before, id, ['read']);
        links.push({ client, identifier });
        before = client;
      }
      let token = await alpha.token(frontend, {
        scope: 'read',
        resource: links[0]?.identifier ?? '',
      });
      const statuses: number[] = [];
      for (const [n, { client }] of links.slice(0, 6).entries()) {
        const answer = await exchange(token, { audience: links[n + 1]?.identifier ?? '' }, client);
        statuses.push(answer.status);
        if (answer.status === 200) token = readToken(answer).access_token;
      }
      expect(statuses).toEqual([200, 200, 200, 200, 200, 400]);
    });
  });

  describe('RFC 8693 §1.1 delegation and impersonation', () => {
    it('a client leaves itself out only if it was allowed to', async () => {
      await alpha.changeClient(orders, { tokenExchange: 'impersonation' });
      const { access_token } = readToken(await exchange(await subjectToken()));
      expect(decodeJwt(access_token)).toMatchObject({ sub: frontend.clientId });
      expect(decodeJwt(access_token)['act']).toBeUndefined();
      await alpha.changeClient(orders, { tokenExchange: 'delegation' });
    });

    it('§2.1 an actor token is the own one of the caller (M285)', async () => {
      const actor_token_type = `${TYPE}access_token`;
      const own = await alpha.token(orders, { scope: 'count', resource: STOCK });
      const answer = await exchange(await subjectToken(), { actor_token: own, actor_token_type });
      expect(decodeJwt(readToken(answer).access_token)['act']).toEqual({ sub: orders.clientId });
      const other = await alpha.token(stock, { scope: 'read', resource: ARCHIVE });
      expect(
        await exchange(await subjectToken(), { actor_token: other, actor_token_type }),
      ).toMatchObject(refusal(400, 'invalid_request', 'The actor is not authorized to act'));
    });
  });

  describe('RFC 8693 §2 never more (M285)', () => {
    it('a scope that the subject lacks is refused, and one that the client lacks', async () => {
      for (const scope of ['count', 'write', 'read count', 'admin'])
        expect(await exchange(await subjectToken(), { scope })).toMatchObject(
          refusal(400, 'invalid_scope'),
        );
    });

    it('a target that the client may not have is refused', async () => {
      for (const audience of [ORDERS, 'https://unknown.example/'])
        expect(await exchange(await subjectToken(), { audience })).toMatchObject(
          refusal(400, 'invalid_target'),
        );
    });

    it('§2.1 resource and audience may repeat, and name the same', async () => {
      const form = [
        ['grant_type', TOKEN_EXCHANGE],
        ['subject_token', await subjectToken()],
        ['subject_token_type', `${TYPE}access_token`],
        ['audience', STOCK],
        ['audience', STOCK],
        ['resource', ARCHIVE],
        ['resource', STOCK],
        ['scope', 'read'],
      ] as const;
      const answer = await alpha.post('access_token', form, { as: orders });
      const { access_token } = readToken(answer);
      expect((await alpha.introspect(access_token, stock)).json).toMatchObject({
        aud: expect.arrayContaining([STOCK, ARCHIVE]),
      });
    });

    it('a client may narrow a token of its own, which names nobody else', async () => {
      const subject = await subjectToken();
      const form = { audience: ORDERS, scope: 'read' };
      const { access_token } = readToken(await exchange(subject, form, frontend));
      const claims = decodeJwt(access_token);
      expect(claims).toMatchObject({ sub: frontend.clientId, scope: 'read' });
      expect(claims['act']).toBeUndefined();
    });
  });

  describe('RFC 8693 §5 who may exchange what', () => {
    const INVALID = refusal(400, 'invalid_request', 'The subject_token is invalid or unacceptable');

    it('not a client that the token was not made for', async () => {
      expect(await exchange(await subjectToken(), { audience: ARCHIVE }, stock)).toMatchObject(
        INVALID,
      );
    });

    it('§2.2.2 not what is unknown, revoked, or of another realm, in the same words (M285)', async () => {
      const revoked = await subjectToken();
      await alpha.revoke(revoked, frontend);
      const bravo = world.realm('root');
      const stranger = await bravo.registerClient();
      for (const text of ['nonsense', revoked, await bravo.token(stranger, { scope: 'read' })])
        expect(await exchange(text)).toMatchObject(INVALID);
    });

    it('only who authenticates and has the grant type (M285)', async () => {
      const without = await alpha.registerClient({ grantTypes: ['client_credentials'] });
      expect(await exchange(await subjectToken(), {}, without)).toMatchObject(
        refusal(400, 'unauthorized_client'),
      );
      const wrong = { ...orders, secret: 'wrong' };
      expect(await exchange(await subjectToken(), {}, wrong)).toMatchObject(
        refusal(401, 'invalid_client'),
      );
    });

    it('RFC 9449 §5 a bound token by its own client only with the key', async () => {
      const key = newKey();
      const target = `${alpha.issuer}/access_token`;
      const bound = await alpha.post(
        'access_token',
        { grant_type: 'client_credentials', scope: 'read', resource: ORDERS },
        { as: frontend, headers: { dpop: proofOf(key, target) } },
      );
      const subject = readToken(bound).access_token;
      const narrow = (headers = {}) => exchange(subject, { audience: ORDERS }, frontend, headers);
      expect(await narrow()).toMatchObject(refusal(400, 'invalid_request'));
      expect(await narrow({ dpop: proofOf(newKey(), target) })).toMatchObject(
        refusal(400, 'invalid_request'),
      );
      const again = readToken(await narrow({ dpop: proofOf(key, target) }));
      expect(decodeJwt(again.access_token)['cnf']).toEqual({ jkt: thumbprintOf(key) });
      // The API that it was sent to was shown the key, and goes on with one of its own or none.
      expect((await exchange(subject)).json).toMatchObject({ token_type: 'Bearer' });
    });

    it('what disables a party ends the tokens by which it is served', async () => {
      const { access_token } = readToken(await exchange(await subjectToken()));
      await alpha.changeClient(frontend, { enabled: false });
      expect((await alpha.introspect(access_token, stock)).json).toEqual({ active: false });
      await alpha.changeClient(frontend, { enabled: true });
      expect((await alpha.introspect(access_token, stock)).json).toMatchObject({ active: true });
    });
  });

  describe('RFC 8693 §2.1 the request (M285)', () => {
    it.each<[string, Readonly<Record<string, string>>]>([
      ['no subject token', { subject_token: '' }],
      ['no type of it', { subject_token_type: '' }],
      ['an unknown type of it', { subject_token_type: `${TYPE}saml2` }],
      ['an actor token without its type', { actor_token: 'x' }],
      ['the type of an actor token without it', { actor_token_type: `${TYPE}access_token` }],
      ['a type that is not issued', { requested_token_type: `${TYPE}refresh_token` }],
    ])('%s', async (_, form) => {
      expect(await exchange(await subjectToken(), form)).toMatchObject(
        refusal(400, 'invalid_request'),
      );
    });

    it('an assertion of nobody that the realm trusts', async () => {
      expect(
        await exchange(await subjectToken(), { subject_token_type: `${TYPE}jwt` }),
      ).toMatchObject(refusal(400, 'invalid_request'));
    });
  });
});
