import type { Answer, Body } from '../contract/routes.ts';

type ClientView = Answer<'findClient'>;
type ClientBody = NonNullable<Body<'replaceClient'>>;

/** Of which AM or IDM say something themselves. */
type Said =
  | 'name'
  | 'description'
  | 'enabled'
  | 'type'
  | 'grantTypes'
  | 'authenticationMethod'
  | 'tokenBinding'
  | 'scopes'
  | 'defaultScopes'
  | 'redirectUris'
  | 'accessTokenLifetime'
  | 'tokenFormat'
  | 'secret'
  | 'keys'
  | 'jwksUri'
  | 'certificates'
  | 'keptAttributes';

/**
 * What neither AM nor IDM has words for: who replaces a client by theirs says nothing of it, so it
 * stays. A member of a client that is new does not compile until it is here or there.
 */
export const otherMembers = (
  client: ClientView,
): Required<Pick<ClientBody, Exclude<keyof ClientBody, Said>>> => ({
  strictAuthenticationMethod: client.strictAuthenticationMethod,
  assertionAlgorithm: client.assertionAlgorithm,
  assertionReuse: client.assertionReuse,
  tokenExchange: client.tokenExchange,
  signingAlgorithm: client.signingAlgorithm,
  quotaMode: client.quotaMode,
  tokensPerHour: client.tokensPerHour,
  tokensPerDay: client.tokensPerDay,
  tokenReuseSeconds: client.tokenReuseSeconds,
  attributes: client.attributes,
  allowedAddresses: client.allowedAddresses,
});
