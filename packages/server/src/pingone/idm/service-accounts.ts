import { ok, type Result, refuse } from '@tessera/protocol';
import type { Answer } from '../../contract/routes.ts';
import {
  permissionsOfScopes,
  SERVICE_ACCOUNT_SCOPES,
} from '../../contract/service-account-scopes.ts';
import type { Answered, Ask, Collection, Operation } from '../collection.ts';
import {
  type CrestRefusal,
  collect,
  isObject,
  NOT_FOUND,
  type Resource,
  unreadable,
} from '../crest.ts';
import type { Names } from '../describe-refusal.ts';
import { otherMembers } from '../other-members.ts';
import { isServiceAccount, KEPT_ACCOUNT } from '../service-account.ts';
import {
  failedPolicy,
  keptOf,
  type Members,
  missing,
  type Properties,
  readManaged,
  textOf,
  wrongType,
} from './managed-object.ts';
import { applyPatch } from './patch.ts';

/*
 * `managed/svcacct`: service accounts, each a client of the root realm that vouches for itself with
 * a key. What it may do is its client grant at the administration API, which is set with the scopes
 * by the rules of such grants: nobody makes an account that may do more than they may.
 */

const PROPERTIES: Properties = {
  name: { type: 'string', required: true },
  description: { type: 'string' },
  accountStatus: { type: 'string' },
  scopes: { type: 'array', required: true },
  jwks: { type: 'string', required: true },
  maxCachingTime: { type: 'string' },
  maxIdleTime: { type: 'string' },
  maxSessionTime: { type: 'string' },
  quotaLimit: { type: 'string' },
};

const READ: ReadonlySet<string> = new Set([
  'name',
  'description',
  'accountStatus',
  'scopes',
  'jwks',
]);

/** Of the API of administration in every realm. */
const ADMIN_API = 'tessera-admin';

const NAMES: Names = { enabled: 'accountStatus', keys: 'jwks' };

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Seconds: a token shows one less. */
const TOKEN_LIFETIME = 900;

type ClientView = Answer<'findClient'>;

type Given = {
  readonly members: Members;
  readonly scopes: readonly string[];
  readonly keys: readonly Members[];
};

function readAccount(body: unknown): Result<Given, CrestRefusal> {
  const read = readManaged(PROPERTIES, body);
  if (!read.ok) return read;
  const members = read.value;
  const scopes = members['scopes'] as readonly unknown[];
  if (scopes.length === 0) return refuse(failedPolicy([missing('scopes')]));
  const wrong = scopes.findIndex((scope) => typeof scope !== 'string');
  if (wrong !== -1)
    return refuse(failedPolicy([wrongType(`scopes/${wrong}`, scopes[wrong], 'string')]));
  const names = [...new Set(scopes as readonly string[])];
  const unknown = names.filter((name) => !Object.hasOwn(SERVICE_ACCOUNT_SCOPES, name));
  if (unknown.length > 0)
    return refuse(
      unreadable(`Unsupported scope for service account: ${unknown.join(',').slice(0, 500)}`, {
        supportedScopes: Object.keys(SERVICE_ACCOUNT_SCOPES),
      }),
    );
  const keys = readKeys(textOf(members, 'jwks'));
  return keys === undefined
    ? refuse(unreadable('jwks must be a JWK Set as text: {"keys": […]}.'))
    : ok({ members, scopes: names, keys });
}

/** RFC 7517 §5. An account without a key could not do anything. */
function readKeys(jwks: string): readonly Members[] | undefined {
  try {
    const set: unknown = JSON.parse(jwks);
    const keys: unknown = isObject(set) ? set['keys'] : undefined;
    return Array.isArray(keys) && keys.length > 0 && keys.every(isObject) ? keys : undefined;
  } catch {
    return undefined;
  }
}

