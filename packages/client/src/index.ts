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
export { privateKeyJwt } from './authentication/private-key-jwt.ts';
export { secretBasic } from './authentication/secret-basic.ts';
export { secretPost } from './authentication/secret-post.ts';
export { discover } from './discover.ts';
export { type Dpop, type DpopKey, dpop, dpopKey, type ProofRequest } from './dpop.ts';
export type { Fetch, Transport } from './exchange.ts';
export { fetchWithToken } from './fetch-with-token.ts';
export { introspectToken, type TokenCall } from './introspect-token.ts';
export { OAuthError, UnexpectedAnswerError, UnreachableError } from './oauth-error.ts';
export {
  type AuthorizationDetail,
  type IssuedToken,
  requestToken,
  type TokenRequest,
} from './request-token.ts';
export { revokeToken } from './revoke-token.ts';
export type { Jwk, PrivateKey } from './signing-key.ts';
export { type TokenSource, type TokenSourceOptions, tokenSource } from './token-source.ts';
