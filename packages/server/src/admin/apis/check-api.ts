import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Environment, Rows } from '../../environment.ts';
import type { Api } from '../../model/api.ts';

/** Whether the address of a hook may be asked at all; where its name leads to is seen then. */
export const checkClaimsHook = (
  { outbound }: Pick<Environment, 'outbound'>,
  hook: { readonly url?: string | undefined } | null | undefined,
): Result<undefined, AdminRefusal> =>
  hook?.url === undefined || outbound.check(hook.url).ok
    ? ok(undefined)
    : refuse({ reason: 'address_not_allowed', pointer: '/claimsHook/url' });

/**
 * No two audiences of a realm are one, its default audience included, nor are two types of
 * authorization details: in a token for several APIs each must know its own. Only clients of the
 * realm may introspect.
 */
export async function checkApi(
  env: Pick<Environment, 'addresses'>,
  rows: Rows,
  api: Api,
): Promise<Result<undefined, AdminRefusal>> {
  const provider = await rows.providers.find(api.realm);
  if ([env.addresses.issuer(api.realm), provider?.defaultAudience].includes(api.identifier))
    return refuse({ reason: 'api_identifier_taken' });
  const others = (await rows.apis.all(api.realm)).filter(({ id }) => id !== api.id);
  if (others.some(({ identifier }) => identifier === api.identifier))
    return refuse({ reason: 'api_identifier_taken' });
  const taken = new Set(
    others.flatMap((other) => other.authorizationDetailTypes.map(({ type }) => type)),
  );
  const takenAt = api.authorizationDetailTypes.flatMap(({ type }, index) =>
    taken.has(type) ? [`/authorizationDetailTypes/${index}/type`] : [],
  );
  if (takenAt.length > 0) return refuse({ reason: 'detail_type_taken', pointers: takenAt });
  const pointers: string[] = [];
  for (const [index, clientId] of api.introspectionClients.entries())
    if ((await rows.clients.find(api.realm, clientId)) === undefined)
      pointers.push(`/introspectionClients/${index}`);
  return pointers.length === 0
    ? ok(undefined)
    : refuse({ reason: 'introspection_client_unknown', pointers });
}
