import { combineBindings, isGrantType, ok, refuse, type TokenBinding } from '@tessera/protocol';
import { findAllowance } from '../../clients/find-allowance.ts';
import type { Answer } from '../../contract/routes.ts';
import type { Api } from '../../model/api.ts';
import type { RegisteredClient } from '../../model/client.ts';
import { isExpired } from '../../model/credential.ts';
import { underPolicy } from '../../model/credential-policy.ts';
import type { Provider } from '../../model/provider.ts';
import type { Asked, UseCase } from '../use-case.ts';

type Access = Answer<'findClientAccess'>;
type ApiAccess = Access['apis'][number];

/** The allowance that token requests are decided by, and where each of its settings is from. */
export const findClientAccess: UseCase<'findClientAccess'> = async (env, asked, { params }) => {
  const { name } = asked.realm;
  const registered = await env.store.clients.find(name, params.clientId);
  if (registered === undefined) return refuse({ reason: 'client_unknown' });
  const provider = await env.store.providers.find(name);
  if (provider === undefined) return refuse({ reason: 'realm_unknown' });

  const { client } = registered;
  const allowance = await findAllowance(env, provider, registered);
  const all = await env.store.apis.all(name);
  const grantTypes = client.grantTypes.filter(
    (type) => isGrantType(type) && provider.grantTypes.includes(type),
  );
  const obstacles = findObstacles(asked, registered, provider);
  return ok({
    clientId: client.clientId,
    usable: obstacles.length === 0,
    obstacles,
    grantTypes,
    defaultScopes: {
      value: allowance.defaultScopes,
      from: client.defaultScopes.length > 0 ? 'client' : 'provider',
    },
    apis: allowance.apis.map(({ identifier, scopes, ...settings }, index): ApiAccess => {
      // The first is the realm's default API, which is no API of its own.
      const api = index === 0 ? undefined : all.find((one) => one.identifier === identifier);
      const from = (setting: Setting) => sourceOf(setting, api, registered);
      return {
        apiId: api?.id ?? null,
        name: api?.name ?? 'Default API of the realm',
        identifier,
        scopes: [...scopes],
        accessTokenLifetime: {
          value: settings.accessTokenLifetime,
          from: from('accessTokenLifetime'),
        },
        tokenFormat: { value: settings.tokenFormat, from: from('tokenFormat') },
        signingAlgorithm: { value: settings.signingAlgorithm, from: from('signingAlgorithm') },
        tokenBinding: requiredBindings([...allowance.tokenBindings, settings.tokenBinding]),
        claims: Object.entries(settings.claims ?? {}).map(([claim, value]) => ({
          name: claim,
          value,
          from: api?.claims.some((own) => own.name === claim) ? 'api' : 'provider',
        })),
        claimsHook: settings.claimsHook === undefined ? null : describeTerms(settings.claimsHook),
      };
    }),
  });
};

/** Not its address: that is for those who may read the API. */
const describeTerms = ({
  timeoutMilliseconds,
  onFailure,
  cacheSeconds,
}: NonNullable<ApiAccess['claimsHook']>): NonNullable<ApiAccess['claimsHook']> => ({
  timeoutMilliseconds,
  onFailure,
  cacheSeconds,
});

/** What realm, client and API ask for together; `either` says nothing beside one of both. */
function requiredBindings(settings: readonly TokenBinding[]): ApiAccess['tokenBinding'] {
  const { dpop, certificate, either } = combineBindings(settings);
  if (dpop || certificate)
    return [...(dpop ? ['dpop' as const] : []), ...(certificate ? ['certificate' as const] : [])];
  return either ? ['either'] : [];
}

type Setting = 'accessTokenLifetime' | 'tokenFormat' | 'signingAlgorithm';

const sourceOf = (
  setting: Setting,
  api: Api | undefined,
  { client }: RegisteredClient,
): 'api' | 'client' | 'provider' => {
  if (api?.[setting] !== undefined) return 'api';
  return client[setting] === undefined ? 'provider' : 'client';
};

/** Why a token request of the client would fail, whatever it asked for. */
function findObstacles(
  { realm, now }: Asked,
  { client, credentials }: RegisteredClient,
  provider: Provider,
): string[] {
  const known = client.grantTypes.filter(isGrantType);
  return [
    !realm.enabled && 'The realm is disabled.',
    !client.enabled && 'The client is disabled.',
    client.type === 'public' && 'The client is public, and the grant is for confidential clients.',
    known.length === 0 && 'The client has no grant type that this server serves.',
    known.length > 0 &&
      !known.some((type) => provider.grantTypes.includes(type)) &&
      `The realm has not enabled ${known.join(' or ')}.`,
    client.type === 'confidential' &&
      !credentials.some((credential) => !isExpired(underPolicy(provider, credential), now)) &&
      'The client has no credential that is valid now.',
  ].filter((obstacle) => obstacle !== false);
}
