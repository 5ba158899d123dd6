import { describe, expect, it } from 'vitest';
import { basic, FORM_TYPE } from './realm.ts';
import { onEachDatabase } from './world.ts';

const FILE = {
  format: 'tessera-realm/1',
  realm: { name: 'shop', displayName: 'Shop' },
  provider: { accessTokenLifetime: 600 },
  apis: [
    {
      id: 'orders',
      identifier: 'https://orders.example.com',
      scopes: [{ name: 'orders:read' }, { name: 'orders:write' }],
      introspectionClients: ['deploy'],
    },
  ],
  users: [{ userName: 'avery' }],
  clients: [
    {
      clientId: 'deploy',
      secrets: [{ label: 'ci' }],
      grants: [{ api: 'orders', scopes: ['orders:read'] }],
    },
  ],
  applications: [{ name: 'Deploy', clientId: 'deploy', owners: ['avery'] }],
} as const;

const BUSY = 'urn:tessera:problem:realm_file_busy';

type Applied = {
  readonly changes: readonly { readonly action: string; readonly kind: string }[];
  readonly secrets: readonly { readonly clientId: string; readonly secret: string }[];
};

onEachDatabase((world) => {
  const importFile = (name: string, file: unknown = FILE) =>
    world.administration.perform<Applied>('POST', '/api/import', { file, name });
  const apply = (realm: string, body: unknown) =>
    world.administration.call('POST', `/api/realms/${realm}/apply`, body);
  const exportOf = (realm: string) =>
    world.administration.perform('GET', `/api/realms/${realm}/export`);
  const requestToken = (realm: string, clientId: string, secret: string) =>
    world.send({
      method: 'POST',
      path: `/am/oauth2/realms/root/realms/${realm}/access_token`,
      headers: { authorization: basic({ clientId, secret }), 'content-type': FORM_TYPE },
      body: 'grant_type=client_credentials&scope=orders:read',
    });

  describe('a realm file', () => {
    it('makes a realm that issues tokens, and is exported as it was', async () => {
      const { secrets } = await importFile('shop');
      const [made] = secrets;
      const issued = await requestToken('shop', 'deploy', made?.secret ?? '');
      expect(issued.json).toMatchObject({ scope: 'orders:read', expires_in: 599 });
      const exported = await exportOf('shop');
      await importFile('shop-again', exported);
      expect(await exportOf('shop-again')).toEqual({
        ...exported,
        realm: { name: 'shop-again', displayName: 'shop-again' },
      });
    });

    it('takes away a grant, and what it gave is refused from then on', async () => {
      const { secrets } = await importFile('pruned');
      const secret = secrets[0]?.secret ?? '';
      expect((await requestToken('pruned', 'deploy', secret)).status).toBe(200);
      const file = { ...FILE, clients: [{ ...FILE.clients[0], grants: [] }] };
      const { json } = await apply('pruned', { file, prune: true });
      expect((json as Applied).changes).toMatchObject([{ action: 'delete', kind: 'client-grant' }]);
      expect((await requestToken('pruned', 'deploy', secret)).json).toMatchObject({
        error: 'invalid_scope',
      });
    });

    it('is applied whole or not at all', async () => {
      await importFile('whole');
      const before = await exportOf('whole');
      const file = {
        ...before,
        provider: { accessTokenLifetime: 60 },
        users: [{ userName: 'new' }],
        applications: [],
        clients: [
          { clientId: 'new' },
          { clientId: 'worse', grants: [{ api: 'orders', scopes: ['nothing'] }] },
        ],
      };
      const refused = await apply('whole', { file, prune: true });
      expect(refused).toMatchObject({
        status: 409,
        json: { errors: [{ pointer: '/file/clients/1/grants/0/scopes/0' }] },
      });
      expect(await exportOf('whole')).toEqual(before);
    });

    it('of two that are applied at once, neither is lost unnoticed', async () => {
      await importFile('raced');
      const describeAs = (description: string) =>
        apply('raced', { file: { ...FILE, clients: [{ ...FILE.clients[0], description }] } });
      const answers = await Promise.all(['one', 'two', 'three', 'four'].map(describeAs));
      for (const { status, json } of answers)
        if (status !== 200) expect(json).toMatchObject({ type: BUSY });
      expect(answers.some(({ status }) => status === 200)).toBe(true);
    });

    it('is read from nobody before it is known who sends it', async () => {
      const body = JSON.stringify({ file: { ...FILE, padding: 'x'.repeat(1_000_000) } });
      const answer = await fetch(`${world.publicUrl}/api/realms/alpha/apply`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect(answer.status).toBe(401);
      expect(
        (await world.administration.call('POST', '/api/realms/alpha/apply', body)).status,
      ).toBe(400);
    });
  });
});
