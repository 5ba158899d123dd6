import { ok, type Result, refuse } from '@tessera/protocol';
import type { Answer } from '../../contract/routes.ts';
import type { Ask, Collection } from '../collection.ts';
import { type CrestRefusal, collect, NOT_FOUND, type Resource, unreadable } from '../crest.ts';

/** `global-config/realms`: an id is the realm's path in base64url. */
export const REALMS: Collection = {
  async query({ door }, query) {
    const collected = await collect(query, async (after) => {
      const page = await door('listRealms', { query: { after, limit: '200' } });
      if (!page.ok) return page;
      return ok({ items: page.value.items.map(describeRealm), next: page.value.next ?? undefined });
    });
    return collected.ok ? ok({ status: 200, body: collected.value }) : collected;
  },

  async read({ door }, id) {
    const found = await door('findRealm', { params: { realm: nameOf(id) } });
    return found.ok ? ok({ status: 200, body: describeRealm(found.value) }) : found;
  },

  async put(ask, id, body) {
    const realm = nameOf(id);
    const read = readRealm(body);
    if (!read.ok) return read;
    if (idOf(read.value.name) !== idOf(realm))
      return refuse(unreadable('name must be that of the address: a realm keeps its name.'));
    const found = await ask.door('findRealm', { params: { realm } });
    if (!found.ok) return found.refusal === NOT_FOUND ? create(ask, read.value) : found;
    return activate(ask, found.value, read.value.active, 200);
  },

  async remove({ door, precondition }, id) {
    const realm = nameOf(id);
    const found = await door('findRealm', { params: { realm } });
    if (!found.ok) return found;
    const removed = await door('deleteRealm', {
      params: { realm },
      query: { confirm: realm },
      precondition: precondition ?? [found.value.revision],
    });
    return removed.ok ? ok({ status: 200, body: describeRealm(found.value) }) : removed;
  },

  actions: {
    async create(ask, body) {
      const read = readRealm(body);
      return read.ok ? create(ask, read.value) : read;
    },
  },
};

type RealmView = Answer<'findRealm'>;
type Given = { readonly name: string; readonly active: boolean };

const ROOT = 'root';

const pathOf = (name: string): string => (name === ROOT ? '/' : `/${name}`);
const idOf = (name: string): string => Buffer.from(pathOf(name)).toString('base64url');

/** What is no id of ours is the name of no realm. */
function nameOf(id: string): string {
  const path = Buffer.from(id, 'base64url').toString('utf8');
  if (path === '/') return ROOT;
  return path.startsWith('/') && Buffer.from(path).toString('base64url') === id
    ? path.slice(1)
    : '-';
}

const describeRealm = ({ name, enabled, revision }: RealmView): Resource => ({
  _id: idOf(name),
  _rev: String(revision),
  parentPath: name === ROOT ? null : '/',
  active: enabled,
  name: name === ROOT ? '/' : name,
  aliases: [],
});

const MEMBERS = ['name', 'active', 'parentPath', 'aliases'];

function readRealm(body: unknown): Result<Given, CrestRefusal> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return refuse(unreadable('The body must be a JSON object.'));
  const given = body as Readonly<Record<string, unknown>>;
  for (const member of Object.keys(given))
    if (!MEMBERS.includes(member) && !member.startsWith('_'))
      return refuse(unreadable('Invalid attribute specified.', { validAttributes: MEMBERS }));
  const { name, active = true, parentPath = '/', aliases = [] } = given;
  if (typeof name !== 'string') return refuse(unreadable('name must be a string.'));
  if (typeof active !== 'boolean') return refuse(unreadable('active must be true or false.'));
  if (parentPath !== '/' && !(parentPath === null && name === '/'))
    return refuse(unreadable('parentPath must be /: realms are children of the root.'));
  // A host name that chooses a realm would make one token valid under two issuers.
  if (!Array.isArray(aliases) || aliases.length > 0)
    return refuse(unreadable('aliases must be an empty list: a realm has one address.'));
  return ok({ name: name === '/' ? ROOT : name, active });
}

async function create(ask: Ask, { name, active }: Given) {
  const created = await ask.door('createRealm', { body: { name } });
  if (!created.ok) return created;
  return activate(ask, created.value, active, 201);
}

async function activate({ door }: Ask, realm: RealmView, active: boolean, status: 200 | 201) {
  if (realm.enabled === active) return ok({ status, body: describeRealm(realm) });
  const changed = await door('updateRealm', {
    params: { realm: realm.name },
    body: { enabled: active },
    precondition: [realm.revision],
  });
  return changed.ok ? ok({ status, body: describeRealm(changed.value) }) : changed;
}
