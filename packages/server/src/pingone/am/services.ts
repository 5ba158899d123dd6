import { ok, refuse } from '@tessera/protocol';
import { describeSchema } from '../attributes.ts';
import type { Collection } from '../collection.ts';
import { collect, NOT_FOUND } from '../crest.ts';
import { checkRealm } from './check-realm.ts';
import {
  describeOAuth2Provider,
  OAUTH2_SERVICE,
  PROVIDER_NAMES,
  readProvider,
} from './oauth2-provider.ts';
import { OAUTH2_PROVIDER } from './oauth2-provider-attributes.ts';

/** `…/realm-config/services`: every realm has the OAuth2 Provider, and nothing else. */
export const REALM_SERVICES: Collection = {
  async query(ask, query) {
    const realm = await checkRealm(ask);
    if (!realm.ok) return realm;
    const collected = await collect(query, async () =>
      ok({
        items: [{ _id: OAUTH2_SERVICE._id, _rev: '', name: OAUTH2_SERVICE.name }],
        next: undefined,
      }),
    );
    return collected.ok ? ok({ status: 200, body: collected.value }) : collected;
  },

  async read({ door, realm }, id) {
    if (id !== OAUTH2_SERVICE._id) return refuse(NOT_FOUND);
    const found = await door('findProvider', { params: { realm } });
    return found.ok ? ok({ status: 200, body: describeOAuth2Provider(found.value) }) : found;
  },

  async put({ door, realm, precondition }, id, body) {
    if (id !== OAUTH2_SERVICE._id) return refuse(NOT_FOUND);
    const params = { realm };
    const found = await door('findProvider', { params });
    if (!found.ok) return found;
    const read = readProvider(found.value, body);
    if (!read.ok) return read;
    const changed = await door('updateProvider', {
      params,
      body: read.value,
      names: PROVIDER_NAMES,
      precondition: precondition ?? 'any',
    });
    return changed.ok ? ok({ status: 200, body: describeOAuth2Provider(changed.value) }) : changed;
  },

  async remove(_ask, id) {
    if (id !== OAUTH2_SERVICE._id) return refuse(NOT_FOUND);
    const message = 'Every realm has its OAuth2 Provider. Delete the realm to be rid of it.';
    return refuse({ code: 403, message });
  },

  actions: {
    // Every service of the realm with all of its settings.
    async nextdescendents({ door, realm }) {
      const found = await door('findProvider', { params: { realm } });
      if (!found.ok) return found;
      const described = { ...describeOAuth2Provider(found.value), _id: OAUTH2_SERVICE._id };
      return ok({ status: 200, body: { result: [described] } });
    },
    getCreatableTypes: async () => ok({ status: 200, body: { result: [] } }),
    getAllTypes: async () => ok({ status: 200, body: { result: [OAUTH2_SERVICE] } }),
  },

  itemActions: {
    create: async (_ask, id) =>
      id === OAUTH2_SERVICE._id
        ? refuse({ code: 409, message: 'Unable to save config: Service already exists' })
        : refuse(NOT_FOUND),
    nextdescendents: async (_ask, id) =>
      id === OAUTH2_SERVICE._id ? ok({ status: 200, body: { result: [] } }) : refuse(NOT_FOUND),
    schema: async (_ask, id) =>
      id === OAUTH2_SERVICE._id
        ? ok({ status: 200, body: describeSchema(OAUTH2_PROVIDER) })
        : refuse(NOT_FOUND),
    template: async (_ask, id) =>
      id === OAUTH2_SERVICE._id ? ok({ status: 200, body: {} }) : refuse(NOT_FOUND),
  },
};

/** `global-config/services`: there is nothing that holds for all realms at once. */
export const GLOBAL_SERVICES: Collection = {
  async query(_ask, query) {
    const collected = await collect(query, async () => ok({ items: [], next: undefined }));
    return collected.ok ? ok({ status: 200, body: collected.value }) : collected;
  },
  actions: { nextdescendents: async () => ok({ status: 200, body: { result: [] } }) },
};
