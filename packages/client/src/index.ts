/** Get and hold access tokens for a machine: the public surface on one screen. */
export type {
  ActiveToken,
  AuthenticatedCall,
  ClientAuthentication,
  Introspection,
  Presentation,
  ServerMetadata,
} from '@tessera/protocol';
export type { ClientCall } from './ask-endpoint.ts';
export { secretBasic } from './authentication/secret-basic.ts';
export { secretPost } from './authentication/secret-post.ts';
export { discover } from './discover.ts';
export type { Fetch, Transport } from './exchange.ts';
export { introspectToken, type TokenCall } from './introspect-token.ts';
export { OAuthError, UnexpectedAnswerError, UnreachableError } from './oauth-error.ts';
export { type IssuedToken, requestToken, type TokenRequest } from './request-token.ts';
export { revokeToken } from './revoke-token.ts';
export { type TokenSource, type TokenSourceOptions, tokenSource } from './token-source.ts';
