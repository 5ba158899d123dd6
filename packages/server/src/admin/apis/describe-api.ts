import type { Answer } from '../../contract/routes.ts';
import type { Api } from '../../model/api.ts';

export const describeApi = (api: Api): Answer<'findApi'> => ({
  realm: api.realm,
  id: api.id,
  identifier: api.identifier,
  name: api.name,
  scopes: api.scopes,
  authorizationDetailTypes: api.authorizationDetailTypes,
  accessTokenLifetime: api.accessTokenLifetime ?? null,
  tokenFormat: api.tokenFormat ?? null,
  signingAlgorithm: api.signingAlgorithm ?? null,
  tokenBinding: api.tokenBinding,
  introspectionClients: api.introspectionClients,
  claims: api.claims,
  claimsHook: api.claimsHook ?? null,
  createdAt: api.createdAt,
  revision: api.revision,
});
