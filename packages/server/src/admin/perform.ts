/*
 * The administration of a server: what administrators may do, and the rules by which it is done.
 *
 * Owns permissions and use cases, one folder for each resource. Knows nothing of HTTP: the
 * surfaces translate what they are asked into a row of the contract and come in through the one
 * door below; only signing in stands before it.
 */
import { ok, type Result, refuse } from '@tessera/protocol';
import { noQuery } from '../contract/paging.ts';
import { readInput } from '../contract/read-input.ts';
import type { AdminRefusal } from '../contract/refusal.ts';
import type { Route } from '../contract/route.ts';
import {
  type Answer,
  type Input,
  RESOURCE_ROUTES,
  type ResourceRouteName,
} from '../contract/routes.ts';
import { ROOT_REALM } from '../model/realm.ts';
import type { Administrator } from './administrator.ts';
import { ownsApplication, ownsClient } from './ownership.ts';
import { isCursor } from './paging.ts';
import { decideAccess } from './permissions.ts';
import type { AdminEnvironment, Asked, Given } from './use-case.ts';
import { USE_CASES } from './use-cases.ts';

/** The one door: permission, then input, then the use case. */
export async function perform<Name extends ResourceRouteName>(
  env: AdminEnvironment,
  administrator: Administrator,
  name: Name,
  given: Given,
): Promise<Result<Answer<Name>, AdminRefusal>> {
  const route: Route = RESOURCE_ROUTES[name];
  const realmName = route.params === undefined ? undefined : given.params['realm'];
  const access = decideAccess(administrator, route, realmName);
  if (!access.ok) return access;

  const params = route.params?.safeParse(given.params);
  if (params?.success === false) return refuse({ reason: 'address_unknown' });
  const realm = await env.store.realms.find(realmName ?? ROOT_REALM);
  if (realm === undefined) return refuse({ reason: 'realm_unknown' });
  const ownedBy = access.value === 'owned' ? administrator.id : undefined;
  if (ownedBy !== undefined && !(await owns(env, realm.name, ownedBy, given.params)))
    return refuse({ reason: 'not_owned' });

  const input = readGiven(route, given);
  if (!input.ok) return input;
  const asked: Asked = {
    administrator,
    realm,
    now: env.clock.now(),
    requestId: given.requestId,
    surface: given.surface,
    ownedBy,
  };
  // The schemas of the row have just made this true.
  const read = { ...input.value, params: params?.data } as Input<Name>;
  return USE_CASES[name](env, asked, read, (inside, other, more) =>
    perform(inside, administrator, other, more),
  );
}

/** Whether a user owns what an address names. Lists and tokens name nothing and see to it. */
async function owns(
  env: AdminEnvironment,
  realm: string,
  userId: string,
  { clientId, applicationId }: Given['params'],
): Promise<boolean> {
  if (clientId !== undefined) return ownsClient(env, realm, userId, clientId);
  if (applicationId !== undefined) return ownsApplication(env, realm, userId, applicationId);
  return true;
}

type ReadGiven = Pick<Input<ResourceRouteName>, 'query' | 'body' | 'precondition'>;

function readGiven(route: Route, given: Given): Result<ReadGiven, AdminRefusal> {
  if (route.precondition === 'required' && given.precondition === undefined)
    return refuse({ reason: 'precondition_missing' });

  const query = readPart(route.query ?? noQuery, given.query ?? {}, 'query');
  if (!query.ok) return query;
  const after: unknown = (query.value as { after?: unknown } | undefined)?.after;
  if (typeof after === 'string' && !isCursor(after)) {
    const detail = 'must be the `next` of an earlier answer';
    return refuse({ reason: 'input_malformed', problems: [{ parameter: 'after', detail }] });
  }

  if (route.body === undefined && given.body !== undefined)
    return refuse({ reason: 'body_unexpected' });
  const body = readPart(route.body, given.body === undefined ? {} : given.body, 'body');
  if (!body.ok) return body;
  return ok({
    query: query.value,
    body: body.value,
    precondition: given.precondition,
  } as ReadGiven);
}

function readPart(
  schema: Route['query'],
  value: unknown,
  where: 'body' | 'query',
): Result<unknown, AdminRefusal> {
  if (schema === undefined) return ok(undefined);
  const read = readInput(schema, value, where);
  return read.ok ? read : refuse({ reason: 'input_malformed', problems: read.refusal });
}
