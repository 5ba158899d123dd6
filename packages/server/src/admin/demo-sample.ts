import { REALM_FILE_FORMAT, type RealmFile, realmFile } from '../contract/realm-file.ts';
import type { Environment } from '../environment.ts';
import { applyAtStart } from './realm-files/apply-at-start.ts';

/** A client that was made now, and the secret that is told this once. */
export type SampleSecret = { readonly clientId: string; readonly secret: string };

const REALM = 'alpha';
const OWNER = 'application-owner';
const FIVE_DAYS = 5 * 86_400;

/**
 * Gives the realm of the demonstration what a realm has in the end: two APIs, and clients that may
 * do something there, one of them with a secret that ends soon and one that nobody uses. What is
 * there is left alone.
 */
export async function ensureDemoSample(env: Environment): Promise<readonly SampleSecret[]> {
  const { apis = [], clients = [], applications = [], ...rest } = sampleOf(env);
  const [known, clientsThere] = await Promise.all([
    env.store.apis.all(REALM),
    Promise.all(clients.map(({ clientId }) => env.store.clients.find(REALM, clientId))),
  ]);
  const missing = clients.filter((_, index) => clientsThere[index] === undefined);
  if (missing.length === 0) return [];
  const made = await applyAtStart(env, {
    ...rest,
    apis: apis.filter(({ id }) => known.every((one) => one.id !== id)),
    clients: missing,
    applications: applications.filter((one) =>
      missing.some(({ clientId }) => clientId === one.clientId),
    ),
  });
  // Somebody has made the realm another: it shows what they want, and needs no sample.
  return made.ok ? made.value.secrets : [];
}

function sampleOf({ clock }: Pick<Environment, 'clock'>): RealmFile {
  const soon = new Date((clock.now() + FIVE_DAYS) * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return realmFile.parse({
    format: REALM_FILE_FORMAT,
    // The realm keeps what it is called.
    realm: { name: REALM, displayName: 'Alpha' },
    apis: [
      {
        id: 'orders',
        identifier: 'https://orders.example.com',
        name: 'Orders',
        scopes: [
          { name: 'orders:read', description: 'See orders' },
          { name: 'orders:write', description: 'Place and change orders' },
        ],
      },
      {
        id: 'stock',
        identifier: 'https://stock.example.com',
        name: 'Stock',
        tokenFormat: 'opaque',
        scopes: [{ name: 'stock:read', description: 'See what is in stock' }],
      },
    ],
    clients: [
      {
        clientId: 'nightly-invoices',
        name: 'Nightly invoices',
        secrets: [{ label: 'made by the demo' }],
        grants: [{ api: 'orders', scopes: ['orders:read'] }],
      },
      {
        clientId: 'web-shop',
        name: 'Web shop',
        secrets: [{ label: 'ends soon', expiresAt: soon }],
        grants: [
          { api: 'orders', scopes: ['orders:read', 'orders:write'] },
          { api: 'stock', scopes: ['stock:read'] },
        ],
      },
      {
        clientId: 'legacy-report',
        name: 'Legacy report',
        secrets: [{ label: 'made by the demo' }],
      },
    ],
    applications: [
      { name: 'Nightly invoices', clientId: 'nightly-invoices', owners: [OWNER] },
      { name: 'Web shop', clientId: 'web-shop', owners: [OWNER] },
      { name: 'Legacy report', clientId: 'legacy-report', owners: [OWNER] },
    ],
  });
}
