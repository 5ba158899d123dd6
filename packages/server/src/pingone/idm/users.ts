import { ok, type Result, refuse } from '@tessera/protocol';
import type { Answer, Body } from '../../contract/routes.ts';
import type { Answered, Ask, Collection } from '../collection.ts';
import { type CrestRefusal, collect, NOT_FOUND, type Resource } from '../crest.ts';
import type { Names } from '../describe-refusal.ts';
import {
  keep,
  keptOf,
  type Members,
  type Properties,
  readManaged,
  textOf,
} from './managed-object.ts';
import { applyPatch } from './patch.ts';

/*
 * `managed/{realm}_user`: people. What is said of one that means nothing here is kept as it was
 * written and given back; a password is taken and never given back.
 */

const PROPERTIES: Properties = {
  userName: { type: 'string', required: true },
  givenName: { type: 'string', required: true },
  sn: { type: 'string', required: true },
  mail: { type: 'string', required: true },
  password: { type: 'string' },
  accountStatus: { type: 'string' },
  description: { type: 'string' },
  displayName: { type: 'string' },
  cn: { type: 'string' },
  telephoneNumber: { type: 'string' },
  postalAddress: { type: 'string' },
  postalCode: { type: 'string' },
  city: { type: 'string' },
  stateProvince: { type: 'string' },
  country: { type: 'string' },
  profileImage: { type: 'string' },
  preferences: { type: 'object' },
  ...numbered('frIndexedString', 'string'),
  ...numbered('frUnindexedString', 'string'),
  ...numbered('frIndexedInteger', 'number'),
  ...numbered('frUnindexedInteger', 'number'),
  ...numbered('frIndexedDate', 'string'),
  ...numbered('frUnindexedDate', 'string'),
  ...numbered('frIndexedMultivalued', 'array'),
  ...numbered('frUnindexedMultivalued', 'array'),
};

function numbered(name: string, type: 'string' | 'number' | 'array'): Properties {
  return Object.fromEntries([1, 2, 3, 4, 5].map((number) => [`${name}${number}`, { type }]));
}

/** Members that a user has here, and those that nobody is told. */
const READ: ReadonlySet<string> = new Set(['userName', 'givenName', 'sn', 'mail', 'password']);

/** Under which name the others are kept with the user. */
const KEPT = 'managed/user';

const NAMES: Names = { familyName: 'sn', email: 'mail', enabled: 'accountStatus' };

const ACTIVE = 'active';

type UserView = Answer<'findUser'>;

/** Whatever else is said of an account, it is not active. */
const isActive = ({ accountStatus = ACTIVE }: Members): boolean => accountStatus === ACTIVE;

const describeUser = (user: UserView): Resource => {
  const kept = keptOf(user.keptAttributes, KEPT, READ);
  const same = isActive(kept) === user.enabled;
  return {
    _id: user.id,
    _rev: String(user.revision),
    ...kept,
    userName: user.userName,
    givenName: user.givenName,
    sn: user.familyName,
    mail: user.email,
    accountStatus: same ? (kept['accountStatus'] ?? ACTIVE) : user.enabled ? ACTIVE : 'inactive',
  };
};

type Profile = Pick<
  NonNullable<Body<'createUser'>>,
  'userName' | 'givenName' | 'familyName' | 'email' | 'enabled' | 'keptAttributes'
>;

const profileOf = (members: Members, others: Members | null): Profile => ({
  userName: textOf(members, 'userName'),
  givenName: textOf(members, 'givenName'),
  familyName: textOf(members, 'sn'),
  email: textOf(members, 'mail'),
  enabled: isActive(members),
  keptAttributes: keep(others, KEPT, members, READ),
});

const passwordOf = (members: Members): string | undefined =>
  textOf(members, 'password') === '' ? undefined : textOf(members, 'password');

export const USERS: Collection = {
  async query({ door, realm }, query) {
    const collected = await collect(query, async (after) => {
      const page = await door('listUsers', { params: { realm }, query: { after, limit: '200' } });
      if (!page.ok) return page;
      return ok({ items: page.value.items.map(describeUser), next: page.value.next ?? undefined });
    });
    return collected.ok ? ok({ status: 200, body: collected.value }) : collected;
  },

  async read(ask, id) {
    const found = await find(ask, id);
    return found.ok ? ok({ status: 200, body: describeUser(found.value) }) : found;
  },

  async put(ask, id, body) {
    const found = await find(ask, id);
    if (!found.ok) {
      if (found.refusal !== NOT_FOUND) return found;
      // RFC 9110 §13.1.1: whoever names a state of it expects it to be there.
      return ask.precondition !== undefined && ask.precondition.length > 0
        ? refuse({ code: 412, message: 'There is no such user any more.' })
        : create(ask, body, id);
    }
    const members = readManaged(PROPERTIES, body, describeUser(found.value));
    return members.ok ? change(ask, found.value, members.value) : members;
  },

  async patch(ask, id, body) {
    const found = await find(ask, id);
    if (!found.ok) return found;
    const before = describeUser(found.value);
    const patched = applyPatch(before, body);
    if (!patched.ok) return patched;
    const members = readManaged(PROPERTIES, patched.value, before);
    return members.ok ? change(ask, found.value, members.value) : members;
  },

  async remove(ask, id) {
    const found = await find(ask, id);
    if (!found.ok) return found;
    const removed = await ask.door('deleteUser', {
      params: { realm: ask.realm, userId: id },
      precondition: ask.precondition ?? [found.value.revision],
    });
    return removed.ok ? ok({ status: 200, body: describeUser(found.value) }) : removed;
  },

  actions: { create: (ask, body) => create(ask, body, undefined) },
};

const find = ({ door, realm }: Ask, userId: string): Promise<Result<UserView, CrestRefusal>> =>
  door('findUser', { params: { realm, userId } });

async function create({ door, realm }: Ask, body: unknown, id: string | undefined): Answered {
  const members = readManaged(PROPERTIES, body);
  if (!members.ok) return members;
  const password = passwordOf(members.value);
  const created = await door('createUser', {
    params: { realm },
    names: NAMES,
    body: {
      ...profileOf(members.value, null),
      ...(id !== undefined && { id }),
      // As there: it is good until somebody changes it.
      ...(password !== undefined && { password, passwordOneTime: false }),
    },
  });
  return created.ok ? ok({ status: 201, body: describeUser(created.value) }) : created;
}

/** Profile and password as one, so that a password that is refused leaves the profile as it was. */
async function change(ask: Ask, user: UserView, members: Members): Answered {
  const params = { realm: ask.realm, userId: user.id };
  const password = passwordOf(members);
  const changed = await ask.together(
    [
      {
        name: 'updateUser',
        params,
        body: profileOf(members, user.keptAttributes),
        precondition: ask.precondition ?? [user.revision],
      },
      ...(password === undefined
        ? []
        : [{ name: 'setPassword', params, body: { password, oneTime: false } } as const]),
    ],
    NAMES,
    password === undefined ? [] : [password],
  );
  if (!changed.ok) return changed;
  const found = await find(ask, user.id);
  return found.ok ? ok({ status: 200, body: describeUser(found.value) }) : found;
}
