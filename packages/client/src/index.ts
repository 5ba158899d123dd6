/** Get and hold access tokens for a machine: the public surface on one screen. */
export {
  type ActiveToken,
  type AuthenticatedCall,
  type ClientAuthentication,
  type Introspection,
  type Presentation,
  type ServerMetadata,
  SPIFFE_ASSERTION_TYPE,
} from '@tessera/protocol';
export type { ClientCall } from './ask-endpoint.ts';
export { clientCertificate } from './authentication/client-certificate.ts';
export { clientSecretJwt } from './authentication/client-secret-jwt.ts';
export { federated } from './authentication/federated.ts';
export { githubActionsToken } from './authentication/github-actions.ts';
export { privateKeyJwt } from './authentication/private-key-jwt.ts';
export { publicClient } from './authentication/public-client.ts';
export type { Secret } from './authentication/secret.ts';
export { secretBasic } from './authentication/secret-basic.ts';
export { secretPost } from './authentication/secret-post.ts';
export {
  type AnswerHeaders,
  type ApiRequest,
  type AuthorizedRequest,
  authorizeRequest,
} from './authorize-request.ts';
export { discover } from './discover.ts';
export { type Dpop, type DpopKey, dpop, dpopKey, type ProofRequest } from './dpop.ts';
export type { Fetch, Transport } from './exchange.ts';
export { type FetchWithTokenOptions, fetchWithToken } from './fetch-with-token.ts';
export type { ServerAddress } from './find-server.ts';
export type { Grant, TokenReader } from './grants/grant.ts';
export { jwtBearer } from './grants/jwt-bearer.ts';
export { signedAssertion } from './grants/signed-assertion.ts';
export { type TokenExchange, tokenExchange } from './grants/token-exchange.ts';
export { introspectToken, type TokenCall } from './introspect-token.ts';
export {
  OAuthError,
  UnexpectedAnswerError,
  UnreachableError,
  UnusableCredentialError,
} from './oauth-error.ts';
export type { AuthorizationDetail, IssuedToken, TokenType } from './read-token-response.ts';
export { requestToken, type TokenRequest, type WantedToken } from './request-token.ts';
export { revokeToken } from './revoke-token.ts';
export type { Jwk, KeyOptions, PrivateKey } from './signing-key.ts';
export type { Stopwatch } from './stopwatch.ts';
export { type TokenSource, type TokenSourceOptions, tokenSource } from './token-source.ts';
