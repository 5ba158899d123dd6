/** Accept or refuse access tokens at an API: the public surface on one screen. */
export type {
  AuthenticatedCall,
  ClientAuthentication,
  Presentation,
  Result,
} from '@tessera/protocol';
export type { AcceptedToken as IntrospectedToken } from './accept-token.ts';
export type { AcceptedToken } from './accepted-token.ts';
export type { Fetch, Transport } from './exchange.ts';
export { type GuardedHandler, guarded, type HandlerRequirement } from './guard.ts';
export type { Asker, AuthorizationServer } from './introspect.ts';
export {
  type IntrospectionGuard,
  type IntrospectionGuardOptions,
  introspectionGuard,
  type OperationRequirement,
} from './introspection-guard.ts';
export type {
  DpopOptions,
  IntrospectionOptions,
  ReplayStore,
  ResourceOptions,
  ResourceServerOptions,
  StatusOptions,
  UnavailableProblem,
} from './options.ts';
export { isPreflight, type PresentedHeaders, type PresentedRequest } from './presented-request.ts';
export type { Refusal } from './refusal.ts';
export type { DetailRequirement, Requirement, ScopeList } from './requirement.ts';
export { type ResourceMetadata, type ResourceServer, resourceServer } from './resource-server.ts';
export {
  type BearerChallenge,
  type ChallengeDetails,
  describeTokenRefusal,
  formatBearerChallenge,
  type TokenRefusal,
  type WireTokenRefusal,
} from './token-refusal.ts';
