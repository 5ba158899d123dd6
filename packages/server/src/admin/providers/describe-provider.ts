import type { Answer } from '../../contract/routes.ts';
import type { Provider } from '../../model/provider.ts';

export const describeProvider = (provider: Provider): Answer<'findProvider'> => ({
  realm: provider.realm,
  grantTypes: provider.grantTypes,
  defaultScopes: provider.defaultScopes,
  accessTokenLifetime: provider.accessTokenLifetime,
  tokenFormat: provider.tokenFormat,
  signingAlgorithm: provider.signingAlgorithm,
  defaultAudience: provider.defaultAudience ?? null,
  securityProfile: provider.securityProfile,
  tokenBinding: provider.tokenBinding,
  dpopNonces: provider.dpopNonces,
  statusLists: provider.statusLists,
  clientRegistration: provider.clientRegistration,
  registrationScopes: provider.registrationScopes,
  clientIdMetadataHosts: provider.clientIdMetadataHosts,
  quotaMode: provider.quotaMode,
  tokensPerHour: provider.tokensPerHour ?? null,
  tokensPerDay: provider.tokensPerDay ?? null,
  realmTokensPerHour: provider.realmTokensPerHour ?? null,
  realmTokensPerDay: provider.realmTokensPerDay ?? null,
  tokenReuseSeconds: provider.tokenReuseSeconds,
  claims: provider.claims,
  keyRotationPeriod: provider.keyRotationPeriod,
  keptAttributes: provider.keptAttributes ?? null,
  revision: provider.revision,
});
