import type { Precondition } from '../../contract/route.ts';
import type { ResourceRouteName } from '../../contract/routes.ts';
import { type Difference, differingMembers } from './diff-realm.ts';
import { type Members, readInstant, type Thing } from './thing.ts';

/**
 * One operation of the administration API that a difference takes. Users and trusted issuers are
 * named as people name them; whoever makes the call finds their ids.
 */
export type Call = {
  readonly route: ResourceRouteName;
  readonly params: Readonly<Record<string, string>>;
  readonly query?: Members;
  readonly body?: Members;
  readonly precondition?: Precondition;
  /** Where in the file it comes from, and where in its body the file's member is. */
  readonly pointer: string;
  /** What is taken away, which is nowhere in the file. */
  readonly unnamed?: string;
  /** Made when all else has been, because of what it names. */
  readonly last?: true;
  /** The client and label of a secret that it makes. */
  readonly secretOf?: { readonly clientId: string; readonly label: string };
  /** A secret that was not made but chosen, and is slow to hash. */
  readonly chosenSecret?: string;
};

/** The operations by which a difference is made, in their order. */
export function callsOf(difference: Difference, now: number): readonly Call[] {
  const { before, after } = difference;
  const { kind } = after ?? before;
  switch (kind) {
    case 'realm':
      return changing('updateRealm', {}, difference);
    case 'provider':
      return changing('updateProvider', {}, difference);
    case 'trusted-authority':
      return replacing(
        'createTrustedAuthority',
        'deleteTrustedAuthority',
        'authorityId',
        difference,
      );
    case 'trusted-issuer':
      return callsOfIssuer(difference);
    case 'user':
      return callsOfNamed('createUser', 'updateUser', 'deleteUser', 'userId', difference);
    case 'application':
      return callsOfNamed(
        'createApplication',
        'updateApplication',
        'deleteApplication',
        'applicationId',
        difference,
      );
    case 'api':
      return callsOfApi(difference);
    case 'client':
      return callsOfClient(difference, now);
    case 'client-grant':
      return callsOfGrant(difference);
    case 'key':
      return callsOfCredential('addKey', 'updateKey', 'revokeKey', 'keyId', difference, now);
    case 'certificate':
      return callsOfCredential(
        'addCertificate',
        'updateCertificate',
        'revokeCertificate',
        'certificateId',
        difference,
        now,
      );
    case 'workload':
      return callsOfCredential(
        'addWorkload',
        'updateWorkload',
        'revokeWorkload',
        'workloadId',
        difference,
        now,
      );
  }
}

type Params = Readonly<Record<string, string>>;

/** Whoever the file does not name is told of by the section that does not name it. */
const pointerOf = ({ after }: Difference): string => after?.pointer ?? '';

const knownOf = (thing: Thing | undefined): NonNullable<Thing['known']> =>
  thing?.known ?? { id: '', precondition: 'any' };

/** RFC 7396: what differs, and null for what is not there any more. */
const patchOf = ({ before, after }: Difference): Members =>
  Object.fromEntries(
    Object.entries(differingMembers(before?.members, after?.members)).map(([name, { to }]) => [
      name,
      to ?? null,
    ]),
  );

function changing(
  route: ResourceRouteName,
  params: Params,
  difference: Difference,
  body: Members = patchOf(difference),
): readonly Call[] {
  if (Object.keys(body).length === 0) return [];
  const { precondition } = knownOf(difference.before);
  return [{ route, params, body, precondition, pointer: pointerOf(difference) }];
}

function deleting(
  route: ResourceRouteName,
  params: Params,
  difference: Difference,
  query?: Members,
): readonly Call[] {
  const { precondition } = knownOf(difference.before);
  return [
    {
      route,
      params,
      precondition,
      pointer: pointerOf(difference),
      ...(difference.after === undefined && {
        unnamed: `${difference.before.kind} ${difference.before.name}`,
      }),
      ...(query !== undefined && { query }),
    },
  ];
}

function callsOfNamed(
  create: ResourceRouteName,
  update: ResourceRouteName,
  remove: ResourceRouteName,
  idParam: string,
  difference: Difference,
): readonly Call[] {
  const { action, before, after } = difference;
  const params: Params = { [idParam]: knownOf(before).id };
  if (action === 'create')
    return [{ route: create, params: {}, body: after.members, pointer: pointerOf(difference) }];
  return action === 'update'
    ? changing(update, params, difference)
    : deleting(remove, params, difference);
}

/** What cannot be changed is taken away and made anew: nobody sees it in between. */
function replacing(
  create: ResourceRouteName,
  remove: ResourceRouteName,
  idParam: string,
  difference: Difference,
): readonly Call[] {
  const { before, after } = difference;
  const params: Params = { [idParam]: knownOf(before).id };
  return [
    ...(before === undefined ? [] : deleting(remove, params, difference)),
    ...(after === undefined
      ? []
      : [{ route: create, params: {}, body: after.members, pointer: pointerOf(difference) }]),
  ];
}

