import { describe, expect, it } from 'vitest';
import type { ClientCredentials } from './realm.ts';
import { onEachDatabase } from './world.ts';

type Page = {
  readonly items: readonly {
    readonly jti: string;
    readonly scope: readonly string[];
    readonly format: string;
    readonly issuedAt: number;
    readonly expiresAt: number;
    readonly credentialId: string | null;
    readonly obstacle: string | null;
  }[];
  readonly next: string | null;
};

onEachDatabase((world) => {
  const { alpha } = world;
  const ask = ({ clientId }: ClientCredentials, query = '') =>
    world.administration.perform<Page>(
      'GET',
      `/api/realms/alpha/clients/${clientId}/tokens${query}`,
    );
  /** Events of traffic are written a moment later. */
  const listed = async (client: ClientCredentials, count: number): Promise<Page['items']> => {
    await expect.poll(async () => (await ask(client)).items.length).toBe(count);
    return (await ask(client)).items;
  };
  const claimsOf = (jwt: string) =>
    JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as {
      readonly jti: string;
      readonly iat: number;
      readonly exp: number;
    };

  describe('the tokens that a client was given', () => {
    it('are listed with what they say, newest first, and never themselves', async () => {
      const client = await alpha.registerClient({ scopes: ['read', 'write'] });
      const texts = [
        await alpha.token(client, { scope: 'read' }),
        await alpha.token(client, { scope: 'write' }),
      ];
      await alpha.token(await alpha.registerClient({ scopes: ['read'] }), { scope: 'read' });
      const items = await listed(client, 2);
      const said = texts.map(claimsOf);
      for (const { jti, iat, exp } of said)
        expect(items.find((one) => one.jti === jti)).toMatchObject({
          issuedAt: iat,
          expiresAt: exp,
          format: 'jwt',
          obstacle: null,
        });
      expect(items.flatMap(({ scope }) => scope).sort()).toEqual(['read', 'write']);
      expect(items[0]?.credentialId).not.toBeNull();
      for (const text of texts) expect(JSON.stringify(items)).not.toContain(text.split('.')[2]);
    });

    it('that are opaque are, too', async () => {
      const client = await alpha.registerClient({ scopes: ['read'], tokenFormat: 'opaque' });
      const text = await alpha.token(client, { scope: 'read' });
      const [token] = await listed(client, 1);
      expect(token).toMatchObject({ format: 'opaque', obstacle: null });
      await alpha.revoke(text, client);
      expect((await ask(client)).items[0]).toMatchObject({ obstacle: 'revoked' });
    });

    it('come a page at a time', async () => {
      const client = await alpha.registerClient({ scopes: ['read'] });
      for (let count = 0; count < 5; count++) await alpha.token(client, { scope: 'read' });
      const all = await listed(client, 5);
      const found: string[] = [];
      for (let after: string | null = ''; after !== null; ) {
        const page: Page = await ask(client, `?limit=2${after && `&after=${after}`}`);
        expect(page.items.length).toBeLessThanOrEqual(2);
        found.push(...page.items.map(({ jti }) => jti));
        after = page.next;
      }
      expect(found).toEqual(all.map(({ jti }) => jti));
    });

    it('are revoked one by one by their id', async () => {
      const client = await alpha.registerClient({ scopes: ['read'] });
      const kept = claimsOf(await alpha.token(client, { scope: 'read' }));
      const text = await alpha.token(client, { scope: 'read' });
      await listed(client, 2);
      await world.administration.perform('POST', '/api/realms/alpha/tokens/revoke', {
        jti: claimsOf(text).jti,
      });
      const obstacles = Object.fromEntries(
        (await ask(client)).items.map(({ jti, obstacle }) => [jti, obstacle]),
      );
      expect(obstacles).toEqual({ [kept.jti]: null, [claimsOf(text).jti]: 'revoked' });
      expect((await alpha.introspect(text, client)).json).toEqual({ active: false });
    });

    it('are all void at once, and what is issued in the same second is not', async () => {
      const client = await alpha.registerClient({ scopes: ['read'] });
      await alpha.token(client, { scope: 'read' });
      await listed(client, 1);
      const path = `/api/realms/alpha/clients/${client.clientId}`;
      await world.administration.perform('POST', `${path}/revoke-tokens`);
      const { jti, iat } = claimsOf(await alpha.token(client, { scope: 'read' }));
      const items = await listed(client, 2);
      expect(items.find((one) => one.jti === jti)).toMatchObject({ issuedAt: iat, obstacle: null });
      expect(items.filter(({ obstacle }) => obstacle === 'client-tokens-revoked')).toHaveLength(1);
    });

    it('say that their client is inactive, and that they have expired', async () => {
      const client = await alpha.registerClient({ scopes: ['read'], accessTokenLifetime: 1 });
      await alpha.token(client, { scope: 'read' });
      await listed(client, 1);
      await expect
        .poll(async () => (await ask(client)).items[0]?.obstacle, { timeout: 5_000 })
        .toBe('expired');
      const other = await alpha.registerClient({ scopes: ['read'] });
      await alpha.token(other, { scope: 'read' });
      await listed(other, 1);
      await alpha.changeClient(other, { enabled: false });
      expect((await ask(other)).items[0]).toMatchObject({ obstacle: 'client-disabled' });
    });

    it('of a client that there is not are asked for in vain', async () => {
      const answer = await world.administration.call(
        'GET',
        '/api/realms/alpha/clients/nobody/tokens',
      );
      expect(answer.status).toBe(404);
    });
  });
});
