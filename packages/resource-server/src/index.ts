/** Accept or refuse access tokens at an API: the public surface on one screen. */
export type {
  AuthenticatedCall,
  ClientAuthentication,
  Presentation,
  Result,
} from '@tessera/protocol';
export type { AcceptedToken } from './accept-token.ts';
export type { PresentedRequest } from './bearer-token.ts';
export type { Fetch, Transport } from './exchange.ts';
export { type GuardedHandler, guarded, type HandlerRequirement } from './guard.ts';
export type { Asker, AuthorizationServer } from './introspect.ts';
export {
  type IntrospectionGuard,
  type IntrospectionGuardOptions,
  introspectionGuard,
  type OperationRequirement,
} from './introspection-guard.ts';
export type { ScopeList } from './required-scope.ts';
export {
  type BearerChallenge,
  type ChallengeDetails,
  describeTokenRefusal,
  formatBearerChallenge,
  type TokenRefusal,
  type WireTokenRefusal,
} from './token-refusal.ts';
