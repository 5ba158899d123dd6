import type { Allowance, Authorization, Possession, Refusal, Result } from '@tessera/protocol';
import type { AuthenticatedClient } from '../../clients/authenticated-client.ts';
import type { OneTimeIdentifier } from '../../clients/spend-identifiers.ts';
import type { Environment } from '../../environment.ts';
import type { OAuthRequest } from '../oauth-request.ts';

/** A token request whose caller is believed, and which asks for a grant that it may use. */
export type GrantRequest = {
  readonly request: OAuthRequest;
  readonly caller: AuthenticatedClient;
  readonly allowance: Allowance;
  /** The keys that the caller has shown to hold. */
  readonly possession: Possession;
};

export type GrantDecision = {
  readonly authorization: Authorization;
  /** What the grant itself uses up, last before the token is made. */
  readonly spends: readonly OneTimeIdentifier[];
  /** RFC 8693 §2.2.1 */
  readonly issuedTokenType?: string;
};

export type GrantEnvironment = Pick<
  Environment,
  'store' | 'keyRing' | 'hasher' | 'addresses' | 'keySets'
>;

/** One grant type: verifies what the request brings as its grant, then lets the protocol decide. */
export type Grant = (
  env: GrantEnvironment,
  asked: GrantRequest,
) => Promise<Result<GrantDecision, Refusal>>;
