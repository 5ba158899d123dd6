import { ok, type Result, SIGNING_ALGORITHMS, type SigningAlgorithm } from '@tessera/protocol';
import type { Answer, Body } from '../../contract/routes.ts';
import {
  completed,
  differences,
  type KeptValues,
  readAttributes,
  type Values,
} from '../attributes.ts';
import type { CrestRefusal, Resource } from '../crest.ts';
import type { Names } from '../describe-refusal.ts';
import { OAUTH2_PROVIDER } from './oauth2-provider-attributes.ts';

/*
 * A realm's OAuth 2.0 settings as AM's service `oauth-oidc`, and back; by the same rule as a client.
 */

type ProviderView = Answer<'findProvider'>;
type ProviderBody = NonNullable<Body<'updateProvider'>>;
type ProviderValues = Values<typeof OAUTH2_PROVIDER>;

/** Under which name the values are kept with the settings. */
const KEPT = 'oauth-oidc';

export const OAUTH2_SERVICE = {
  _id: 'oauth-oidc',
  name: 'OAuth2 Provider',
  collection: false,
} as const;

/** Which attribute says which setting. */
export const PROVIDER_NAMES: Names = {
  accessTokenLifetime: 'coreOAuth2Config/accessTokenLifetime',
  tokenFormat: 'coreOAuth2Config/statelessTokensEnabled',
  grantTypes: 'advancedOAuth2Config/grantTypes',
  defaultScopes: 'advancedOAuth2Config/defaultScopes',
  signingAlgorithm: 'advancedOAuth2Config/tokenSigningAlgorithm',
  clientRegistration: 'clientDynamicRegistrationConfig/allowDynamicRegistration',
};

/** What a PUT says. What it leaves out stays as it is. */
export function readProvider(
  current: ProviderView,
  body: unknown,
): Result<ProviderBody, CrestRefusal> {
  const values = readAttributes(OAUTH2_PROVIDER, body, presentValues(current));
  if (!values.ok) return values;
  const members = membersOf(values.value);
  return ok({
    ...members,
    // That clients register with a token of ours is nothing that AM could say.
    clientRegistration:
      members.clientRegistration === 'off' && current.clientRegistration !== 'open'
        ? current.clientRegistration
        : members.clientRegistration,
    keptAttributes: {
      ...current.keptAttributes,
      [KEPT]: differences(OAUTH2_PROVIDER, values.value),
    },
  });
}

/** The settings that AM's attributes say something of; undefined: nothing. */
type Members = {
  accessTokenLifetime: number;
  tokenFormat: ProviderView['tokenFormat'];
  grantTypes: readonly string[];
  defaultScopes: readonly string[];
  signingAlgorithm: SigningAlgorithm | undefined;
  clientRegistration: ProviderView['clientRegistration'];
};

function membersOf(values: ProviderValues): Members {
  const core = values.coreOAuth2Config;
  const advanced = values.advancedOAuth2Config;
  return {
    accessTokenLifetime: core.accessTokenLifetime,
    tokenFormat: core.statelessTokensEnabled ? 'jwt' : 'opaque',
    grantTypes: [...new Set(advanced.grantTypes)],
    defaultScopes: [...new Set(advanced.defaultScopes)],
    // With a shared key nobody but this server could verify: such a realm signs as it does.
    signingAlgorithm: SIGNING_ALGORITHMS.find((one) => one === advanced.tokenSigningAlgorithm),
    clientRegistration: values.clientDynamicRegistrationConfig.allowDynamicRegistration
      ? 'open'
      : 'off',
  };
}

export const describeOAuth2Provider = (provider: ProviderView): Resource => ({
  _id: '',
  _rev: String(provider.revision),
  ...presentValues(provider),
  _type: OAUTH2_SERVICE,
});

/** What was kept, with what was changed since, by whoever. */
function presentValues(provider: ProviderView): ProviderValues {
  const kept = (provider.keptAttributes?.[KEPT] ?? {}) as KeptValues;
  const values = completed(OAUTH2_PROVIDER, kept);
  const said = membersOf(values);
  const differs = (member: keyof Members): boolean =>
    said[member] !== undefined && JSON.stringify(said[member]) !== JSON.stringify(provider[member]);
  const neverSaid = kept['advancedOAuth2Config']?.['tokenSigningAlgorithm'] === undefined;
  return {
    ...values,
    coreOAuth2Config: {
      ...values.coreOAuth2Config,
      accessTokenLifetime: provider.accessTokenLifetime,
      statelessTokensEnabled: provider.tokenFormat === 'jwt',
    },
    advancedOAuth2Config: {
      ...values.advancedOAuth2Config,
      ...(differs('grantTypes') && { grantTypes: provider.grantTypes }),
      ...(differs('defaultScopes') && { defaultScopes: provider.defaultScopes }),
      ...((differs('signingAlgorithm') || neverSaid) && {
        tokenSigningAlgorithm: provider.signingAlgorithm,
      }),
    },
    clientDynamicRegistrationConfig: {
      ...values.clientDynamicRegistrationConfig,
      allowDynamicRegistration: provider.clientRegistration === 'open',
    },
  };
}
