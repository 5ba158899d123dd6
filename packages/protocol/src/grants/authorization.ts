import type { SigningAlgorithm, TokenBinding, TokenFormat } from '../client.ts';
import type { Claims } from '../custom-claims.ts';
import type { NumericDate, Seconds } from '../time.ts';
import type { AskedHook } from './allowance.ts';
import type { AuthorizationDetail } from './authorization-details.ts';

/** What a grant decided to give: everything a token says, except when and by whom. */
export type Authorization = {
  readonly grantType: string;
  readonly clientId: string;
  /** RFC 9068 §2.2: without a user, the client application itself. */
  readonly subject: string;
  /** Who acts for the subject, the latest first; none: nobody but the subject. RFC 8693 §4.1 */
  readonly actors: readonly string[];
  readonly audience: readonly string[];
  readonly scope: readonly string[];
  /** RFC 9396 §7: the details as they were granted. */
  readonly authorizationDetails?: readonly AuthorizationDetail[] | undefined;
  readonly tokenFormat: TokenFormat;
  readonly signingAlgorithm: SigningAlgorithm;
  readonly lifetime: Seconds;
  /** The token ends no later than this, however long it could live. */
  readonly expiresBy: NumericDate | undefined;
  /** What the token must be bound to: each of these asks for something. */
  readonly tokenBindings: readonly TokenBinding[];
  /** The custom claims of its APIs. */
  readonly claims?: Claims | undefined;
  /** Who is to be asked for more of them before the token is made. */
  readonly claimsHooks?: readonly AskedHook[] | undefined;
};
