import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClientCredentials } from './realm.ts';
import { onEachDatabase } from './world.ts';

/* Who holds what at an API, and what its tokens would say of whom. */

type Page<T> = { readonly items: readonly T[]; readonly next: string | null };
type Held = {
  readonly clientId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly revision: number | null;
};

onEachDatabase((world) => {
  const { alpha } = world;
  const list = (query = '') =>
    world.administration.perform<Page<Held>>(
      'GET',
      `/api/realms/alpha/apis/ledger/clients${query}`,
    );
  let reader: ClientCredentials;
  let other: ClientCredentials;

  beforeAll(async () => {
    await alpha.registerApi({
      id: 'ledger',
      name: 'Ledger',
      identifier: 'https://ledger.example.com',
      scopes: [{ name: 'ledger:read' }, { name: 'ledger:write' }],
      claims: [
        { name: 'team', template: '{{client.attributes.team}}' },
        { name: 'tier', value: 'gold' },
      ],
    });
    reader = await alpha.registerClient({
      clientId: 'ledger-reader',
      name: 'Reader of Ledgers',
      attributes: { team: 'payments' },
    });
    other = await alpha.registerClient({ clientId: 'ledger-other', name: 'Somebody' });
    await alpha.grant(reader, 'ledger', ['ledger:read']);
  });

  describe('the clients of an API', () => {
    it('are all of the realm, with what each holds there', async () => {
      const { items } = await list('?search=ledger');
      expect(items).toMatchObject([
        { clientId: other.clientId, scopes: [], revision: null },
        {
          clientId: reader.clientId,
          name: 'Reader of Ledgers',
          enabled: true,
          scopes: ['ledger:read'],
          authorizationDetailTypes: [],
          revision: 1,
        },
      ]);
    });

    it('are only those that hold something, when that is asked for', async () => {
      const { items } = await list('?granted=true');
      expect(items.map(({ clientId }) => clientId)).toEqual([reader.clientId]);
    });

    it('are found by name and id, a page at a time', async () => {
      const found: string[] = [];
      let after: string | null = null;
      do {
        const more: string = after === null ? '' : `&after=${after}`;
        const page: Page<Held> = await list(`?search=LEDGER&limit=1${more}`);
        found.push(...page.items.map(({ clientId }) => clientId));
        after = page.next;
      } while (after !== null);
      expect(found).toEqual([other.clientId, reader.clientId]);
    });

    it('are counted in the list of APIs', async () => {
      const { items } = await world.administration.perform<
        Page<{ readonly id: string; readonly clients: number }>
      >('GET', '/api/realms/alpha/apis');
      expect(items.find(({ id }) => id === 'ledger')?.clients).toBe(1);
    });

    it('are none of an API that is not there', async () => {
      const answer = await world.administration.call(
        'GET',
        '/api/realms/alpha/apis/nowhere/clients',
      );
      expect(answer.status).toBe(404);
    });
  });

  describe('a preview of claims', () => {
    const preview = (client: ClientCredentials, body: object) =>
      world.administration.call(
        'POST',
        `/api/realms/alpha/clients/${client.clientId}/claims-preview`,
        body,
      );

    it('says what a token says', async () => {
      const { json } = await preview(reader, { apiId: 'ledger' });
      expect(json).toEqual({
        items: [
          { name: 'team', value: 'payments', from: 'api' },
          { name: 'tier', value: 'gold', from: 'api' },
        ],
        fits: true,
        hook: false,
      });
      const token = await alpha.token(reader, { scope: 'ledger:read' });
      expect(decodeJwt(token)).toMatchObject({ team: 'payments', tier: 'gold' });
    });

    it('tells what is left out for a client without the attribute', async () => {
      const { json } = await preview(other, { apiId: 'ledger' });
      expect(json).toMatchObject({ items: [{ name: 'team', from: 'api' }, { name: 'tier' }] });
      expect((json as { items: readonly object[] }).items[0]).not.toHaveProperty('value');
    });

    it('takes claims that nobody has saved, and saves none', async () => {
      const claims = [{ name: 'who', template: '{{client.name}} at {{api.name}}' }];
      const { json } = await preview(reader, { apiId: 'ledger', claims });
      expect(json).toMatchObject({
        items: [{ name: 'who', value: 'Reader of Ledgers at Ledger', from: 'api' }],
      });
      const { claims: kept } = await world.administration.perform<{ claims: readonly object[] }>(
        'GET',
        '/api/realms/alpha/apis/ledger',
      );
      expect(kept).toHaveLength(2);
    });

    it('RFC 7519 §4.1 refuses a claim that only the server writes, and says which it was', async () => {
      const claims = [
        { name: 'tier', value: 1 },
        { name: 'aud', value: 'https://elsewhere.example' },
      ];
      expect(await preview(reader, { apiId: 'ledger', claims })).toMatchObject({
        status: 400,
        json: { errors: [{ pointer: '/claims/1/name' }] },
      });
    });

    it('is of the claims of the realm where there is no API', async () => {
      const claims = [{ name: 'tenant', template: '{{realm.name}}' }];
      expect((await preview(reader, { claims })).json).toMatchObject({
        items: [{ name: 'tenant', value: 'alpha', from: 'provider' }],
      });
    });
  });
});
