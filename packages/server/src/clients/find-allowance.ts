import {
  type Allowance,
  type ApiAllowance,
  type Claims,
  profileRules,
  resolveClaims,
  type SigningAlgorithm,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { Api } from '../model/api.ts';
import type { Client, RegisteredClient } from '../model/client.ts';
import type { ClientGrant } from '../model/client-grant.ts';
import type { Provider } from '../model/provider.ts';

/**
 * What the realm permits the client: provider, client and client grants put together. Token
 * settings are the API's, else the client's, else the realm's.
 */
export async function findAllowance(
  env: Pick<Environment, 'store' | 'addresses'>,
  provider: Provider,
  registered: RegisteredClient,
): Promise<Allowance> {
  const { client, grants } = registered;
  const { clientIsAudience } = profileRules(provider.securityProfile).responses;
  const apis =
    grants.length > 0 || clientIsAudience ? await env.store.apis.all(provider.realm) : NO_APIS;
  const known = decided.get(client);
  if (known?.provider === provider && known.apis === apis && known.grants === grants)
    return known.allowance;
  const allowance = decideAllowance(env, provider, registered, apis);
  decided.set(client, { provider, apis, grants, allowance });
  return allowance;
}

const NO_APIS: readonly Api[] = [];

/**
 * What was decided of a client, for as long as the store hands out the same client. It holds for
 * the provider, the APIs and the grants of which it was made: changed ones are other objects.
 */
const decided = new WeakMap<
  Client,
  {
    readonly provider: Provider;
    readonly apis: readonly Api[];
    readonly grants: readonly ClientGrant[];
    readonly allowance: Allowance;
  }
>();

function decideAllowance(
  env: Pick<Environment, 'addresses'>,
  provider: Provider,
  registered: RegisteredClient,
  all: readonly Api[],
): Allowance {
  const { client, grants } = registered;
  const apis: ApiAllowance[] = [defaultApiAllowance(env, provider, registered, all)];
  for (const grant of grants) {
    const api = all.find(({ id }) => id === grant.apiId);
    if (api !== undefined) apis.push(apiAllowance(api, grant, provider, registered));
  }
  return {
    clientId: client.clientId,
    clientType: client.type,
    providerGrantTypes: provider.grantTypes,
    clientGrantTypes: client.grantTypes,
    apis,
    tokenBindings: [
      profileRules(provider.securityProfile).tokenBinding,
      provider.tokenBinding,
      client.tokenBinding,
    ],
    defaultScopes: client.defaultScopes.length > 0 ? client.defaultScopes : provider.defaultScopes,
  };
}

/**
 * The realm's default API: scopes that belong to no API. The realm's default scopes are part of
 * it for every client, as "default values […] configured in the authorization server".
 */
function defaultApiAllowance(
  env: Pick<Environment, 'addresses'>,
  provider: Provider,
  { client }: RegisteredClient,
  all: readonly Api[],
): ApiAllowance {
  const inherited = client.defaultScopes.length > 0 ? [] : provider.defaultScopes;
  return {
    identifier: defaultAudienceOf(env, provider, client, all),
    scopes: new Set(inherited.length > 0 ? [...client.scopes, ...inherited] : client.scopes),
    withheldScopes: [],
    detailTypes: NO_DETAIL_TYPES,
    tokenFormat: client.tokenFormat ?? provider.tokenFormat,
    signingAlgorithm: selectAlgorithm(provider, client.signingAlgorithm),
    accessTokenLifetime: client.accessTokenLifetime ?? provider.accessTokenLifetime,
    tokenBinding: 'optional',
    claims: claimsOf(undefined, provider, client),
  };
}

/** A client whose id is that of an API would otherwise have tokens that the API takes for its own. */
function defaultAudienceOf(
  { addresses }: Pick<Environment, 'addresses'>,
  { realm, securityProfile, defaultAudience }: Provider,
  { clientId }: Client,
  all: readonly Api[],
): string {
  if (defaultAudience !== undefined) return defaultAudience;
  const { clientIsAudience } = profileRules(securityProfile).responses;
  return clientIsAudience && all.every(({ identifier }) => identifier !== clientId)
    ? clientId
    : addresses.issuer(realm);
}

const NO_DETAIL_TYPES: ApiAllowance['detailTypes'] = new Map();

/** As with scopes: what the API no longer has is not granted. RFC 9396 §2.1 */
const detailTypesOf = (
  api: Api,
  { authorizationDetailTypes: granted }: ClientGrant,
): ApiAllowance['detailTypes'] =>
  granted.length === 0
    ? NO_DETAIL_TYPES
    : new Map(
        api.authorizationDetailTypes
          .filter(({ type }) => granted.includes(type))
          .map(({ type, schema }) => [type, schema]),
      );

function apiAllowance(
  api: Api,
  granted: ClientGrant,
  provider: Provider,
  { client }: RegisteredClient,
): ApiAllowance {
  return {
    identifier: api.identifier,
    // A scope that the API no longer has is not granted by an old grant.
    scopes: new Set(
      granted.scopes.filter((name) => api.scopes.some((scope) => scope.name === name)),
    ),
    withheldScopes: api.scopes
      .map(({ name }) => name)
      .filter((name) => !granted.scopes.includes(name)),
    detailTypes: detailTypesOf(api, granted),
    tokenFormat: api.tokenFormat ?? client.tokenFormat ?? provider.tokenFormat,
    signingAlgorithm: selectAlgorithm(provider, api.signingAlgorithm, client.signingAlgorithm),
    accessTokenLifetime:
      api.accessTokenLifetime ?? client.accessTokenLifetime ?? provider.accessTokenLifetime,
    tokenBinding: api.tokenBinding,
    claims: claimsOf(api, provider, client),
    claimsHook: hookOf(api),
  };
}

/** With the templates filled, since nothing that they refer to changes while the client does not. */
const claimsOf = (
  api: Api | undefined,
  { realm, claims }: Provider,
  { clientId, name, attributes }: Client,
): Claims | undefined =>
  claims.length + (api?.claims.length ?? 0) === 0
    ? undefined
    : resolveClaims(claims, api?.claims ?? [], {
        client: { id: clientId, name, attributes },
        api,
        realm,
      });

const hookOf = ({ id, revision, claimsHook }: Api): ApiAllowance['claimsHook'] =>
  claimsHook && { ...claimsHook, apiId: id, apiRevision: revision };

/** The first that somebody set and that the realm's security profile allows; else the realm's. */
const selectAlgorithm = (
  { securityProfile, signingAlgorithm }: Provider,
  ...preferred: readonly (SigningAlgorithm | undefined)[]
): SigningAlgorithm =>
  preferred.find(
    (one) => one !== undefined && profileRules(securityProfile).signingAlgorithms.includes(one),
  ) ?? signingAlgorithm;
