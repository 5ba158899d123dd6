import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_CREDENTIALS, type ClientCredentials, readToken, refusal } from './realm.ts';
import { onEachDatabase } from './world.ts';

const BANK = 'https://bank.example.com';
const SHOP = 'https://shop.example.com';

const schemaOf = (type: string, properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties: { type: { const: type }, locations: true, ...properties },
  required: ['type', ...required],
  additionalProperties: false,
});

const PAYMENT = { type: 'payment', amount: { currency: 'EUR', value: '12.50' } };
const ORDER = { type: 'order', item: 'a book' };

onEachDatabase((world) => {
  const { alpha } = world;
  let bank: ClientCredentials;
  let shop: ClientCredentials;

  beforeAll(async () => {
    bank = await alpha.registerClient();
    shop = await alpha.registerClient();
    const amount = {
      type: 'object',
      properties: { currency: { enum: ['EUR'] }, value: { type: 'string', maxLength: 20 } },
      required: ['currency', 'value'],
      additionalProperties: false,
    };
    await alpha.registerApi({
      id: 'bank',
      identifier: BANK,
      scopes: [{ name: 'balance' }],
      introspectionClients: [bank.clientId],
      authorizationDetailTypes: [
        { type: 'payment', schema: schemaOf('payment', { amount, note: true }, ['amount']) },
        { type: 'closing', schema: schemaOf('closing', {}) },
      ],
    });
    await alpha.registerApi({
      id: 'shop',
      identifier: SHOP,
      scopes: [{ name: 'browse' }],
      introspectionClients: [shop.clientId],
      authorizationDetailTypes: [{ type: 'order', schema: schemaOf('order', { item: true }) }],
    });
  });

  const arrange = async (members: object = {}): Promise<ClientCredentials> => {
    const client = await alpha.registerClient({ defaultScopes: ['read'], ...members });
    await alpha.grant(client, 'bank', ['balance'], ['payment']);
    await alpha.grant(client, 'shop', ['browse'], ['order']);
    return client;
  };

  const ask = (
    as: ClientCredentials,
    details: unknown,
    more: Readonly<Record<string, string>> = {},
    resource: readonly string[] = [],
  ) =>
    alpha.post(
      'access_token',
      [
        ...Object.entries({
          ...CLIENT_CREDENTIALS,
          authorization_details: typeof details === 'string' ? details : JSON.stringify(details),
          ...more,
        }),
        ...resource.map((one) => ['resource', one] as const),
      ],
      { as },
    );

  describe('RFC 9396 §7 details that are granted', () => {
    it.each(['jwt', 'opaque'])(
      'are told in the answer and in introspection (H223), %s',
      async (format) => {
        const client = await arrange({ tokenFormat: format });
        const answer = await ask(client, [PAYMENT]);
        const { access_token, scope } = readToken(answer);
        expect(answer.json).toMatchObject({ authorization_details: [PAYMENT] });
        expect(scope, '§3.1 default scopes are not added to details').toBeUndefined();
        const { json } = await alpha.introspect(access_token, bank);
        expect(json).toMatchObject({ active: true, aud: BANK, authorization_details: [PAYMENT] });
      },
    );

    it('RFC 9396 §9.1 are a claim of a JWT, beside the scope (H223, §3.1)', async () => {
      const answer = await ask(await arrange(), [PAYMENT], { scope: 'balance' });
      expect(decodeJwt(readToken(answer).access_token)).toMatchObject({
        aud: BANK,
        scope: 'balance',
        authorization_details: [PAYMENT],
      });
    });

    it('RFC 9396 §9.2 each API learns of its own, the client of all', async () => {
      const client = await arrange();
      const token = readToken(await ask(client, [PAYMENT, ORDER], {}, [BANK, SHOP])).access_token;
      const detailsFor = async (as: ClientCredentials) =>
        (await alpha.introspect(token, as)).json as Record<string, unknown>;
      expect(await detailsFor(bank)).toMatchObject({ authorization_details: [PAYMENT] });
      expect(await detailsFor(shop)).toMatchObject({ authorization_details: [ORDER] });
      expect(await detailsFor(client)).toMatchObject({ authorization_details: [PAYMENT, ORDER] });
    });

    it('RFC 9396 §10 their types are in the metadata', async () => {
      const { json } = await alpha.read('.well-known/oauth-authorization-server');
      expect(json).toMatchObject({
        authorization_details_types_supported: ['closing', 'order', 'payment'],
      });
    });
  });

  describe('RFC 9396 §5 details that are refused', () => {
    it.each([
      ['no JSON (H221)', '[{'],
      ['no array (H221)', PAYMENT],
      ['without a type (H221)', [{ amount: PAYMENT.amount }]],
      ['of an unknown type (H221)', [{ type: 'unknown' }]],
      ['of a type that the client was not granted', [{ type: 'closing' }]],
      ['with an unknown field (H221)', [{ ...PAYMENT, extra: true }]],
      ['without a field that is required', [{ type: 'payment' }]],
      ['with a field of another type', [{ ...PAYMENT, amount: '12.50 EUR' }]],
      [
        'with a value that is none of the choices',
        [{ ...PAYMENT, amount: { currency: 'X', value: '1' } }],
      ],
      ['good but for one', [PAYMENT, { type: 'unknown' }]],
      ['for another place', [{ ...PAYMENT, locations: [SHOP] }]],
      [
        'of 1000 levels (H224)',
        `[{"type":"payment","note":${'['.repeat(1000)}${']'.repeat(1000)}}]`,
      ],
    ])('are %s', async (_, details) => {
      const client = await arrange();
      expect(await ask(client, details)).toMatchObject(
        refusal(400, 'invalid_authorization_details'),
      );
    });

    it('of a client that was granted none, and so of an API without types (H222)', async () => {
      const client = await alpha.registerClient({ defaultScopes: ['read'] });
      expect(await ask(client, [PAYMENT])).toMatchObject(
        refusal(400, 'invalid_authorization_details'),
      );
    });

    it('with another resource, or of two APIs without one', async () => {
      const client = await arrange();
      expect(await ask(client, [PAYMENT], {}, [SHOP])).toMatchObject(
        refusal(400, 'invalid_authorization_details'),
      );
      expect(await ask(client, [PAYMENT, ORDER])).toMatchObject(refusal(400, 'invalid_target'));
      expect(await ask(client, [PAYMENT], { scope: 'browse' })).toMatchObject(
        refusal(400, 'invalid_target'),
      );
    });

    it('that do not fit into a JWT', async () => {
      const client = await arrange();
      expect(await ask(client, [{ ...PAYMENT, note: 'x'.repeat(8_000) }])).toMatchObject(
        refusal(400, 'invalid_authorization_details'),
      );
    });

    it('RFC 9396 §6 of a megabyte, at once (H224)', async () => {
      const client = await arrange();
      const started = performance.now();
      const { status } = await ask(client, [{ ...PAYMENT, note: 'x'.repeat(1_000_000) }]);
      expect(status).toBe(413);
      expect(performance.now() - started).toBeLessThan(2_000);
    });
  });
});
