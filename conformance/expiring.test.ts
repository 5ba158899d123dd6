import { beforeAll, describe, expect, it } from 'vitest';
import { issueAuthority, issueLeaf } from '../packages/server/test/certificates.ts';
import type { RealmClient } from './realm.ts';
import { onEachDatabase } from './world.ts';

/* What ends when. Shows RFC 5280 §4.1.2.5. */

const DAY = 86_400;

type Ending = {
  readonly kind: string;
  readonly name: string;
  readonly clientId: string | null;
  readonly application: { readonly name: string } | null;
  readonly endsAt: number;
  readonly overdue: boolean;
  readonly cause: string;
};
type Page = { readonly items: readonly Ending[]; readonly next: string | null };
type Months = {
  readonly overdue: number;
  readonly months: readonly { readonly since: number; readonly count: number }[];
};

const inDays = (days: number) => new Date(Date.now() + days * DAY * 1_000);

onEachDatabase((world) => {
  let realm: RealmClient;
  const path = (rest: string) => `/api/realms/${realm.name}${rest}`;
  const list = (query = '') => world.administration.perform<Page>('GET', path(`/expiring${query}`));

  beforeAll(async () => {
    realm = await world.createRealm('expiring');
    const { administration } = world;
    await administration.perform('POST', path('/applications'), {
      name: 'Billing',
      client: { clientId: 'billing', secret: { expiresIn: 20 * DAY, label: 'blue' } },
    });
    await administration.perform('POST', path('/clients'), {
      clientId: 'endless',
      secret: {},
    });
    const authority = issueAuthority('Ending', { notAfter: inDays(60) });
    await administration.perform('POST', path('/trusted-authorities'), {
      name: 'Devices',
      certificate: authority.pem,
    });
    // The certificate ends before what is set for it.
    await administration.perform('POST', path('/clients/billing/certificates'), {
      certificate: issueLeaf(authority, { notAfter: inDays(10) }).pem,
      expiresIn: 30 * DAY,
    });
  });

  it('is one list of everything, soonest first', async () => {
    const { items, next } = await list();
    expect(next).toBeNull();
    expect(items.map(({ kind, clientId, cause }) => [kind, clientId, cause])).toEqual([
      ['certificate', 'billing', 'certificate'],
      ['secret', 'billing', 'expiry'],
      ['trusted_authority', null, 'certificate'],
      ['signing_key', null, 'rotation'],
    ]);
    expect(items[1]).toMatchObject({
      name: 'blue',
      application: { name: 'Billing' },
      overdue: false,
    });
  });

  it('comes in pages, each thing once, and for a span of time', async () => {
    const seen: Ending[] = [];
    let after = '';
    do {
      const page = await list(`?limit=1${after && `&after=${after}`}`);
      expect(page.items).toHaveLength(1);
      seen.push(...page.items);
      after = page.next ?? '';
    } while (after !== '');
    expect(seen).toEqual((await list()).items);
    const until = Math.floor(inDays(15).getTime() / 1_000);
    expect((await list(`?until=${until}`)).items.map(({ kind }) => kind)).toEqual(['certificate']);
    expect((await list(`?since=${until}`)).items).toHaveLength(3);
    expect((await list('?after=bm9uc2Vuc2U')).items).toHaveLength(4);
  });

  it('is counted by month', async () => {
    const { overdue, months } = await world.administration.perform<Months>(
      'GET',
      path('/expiring/months'),
    );
    expect(overdue).toBe(0);
    expect(months).toHaveLength(12);
    expect(months.reduce((sum, { count }) => sum + count, 0)).toBe(4);
  });

  it('shows authorities, keys and applications to those alone who may see them', async () => {
    const root = world.realm('root');
    const robot = await root.registerClient();
    await root.grant(robot, 'tessera-admin', ['credentials:read']);
    const token = await root.token(robot, { scope: 'credentials:read' });
    const answer = await world.administration.call('GET', path('/expiring'), undefined, {
      cookie: '',
      authorization: `Bearer ${token}`,
    });
    const { items } = answer.json as Page;
    expect(items.map(({ kind, application }) => [kind, application])).toEqual([
      ['certificate', null],
      ['secret', null],
    ]);
  });

  describe('where the realm forces rotation', () => {
    beforeAll(() =>
      world.administration.change(path('/provider'), {
        secretLifetimeMax: 5 * DAY,
        secretRotationForced: true,
      }),
    );

    it('secrets without an end have one, and others a nearer one', async () => {
      const { items } = await list(`?until=${Math.floor(inDays(6).getTime() / 1_000)}`);
      expect(items.map(({ clientId, cause }) => `${clientId}: ${cause}`).sort()).toEqual([
        'billing: policy',
        'endless: policy',
      ]);
    });
  });
});
