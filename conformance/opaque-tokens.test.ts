import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readToken } from './realm.ts';
import { onEachDatabase } from './world.ts';

onEachDatabase((world) => {
  const { alpha } = world;
  const opaque = (members = {}) => alpha.registerClient({ tokenFormat: 'opaque', ...members });

  describe('RFC 6749 §1.4, §10.10 an opaque token', () => {
    it('says nothing but that it is one: a prefix, random characters, a checksum (G212)', async () => {
      const client = await opaque();
      const token = await alpha.token(client, { scope: 'read' });
      expect(token).toMatch(/^tsa_[A-Za-z0-9_-]{43}[A-Za-z0-9]{6}$/);
      const decoded = Buffer.from(token.slice(4), 'base64url').toString('latin1');
      for (const text of [token, decoded])
        for (const fact of [client.clientId, 'alpha', 'read']) expect(text).not.toContain(fact);
    });

    it('has 256 bits that look random: each position takes many values (A9)', async () => {
      const client = await opaque();
      const tokens = await Promise.all(
        Array.from({ length: 200 }, () => alpha.token(client, { scope: 'read' })),
      );
      expect(new Set(tokens).size).toBe(200);
      // Base64url of 32 bytes: 42 characters of six bits and one of four.
      for (let position = 4; position < 46; position++)
        expect(new Set(tokens.map((token) => token[position])).size).toBeGreaterThan(35);
      const bits = tokens.flatMap((token) => [...Buffer.from(token.slice(4, 47), 'base64url')]);
      const ones = bits.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
      expect(Math.abs(ones / (bits.length * 8) - 0.5)).toBeLessThan(0.02);
    });

    it('is not in the database: only its digest is', async () => {
      const client = await opaque();
      const token = await alpha.token(client, { scope: 'read' });
      const dump = await world.dumpDatabase();
      expect(dump).not.toContain(token);
      expect(dump).not.toContain(token.slice(4, 47));
      // Nor a digest that anybody could compute: it is keyed.
      for (const encoding of ['hex', 'base64', 'base64url'] as const)
        expect(dump).not.toContain(createHash('sha256').update(token).digest(encoding));
    });

    it('is durable before it is handed out: it survives a restart', async () => {
      const client = await opaque();
      const token = await alpha.token(client, { scope: 'read' });
      await world.restart();
      expect((await alpha.introspect(token, client)).json).toMatchObject({ active: true });
    });

    it('answers a token request like a JWT does', async () => {
      const answer = await alpha.request(await opaque(), { scope: 'write' });
      expect(Object.keys(answer.json as object)).toEqual([
        'access_token',
        'scope',
        'token_type',
        'expires_in',
      ]);
      expect(readToken(answer)).toMatchObject({
        scope: 'write',
        token_type: 'Bearer',
        expires_in: 3599,
      });
    });

    it('many clients at once get tokens of their own', async () => {
      const clients = await Promise.all(Array.from({ length: 10 }, () => opaque()));
      await Promise.all(
        clients.flatMap((client) =>
          Array.from({ length: 10 }, async () => {
            const token = await alpha.token(client, { scope: 'read' });
            expect((await alpha.introspect(token, client)).json).toMatchObject({
              active: true,
              client_id: client.clientId,
            });
          }),
        ),
      );
    });

    it('for two APIs is opaque when one of them wants it so', async () => {
      const [one, two] = ['https://one.example/', 'https://two.example/'] as const;
      const scopes = [{ name: 'shared' }];
      const first = await alpha.registerApi({ identifier: one, scopes });
      const second = await alpha.registerApi({ identifier: two, scopes, tokenFormat: 'opaque' });
      const client = await alpha.registerClient();
      await alpha.grant(client, first, ['shared']);
      await alpha.grant(client, second, ['shared']);
      const form = `grant_type=client_credentials&scope=shared&resource=${one}&resource=${two}`;
      const token = readToken(await alpha.post('access_token', form, { as: client })).access_token;
      expect(token).toMatch(/^tsa_/);
      expect((await alpha.introspect(token, client)).json).toMatchObject({ aud: [one, two] });
    });
  });
});
