import { fitsToken, ok, refuse, resolveClaims } from '@tessera/protocol';
import type { UseCase } from '../use-case.ts';

/** Tokens are made by the same function, so what is shown here is what they will say. */
export const previewClientClaims: UseCase<'previewClientClaims'> = async (
  env,
  { realm },
  { params, body },
) => {
  const registered = await env.store.clients.find(realm.name, params.clientId);
  if (registered === undefined) return refuse({ reason: 'client_unknown' });
  const provider = await env.store.providers.find(realm.name);
  if (provider === undefined) return refuse({ reason: 'realm_unknown' });
  const api = body.apiId === null ? undefined : await env.store.apis.find(realm.name, body.apiId);
  if (body.apiId !== null && api === undefined) return refuse({ reason: 'api_unknown' });

  const ofRealm = api === undefined ? (body.claims ?? provider.claims) : provider.claims;
  const ofApi = api === undefined ? [] : (body.claims ?? api.claims);
  const { clientId: id, name, attributes } = registered.client;
  const client = { id, name, attributes };
  const said = resolveClaims(ofRealm, ofApi, { client, api, realm: realm.name }) ?? {};
  const names = new Set([...ofApi, ...ofRealm].map((claim) => claim.name));
  const own = new Set(ofApi.map((claim) => claim.name));
  return ok({
    items: [...names].map((claim) => ({
      name: claim,
      ...(Object.hasOwn(said, claim) && { value: said[claim] }),
      from: own.has(claim) ? ('api' as const) : ('provider' as const),
    })),
    fits: fitsToken(said),
    hook: api?.claimsHook !== undefined,
  });
};
