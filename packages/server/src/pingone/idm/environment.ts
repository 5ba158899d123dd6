import { ok } from '@tessera/protocol';
import { SERVICE_ACCOUNT_SCOPES } from '../../contract/service-account-scopes.ts';
import type { Collection, Document } from '../collection.ts';
import { collect } from '../crest.ts';

/** `environment/scopes/service-accounts`: which scopes a service account can have. */
export const ACCOUNT_SCOPES: Document = {
  read: async () =>
    ok({
      status: 200,
      body: Object.entries(SERVICE_ACCOUNT_SCOPES).map(([scope, { description }]) => ({
        scope,
        description,
      })),
    }),
};

const SERVICE_ACCOUNTS_FEATURE = { _id: 'service-accounts', _rev: '1', installedVersion: '1.0' };

/** `feature`: what not every deployment can do, and this one can. */
export const FEATURES: Collection = {
  async query(_ask, query) {
    const items = [SERVICE_ACCOUNTS_FEATURE];
    const collected = await collect(query, async () => ok({ items, next: undefined }));
    return collected.ok ? ok({ status: 200, body: collected.value }) : collected;
  },
};
