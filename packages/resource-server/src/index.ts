/** Accept or refuse access tokens at an API: the public surface on one screen. */
export type {
  AssertionAlgorithm,
  AuthenticatedCall,
  AuthorizationDetail,
  ClientAuthentication,
  Confirmation,
  Presentation,
  Result,
} from '@tessera/protocol';
export type { AcceptedToken } from './accepted-token.ts';
export type { Fetch, Transport } from './exchange.ts';
export type {
  DpopOptions,
  IntrospectionOptions,
  KeyOptions,
  ResourceOptions,
  ResourceServerOptions,
  StatusOptions,
  UnavailableProblem,
} from './options.ts';
export { isPreflight, type PresentedHeaders, type PresentedRequest } from './presented-request.ts';
export type { Refusal } from './refusal.ts';
export { type ProofHolder, type ReplayStore, replayMemory } from './replay-memory.ts';
export type { DetailRequirement, Requirement, ScopeList } from './requirement.ts';
export type { ResourceMetadata } from './resource-metadata.ts';
export type { ResourceServer } from './resource-server.ts';
export type { TokenRefusal } from './token-refusal.ts';
export { resourceServer } from './web.ts';
