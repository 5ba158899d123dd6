import { ok, type Result, refuse } from '@tessera/protocol';
import type { Answer } from '../../contract/routes.ts';
import type { Answered, Ask, Collection } from '../collection.ts';
import {
  type CrestRefusal,
  collect,
  isObject,
  NOT_FOUND,
  type Resource,
  unreadable,
} from '../crest.ts';
import { checkRealm } from './check-realm.ts';

/*
 * Mappings of secret labels: which secrets of the environment stand behind a label such as
 * `am.applications.oauth2.client.<secretLabelIdentifier>.secret`. The secrets themselves are AIC's, and
 * this server has no such store: a mapping is kept as it was written and given back, and a client
 * goes on to prove itself with the credentials that it has here.
 */

/** The one store that a realm of AIC has. */
export const ESV_STORE = {
  _id: 'ESV',
  _type: {
    _id: 'GoogleSecretManagerSecretStoreProvider',
    name: 'Google Secret Manager Secret Stores',
    collection: true,
  },
} as const;

const STORE: Resource = { ...ESV_STORE, _rev: '0' };

/** `…/secrets/stores`. */
const secretStores = (stores: readonly Resource[]): Collection => ({
  async query(ask, query) {
    const realm = await checkRealm(ask);
    if (!realm.ok) return realm;
    const collected = await collect(query, async () => ok({ items: stores, next: undefined }));
    return collected.ok ? ok({ status: 200, body: collected.value }) : collected;
  },
  actions: {
    async nextdescendents(ask) {
      const realm = await checkRealm(ask);
      return realm.ok ? ok({ status: 200, body: { result: stores } }) : realm;
    },
  },
});

export const REALM_SECRET_STORES = secretStores([STORE]);

/** Nothing holds for all realms at once. */
export const GLOBAL_SECRET_STORES = secretStores([]);

/** `…/secrets/stores/GoogleSecretManagerSecretStoreProvider`: it is there, and has no settings. */
export const ESV_STORES: Collection = {
  read: (ask, id) => answerStore(ask, id),
  async put(ask, id, body) {
    const read = readMembers(body, []);
    return read.ok ? answerStore(ask, id) : read;
  },
};

async function answerStore(ask: Ask, id: string): Answered {
  const realm = await checkRealm(ask);
  if (!realm.ok) return realm;
  return id === STORE._id ? ok({ status: 200, body: STORE }) : refuse(NOT_FOUND);
}

type ProviderView = Answer<'findProvider'>;

/** Under which name mappings are kept with the realm's settings, by their labels. */
const KEPT = 'secrets/stores/ESV/mappings';

type Mappings = Readonly<Record<string, readonly string[]>>;

function mappingsOf({ keptAttributes }: ProviderView): Mappings {
  const kept = keptAttributes?.[KEPT];
  return isObject(kept) ? (kept as Mappings) : {};
}

const describeMapping = (
  label: string,
  aliases: readonly string[],
  { revision }: ProviderView,
): Resource => ({
  _id: label,
  _rev: String(revision),
  secretId: label,
  aliases,
  _type: { _id: 'mappings', name: 'Mappings', collection: true },
});

/** Of AM's, such as `am.services.oauth2.stateless.signing.HMAC`, and of clients. */
const LABEL = /^am(\.[a-zA-Z0-9]+)+$/;
const LABEL_MAX = 200;
const ALIASES_MAX = 20;
const ALIAS = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,126}$/;

const MEMBERS = ['secretId', 'aliases'];

function readMembers(
  body: unknown,
  members: readonly string[],
): Result<Readonly<Record<string, unknown>>, CrestRefusal> {
  if (!isObject(body)) return refuse(unreadable('The body must be a JSON object.'));
  const unknown = Object.keys(body).some(
    (name) => !name.startsWith('_') && !members.includes(name),
  );
  return unknown
    ? refuse(unreadable('Invalid attribute specified.', { validAttributes: members }))
    : ok(body);
}

