import { ok, type Result, refuse } from '@tessera/protocol';
import type { Answer } from '../../contract/routes.ts';
import { describeSchema } from '../attributes.ts';
import type { Answered, Ask, Collection } from '../collection.ts';
import { type CrestRefusal, collect, NOT_FOUND, type Resource } from '../crest.ts';
import type { Names } from '../describe-refusal.ts';
import { isServiceAccount } from '../service-account.ts';
import {
  besides,
  describeOAuth2Client,
  describeTemplate,
  MEMBERS_OF,
  readClient,
} from './oauth2-client.ts';
import { OAUTH2_CLIENT } from './oauth2-client-attributes.ts';
import type { Held } from './oauth2-client-credentials.ts';

/** `…/realm-config/agents/OAuth2Client`. */
export const OAUTH2_CLIENTS: Collection = {
  async query(ask, query) {
    const { door, realm } = ask;
    const collected = await collect(query, async (after) => {
      const page = await door('listClients', { params: { realm }, query: { after, limit: '200' } });
      if (!page.ok) return page;
      const items: Resource[] = [];
      for (const client of page.value.items.filter((one) => !isServiceAccount(one))) {
        const described = await describe(ask, client, 'flat');
        if (!described.ok) return described;
        items.push(described.value);
      }
      return ok({ items, next: page.value.next ?? undefined });
    });
    return collected.ok ? ok({ status: 200, body: collected.value }) : collected;
  },

  async read(ask, clientId) {
    const found = await find(ask, clientId);
    return found.ok ? answer(ask, found.value, 200) : found;
  },

  put: putClient,

  async remove(ask, clientId) {
    const { door, realm, precondition } = ask;
    const params = { realm, clientId };
    const found = await find(ask, clientId);
    if (!found.ok) return found;
    const described = await describe(ask, found.value, 'wrapped');
    if (!described.ok) return described;
    const removed = await door('deleteClient', {
      params,
      precondition: precondition ?? [found.value.revision],
    });
    return removed.ok ? ok({ status: 200, body: described.value }) : removed;
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

const TAKEN: CrestRefusal = { code: 409, message: 'A service account has this id.' };

const NAMELESS: CrestRefusal = { code: 400, message: 'Give the client id as _id.' };

type ClientView = Answer<'findClient'>;

/** By the first attribute that says it, and the certificate itself by its own. */
const NAMES: Names = {
  ...Object.fromEntries(
    [...MEMBERS_OF].reverse().map(([attribute, member]) => [member, attribute]),
  ),
  jwksUri: 'signEncOAuth2ClientConfig/jwksUri',
  certificate: 'signEncOAuth2ClientConfig/mTLSTrustedCert',
  secret: 'coreOAuth2ClientConfig/userpassword',
};

async function find(
  { door, realm }: Ask,
  clientId: string,
): Promise<Result<ClientView, CrestRefusal>> {
  const found = await door('findClient', { params: { realm, clientId } });
  return found.ok && isServiceAccount(found.value) ? refuse(NOT_FOUND) : found;
}

const UNTOLD: ReadonlySet<CrestRefusal['code']> = new Set([403, 404]);

/**
 * Keys and certificates; undefined: whoever asks may read clients and not their credentials, or the
 * client went away meanwhile.
 */
async function findHeld(
  { door, realm }: Ask,
  clientId: string,
): Promise<Result<Held, CrestRefusal>> {
  const params = { realm, clientId };
  const keys = await door('listKeys', { params });
  if (!keys.ok) return UNTOLD.has(keys.refusal.code) ? ok(undefined) : keys;
  const certificates = await door('listCertificates', { params });
  if (!certificates.ok) return UNTOLD.has(certificates.refusal.code) ? ok(undefined) : certificates;
  return ok({ keys: keys.value.items, certificates: certificates.value.items });
}

async function describe(
  ask: Ask,
  client: ClientView,
  form: 'wrapped' | 'flat',
): Promise<Result<Resource, CrestRefusal>> {
  const held = await findHeld(ask, client.clientId);
  return held.ok ? ok(describeOAuth2Client(client, held.value, form)) : held;
}

async function answer(ask: Ask, client: ClientView, status: 200 | 201): Answered {
  const described = await describe(ask, client, 'wrapped');
  return described.ok ? ok({ status, body: described.value }) : described;
}

async function putClient(ask: Ask, clientId: string, body: unknown): Answered {
  const { door, realm, precondition } = ask;
  const params = { realm, clientId };
  const found = await door('findClient', { params });
  if (!found.ok && found.refusal !== NOT_FOUND) return found;
  if (found.ok && isServiceAccount(found.value)) return refuse(TAKEN);
  const held = found.ok ? await findHeld(ask, clientId) : ok(undefined);
  if (!held.ok) return held;
  const there = found.ok ? { client: found.value, held: held.value } : undefined;
  const read = readClient(clientId, body, there);
  if (!read.ok) return read;
  const replaced = await door('replaceClient', {
    params,
    names: NAMES,
    body: there === undefined ? read.value : besides(there.client, read.value),
    // What was just read is what is replaced.
    precondition: precondition ?? (found.ok ? [found.value.revision] : undefined),
  });
  return replaced.ok ? answer(ask, replaced.value, found.ok ? 200 : 201) : replaced;
}
