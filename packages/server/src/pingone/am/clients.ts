import { ok, refuse } from '@tessera/protocol';
import { describeSchema } from '../attributes.ts';
import type { Answered, Ask, Collection } from '../collection.ts';
import { type CrestRefusal, collect, NOT_FOUND } from '../crest.ts';
import { besides, describeOAuth2Client, describeTemplate, readClient } from './oauth2-client.ts';
import { OAUTH2_CLIENT } from './oauth2-client-attributes.ts';

/** `…/realm-config/agents/OAuth2Client`. */
export const OAUTH2_CLIENTS: Collection = {
  async query({ door, realm }, query) {
    const collected = await collect(query, async (after) => {
      const page = await door('listClients', { params: { realm }, query: { after, limit: '200' } });
      if (!page.ok) return page;
      return ok({
        items: page.value.items.map((client) => describeOAuth2Client(client, 'flat')),
        next: page.value.next ?? undefined,
      });
    });
    return collected.ok ? ok({ status: 200, body: collected.value }) : collected;
  },

  async read({ door, realm }, clientId) {
    const found = await door('findClient', { params: { realm, clientId } });
    return found.ok
      ? ok({ status: 200, body: describeOAuth2Client(found.value, 'wrapped') })
      : found;
  },

  put: putClient,

  async remove({ door, realm, precondition }, clientId) {
    const params = { realm, clientId };
    const found = await door('findClient', { params });
    if (!found.ok) return found;
    const removed = await door('deleteClient', {
      params,
      precondition: precondition ?? [found.value.revision],
    });
    return removed.ok
      ? ok({ status: 200, body: describeOAuth2Client(found.value, 'wrapped') })
      : removed;
  },

  actions: {
    template: async () => ok({ status: 200, body: describeTemplate() }),
    schema: async () => ok({ status: 200, body: describeSchema(OAUTH2_CLIENT) }),
    async create(ask, body) {
      const id = (body as { readonly _id?: unknown } | null)?._id;
      return typeof id === 'string'
        ? putClient({ ...ask, precondition: [] }, id, body)
        : refuse(NAMELESS);
    },
  },
};

const NAMELESS: CrestRefusal = { code: 400, message: 'Give the client id as _id.' };

async function putClient(
  { door, realm, precondition }: Ask,
  clientId: string,
  body: unknown,
): Answered {
  const read = readClient(clientId, body);
  if (!read.ok) return read;
  const params = { realm, clientId };
  const found = await door('findClient', { params });
  if (!found.ok && found.refusal !== NOT_FOUND) return found;
  const replaced = await door('replaceClient', {
    params,
    body: found.ok ? besides(found.value, read.value) : read.value,
    // What was just read is what is replaced.
    precondition: precondition ?? (found.ok ? [found.value.revision] : undefined),
  });
  if (!replaced.ok) return replaced;
  return ok({
    status: found.ok ? 200 : 201,
    body: describeOAuth2Client(replaced.value, 'wrapped'),
  });
}
