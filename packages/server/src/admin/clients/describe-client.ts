import type { Answer } from '../../contract/routes.ts';
import type { Client } from '../../model/client.ts';

export const describeClient = (client: Client): Answer<'findClient'> => ({
  realm: client.realm,
  clientId: client.clientId,
  name: client.name,
  description: client.description,
  enabled: client.enabled,
  type: client.type,
  grantTypes: client.grantTypes,
  authenticationMethod: client.authenticationMethod,
  strictAuthenticationMethod: client.strictAuthenticationMethod,
  assertionAlgorithm: client.assertionAlgorithm ?? null,
  assertionReuse: client.assertionReuse,
  tokenExchange: client.tokenExchange,
  tokenBinding: client.tokenBinding,
  scopes: client.scopes,
  defaultScopes: client.defaultScopes,
  redirectUris: client.redirectUris,
  accessTokenLifetime: client.accessTokenLifetime ?? null,
  tokenFormat: client.tokenFormat ?? null,
  signingAlgorithm: client.signingAlgorithm ?? null,
  origin: client.origin,
  registeredMetadata: client.registeredMetadata ?? null,
  tokensValidFrom: client.tokensValidFrom,
  createdAt: client.createdAt,
  revision: client.revision,
});
