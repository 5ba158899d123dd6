import type { TokenEndpointAuthMethod, VerificationKey } from '@tessera/protocol';
import type { RegisteredClient } from '../model/client.ts';
import type { OneTimeIdentifier } from './spend-identifiers.ts';

/** A client that was believed. */
export type AuthenticatedClient = RegisteredClient & {
  /** `federated_jwt`: by an assertion of an issuer that is trusted, which has no registered name. */
  readonly method: TokenEndpointAuthMethod | 'federated_jwt';
  /** The credential that was believed; undefined for a public client, which has none. */
  readonly credentialId: string | undefined;
  /** The key that signed its assertion; undefined: it proved itself otherwise. */
  readonly signedBy?: VerificationKey | undefined;
  /** What must be spent, once everything else was verified and before anything is given. */
  readonly spends: readonly OneTimeIdentifier[];
  /**
   * What the assertion uses up that is its grant as well; undefined: it authenticated otherwise.
   * RFC 7523 §2.1
   */
  readonly grantSpends?: readonly OneTimeIdentifier[];
};