export const SERVICE_ACCOUNTS: Collection = {
  async query(ask, query) {
    const collected = await collect(query, async (after) => {
      const asked = { params: { realm: ask.realm }, query: { after, limit: '200' } };
      const page = await ask.door('listClients', asked);
      if (!page.ok) return page;
      const items: Resource[] = [];
      for (const client of page.value.items.filter(isServiceAccount)) {
        const described = await describeAccount(ask, client);
        if (!described.ok) return described;
        items.push(described.value);
      }
      return ok({ items, next: page.value.next ?? undefined });
    });
    return collected.ok ? ok({ status: 200, body: collected.value }) : collected;
  },

  read: (ask, id) => answer(ask, id, 200),

  async put(ask, id, body) {
    const found = await ask.door('findClient', { params: paramsOf(ask, id) });
    if (!found.ok && found.refusal !== NOT_FOUND) return found;
    if (found.ok && !isServiceAccount(found.value)) return refuse(NOT_FOUND);
    const given = readAccount(body);
    if (!given.ok) return given;
    return write(ask, id, given.value, found.ok ? found.value : undefined);
  },

  async patch(ask, id, body) {
    const found = await find(ask, id);
    if (!found.ok) return found;
    const before = await describeAccount(ask, found.value);
    if (!before.ok) return before;
    const patched = applyPatch(before.value, body);
    if (!patched.ok) return patched;
    const given = readAccount(patched.value);
    return given.ok ? write(ask, id, given.value, found.value) : given;
  },

  async remove(ask, id) {
    const found = await find(ask, id);
    if (!found.ok) return found;
    const described = await describeAccount(ask, found.value);
    if (!described.ok) return described;
    const removed = await ask.door('deleteClient', {
      params: paramsOf(ask, id),
      precondition: ask.precondition ?? [found.value.revision],
    });
    return removed.ok ? ok({ status: 200, body: described.value }) : removed;
  },

  actions: {
    async create(ask, body) {
      const given = readAccount(body);
      return given.ok
        ? write({ ...ask, precondition: [] }, ask.newId(), given.value, undefined)
        : given;
    },
  },
};

const paramsOf = ({ realm }: Ask, clientId: string) => ({ realm, clientId });

async function find(ask: Ask, id: string): Promise<Result<ClientView, CrestRefusal>> {
  const found = await ask.door('findClient', { params: paramsOf(ask, id) });
  return !found.ok || isServiceAccount(found.value) ? found : refuse(NOT_FOUND);
}

async function answer(ask: Ask, id: string, status: 200 | 201): Answered {
  const found = await find(ask, id);
  if (!found.ok) return found;
  const described = await describeAccount(ask, found.value);
  return described.ok ? ok({ status, body: described.value }) : described;
}

async function describeAccount(
  ask: Ask,
  client: ClientView,
): Promise<Result<Resource, CrestRefusal>> {
  const held = await ask.door('listKeys', { params: paramsOf(ask, client.clientId) });
  if (!held.ok) return held;
  const keys = held.value.items.flatMap(({ jwk }) => jwk ?? []);
  return ok({
    _id: client.clientId,
    _rev: String(client.revision),
    ...keptOf(client.keptAttributes, KEPT_ACCOUNT, READ),
    name: client.name,
    description: client.description,
    accountStatus: client.enabled ? 'active' : 'inactive',
    scopes: client.scopes,
    jwks: JSON.stringify({ keys }),
  });
}

/** Client, keys and grant as one: an account is what was asked for, or is not there. */
async function write(
  ask: Ask,
  id: string,
  { members, scopes, keys }: Given,
  before: ClientView | undefined,
): Answered {
  const params = paramsOf(ask, id);
  const { accountStatus = 'active' } = members;
  const kept = Object.entries(members).filter(([name]) => !READ.has(name));
  const operations: readonly Operation[] = [
    {
      name: 'replaceClient',
      params,
      body: {
        // What it was restricted to elsewhere stays.
        ...(before !== undefined && {
          ...otherMembers(before),
          tokenBinding: before.tokenBinding,
        }),
        name: members['name'],
        description: textOf(members, 'description'),
        enabled: accountStatus === 'active',
        grantTypes: [JWT_BEARER],
        authenticationMethod: 'private_key_jwt',
        scopes,
        accessTokenLifetime: TOKEN_LIFETIME,
        keys,
        jwksUri: null,
        keptAttributes: { ...before?.keptAttributes, [KEPT_ACCOUNT]: Object.fromEntries(kept) },
      },
      // Between reading and writing nobody else makes it, or makes it something else.
      precondition: ask.precondition ?? (before === undefined ? [] : [before.revision]),
    },
    {
      name: 'setClientGrant',
      params: { ...params, apiId: ADMIN_API },
      body: { scopes: permissionsOfScopes(scopes) },
    },
  ];
  const written = await ask.together(operations, NAMES);
  return written.ok ? answer(ask, id, before === undefined ? 201 : 200) : written;
}