function callsOfIssuer(difference: Difference): readonly Call[] {
  const { before, after } = difference;
  const create = 'createTrustedIssuer';
  const remove = 'deleteTrustedIssuer';
  if (before?.members['preset'] !== after?.members['preset'])
    return replacing(create, remove, 'issuerId', difference);
  const { jwks, jwksUri, ...patch } = patchOf(difference);
  // Keys and their address replace each other.
  const keys = { ...(jwks != null && { jwks }), ...(jwksUri != null && { jwksUri }) };
  const params = { issuerId: knownOf(before).id };
  return changing('updateTrustedIssuer', params, difference, { ...patch, ...keys });
}

/** APIs name clients and clients have grants at APIs, so who may introspect is said last. */
function callsOfApi(difference: Difference): readonly Call[] {
  const { action, before, after } = difference;
  if (after === undefined)
    return deleting('deleteApi', { apiId: before.key }, difference, { cascade: 'true' });
  const params = { apiId: after.key };
  const { introspectionClients, ...rest } =
    action === 'create' ? after.members : patchOf(difference);
  const first: readonly Call[] =
    action === 'create'
      ? [{ route: 'createApi', params: {}, body: rest, pointer: pointerOf(difference) }]
      : changing('updateApi', params, difference, rest);
  const named = Array.isArray(introspectionClients) ? introspectionClients : [];
  if (introspectionClients === undefined || (action === 'create' && named.length === 0))
    return first;
  const body = { introspectionClients: named };
  const pointer = pointerOf(difference);
  return [...first, { route: 'updateApi', params, body, precondition: 'any', pointer, last: true }];
}

function callsOfClient(difference: Difference, now: number): readonly Call[] {
  const { action, before, after } = difference;
  const clientId = (after ?? before).key;
  const params = { clientId };
  if (after === undefined) return deleting('deleteClient', params, difference);
  if (action === 'update') {
    const { attributes, ...patch } = patchOf(difference);
    const merged =
      attributes === undefined
        ? patch
        : { ...patch, attributes: attributesPatch(before.members, after.members) };
    return changing('updateClient', params, difference, merged);
  }
  const pointer = pointerOf(difference);
  const [first, ...others] = after.secrets ?? [];
  const secret =
    after.secrets === undefined ? {} : { secret: first === undefined ? null : timed(first, now) };
  return [
    {
      route: 'registerClient',
      params: {},
      body: { ...after.members, ...secret },
      pointer,
      secretOf: { clientId, label: labelOf(first) },
      ...chosenIn(first),
    },
    ...others.map((one, index) => ({
      route: 'addSecret' as const,
      params,
      body: timed(one, now),
      pointer: `${pointer}/secrets/${index + 1}`,
      secretOf: { clientId, label: labelOf(one) },
      ...chosenIn(one),
    })),
  ];
}

const labelOf = (secret: Members | undefined): string =>
  typeof secret?.['label'] === 'string' ? secret['label'] : '';

const chosenIn = (secret: Members | undefined): Pick<Call, 'chosenSecret'> =>
  typeof secret?.['secret'] === 'string' ? { chosenSecret: secret['secret'] } : {};

/** RFC 7396 §2, one object deeper: those that are gone are named with null. */
function attributesPatch(before: Members, after: Members): Members {
  const earlier = before['attributes'] as Members;
  const later = after['attributes'] as Members;
  return { ...Object.fromEntries(Object.keys(earlier).map((name) => [name, null])), ...later };
}

function callsOfGrant(difference: Difference): readonly Call[] {
  const { before, after } = difference;
  const { clientId = '', members } = after ?? before;
  const { api, ...body } = members;
  const params = { clientId, apiId: String(api) };
  if (after === undefined) return deleting('removeClientGrant', params, difference);
  const precondition = before?.known?.precondition;
  return [
    {
      route: 'setClientGrant',
      params,
      body,
      pointer: pointerOf(difference),
      ...(precondition !== undefined && { precondition }),
    },
  ];
}

function callsOfCredential(
  add: ResourceRouteName,
  update: ResourceRouteName,
  revoke: ResourceRouteName,
  idParam: string,
  difference: Difference,
  now: number,
): readonly Call[] {
  const { action, before, after } = difference;
  const { clientId = '' } = after ?? before;
  const params: Params = { clientId, [idParam]: knownOf(before).id };
  if (after === undefined) return deleting(revoke, params, difference);
  if (action === 'create')
    return [
      {
        route: add,
        params: { clientId },
        body: timed(after.members, now),
        pointer: pointerOf(difference),
      },
    ];
  const { expiresAt, ...patch } = patchOf(difference);
  return changing(update, params, difference, {
    ...patch,
    ...(expiresAt !== undefined && {
      expiresAt: typeof expiresAt === 'string' ? readInstant(expiresAt) : null,
    }),
  });
}

/** A credential is added with the seconds that it lasts. */
function timed({ expiresAt, ...members }: Members, now: number): Members {
  return typeof expiresAt === 'string'
    ? { ...members, expiresIn: readInstant(expiresAt) - now }
    : members;
}