function readMapping(label: string, body: unknown): Result<readonly string[], CrestRefusal> {
  if (label.length > LABEL_MAX || !LABEL.test(label))
    return refuse(unreadable('_id must be a secret label, such as am.x.y.'));
  const read = readMembers(body, MEMBERS);
  if (!read.ok) return read;
  const { secretId = label, aliases } = read.value;
  if (secretId !== label)
    return refuse(unreadable('secretId must be the label itself.', { attribute: 'secretId' }));
  const isAlias = (one: unknown) => typeof one === 'string' && ALIAS.test(one);
  return Array.isArray(aliases) &&
    aliases.length > 0 &&
    aliases.length <= ALIASES_MAX &&
    aliases.every(isAlias)
    ? ok(aliases as readonly string[])
    : refuse(
        unreadable(`aliases must be a list of 1 to ${ALIASES_MAX} names of secrets.`, {
          attribute: 'aliases',
        }),
      );
}

/** `…/secrets/stores/GoogleSecretManagerSecretStoreProvider/ESV/mappings`. */
export const SECRET_MAPPINGS: Collection = {
  async query(ask, query) {
    const provider = await checkRealm(ask);
    if (!provider.ok) return provider;
    const items = Object.entries(mappingsOf(provider.value)).map(([label, aliases]) =>
      describeMapping(label, aliases, provider.value),
    );
    const collected = await collect(query, async () => ok({ items, next: undefined }));
    return collected.ok ? ok({ status: 200, body: collected.value }) : collected;
  },

  async read(ask, label) {
    const provider = await checkRealm(ask);
    if (!provider.ok) return provider;
    const aliases = findAliases(provider.value, label);
    return aliases === undefined
      ? refuse(NOT_FOUND)
      : ok({ status: 200, body: describeMapping(label, aliases, provider.value) });
  },

  put: (ask, label, body) => write(ask, label, body),

  async remove(ask, label) {
    const provider = await checkRealm(ask);
    if (!provider.ok) return provider;
    const { [label]: aliases, ...others } = mappingsOf(provider.value);
    if (aliases === undefined) return refuse(NOT_FOUND);
    const kept = await keep(ask, provider.value, others);
    return kept.ok
      ? ok({ status: 200, body: describeMapping(label, aliases, provider.value) })
      : kept;
  },

  actions: {
    async create(ask, body) {
      const label = isObject(body) ? (body['_id'] ?? body['secretId']) : undefined;
      return typeof label === 'string'
        ? write({ ...ask, precondition: [] }, label, body)
        : refuse(unreadable('Give the secret label as _id.'));
    },
  },
};

const findAliases = (provider: ProviderView, label: string): readonly string[] | undefined =>
  Object.entries(mappingsOf(provider)).find(([one]) => one === label)?.[1];

async function write(ask: Ask, label: string, body: unknown): Answered {
  const aliases = readMapping(label, body);
  if (!aliases.ok) return aliases;
  const provider = await checkRealm(ask);
  if (!provider.ok) return provider;
  const there = findAliases(provider.value, label) !== undefined;
  // RFC 9110 §13.1.2: it must not be there yet.
  const toCreate = ask.precondition?.length === 0;
  if (toCreate && there) return refuse({ code: 412, message: 'The label is mapped already.' });
  const asked = toCreate ? { ...ask, precondition: undefined } : ask;
  const mappings = { ...mappingsOf(provider.value), [label]: aliases.value };
  const kept = await keep(asked, provider.value, mappings);
  return kept.ok
    ? ok({ status: there ? 200 : 201, body: describeMapping(label, aliases.value, kept.value) })
    : kept;
}

/** Between reading and writing nobody else changes them. */
const keep = (
  { door, realm, precondition }: Ask,
  { keptAttributes, revision }: ProviderView,
  mappings: Mappings,
): Promise<Result<ProviderView, CrestRefusal>> =>
  door('updateProvider', {
    params: { realm },
    body: { keptAttributes: { ...keptAttributes, [KEPT]: mappings } },
    precondition: precondition ?? [revision],
  });
