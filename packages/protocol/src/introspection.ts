import { describeAudience, type TokenFacts, tokenTypeOf } from './access-token.ts';
import { type ActingPartyClaim, describeActors } from './acting-party.ts';
import type { AmActiveToken } from './am-introspection.ts';
import { type ConfirmationClaim, describeConfirmation } from './confirmation.ts';
import { addCustomClaims } from './custom-claims.ts';
import type { AuthorizationDetail } from './grants/authorization-details.ts';
import { formatScope } from './scope.ts';
import type { NumericDate } from './time.ts';

/** RFC 7662 §2.2. An inactive token is one member and no more; what is undefined is not written. */
export type IntrospectionResponse =
  | { readonly active: false }
  | ActiveTokenDescription
  | AmActiveToken;

type ActiveTokenDescription = {
  readonly active: true;
  readonly scope?: string | undefined;
  readonly authorization_details?: readonly AuthorizationDetail[] | undefined;
  readonly client_id: string;
  readonly token_type: 'Bearer' | 'DPoP';
  readonly exp: number;
  readonly iat: number;
  readonly sub: string;
  readonly aud: string | readonly string[];
  readonly iss: string;
  readonly jti: string;
  /** RFC 9449 §6.2, RFC 8705 §3.2 */
  readonly cnf?: ConfirmationClaim | undefined;
  /** RFC 8693 §4.1 */
  readonly act?: ActingPartyClaim | undefined;
};

/** How an active token is put into words for somebody who may learn of it, and of these details. */
export type DescribeActiveToken = (
  token: TokenFacts,
  details: readonly AuthorizationDetail[],
  now: NumericDate,
) => Exclude<IntrospectionResponse, { readonly active: false }>;

/** Who asks, and what it may learn of. */
export type Asker = {
  readonly clientId: string;
  /** May learn of every token of its realm: PingAM's `am-introspect-all-tokens`. */
  readonly ofWholeRealm: boolean;
  /** Identifiers of the APIs that named this client as one that may introspect. */
  readonly apis: readonly string[];
  /** Types of authorization details that these APIs have. */
  readonly detailTypes: readonly string[];
};

/** The scope in a client's profile by which PingAM lets it introspect every token of the realm. */
export const INTROSPECT_ALL_SCOPE = 'am-introspect-all-tokens';

const INACTIVE = { active: false } as const;

/**
 * What the caller learns of a token. RFC 7662 §2.2.
 *
 * "If the token is not active, does not exist on this server, or the protected resource is not
 * allowed to introspect this particular token, then the authorization server MUST return an
 * introspection response with the "active" field set to "false"" and "SHOULD NOT include any
 * additional information". Signature, realm and revocation were settled when the facts were
 * found: `undefined` is a token that failed there.
 */
export function describeToken(
  token: TokenFacts | undefined,
  asker: Asker,
  now: NumericDate,
  describe: DescribeActiveToken = describeActiveToken,
): IntrospectionResponse {
  if (token === undefined || token.expiresAt <= now || !mayLearnOf(token, asker)) return INACTIVE;
  return describe(token, selectDetails(token, asker), now);
}

export function describeActiveToken(
  token: TokenFacts,
  details: readonly AuthorizationDetail[],
): ActiveTokenDescription {
  const { scope, confirmation } = token;
  const act = describeActors(token.actors);
  const said: ActiveTokenDescription = {
    active: true,
    scope: scope.length > 0 ? formatScope(scope) : undefined,
    authorization_details: details.length > 0 ? details : undefined,
    client_id: token.clientId,
    token_type: tokenTypeOf(token),
    exp: token.expiresAt,
    iat: token.issuedAt,
    sub: token.subject,
    aud: describeAudience(token.audience),
    iss: token.issuer,
    jti: token.jti,
    cnf: confirmation && describeConfirmation(confirmation),
    act,
  };
  // "Specific implementations MAY extend this structure with their own service-specific response names"
  return addCustomClaims(said, token.claims);
}

/** Its own token, one addressed to it, one of an API that trusts it, or any if the realm does. */
function mayLearnOf(token: TokenFacts, asker: Asker): boolean {
  return asker.ofWholeRealm || token.clientId === asker.clientId || isAddressedTo(token, asker);
}

/** Whether the caller is one whom the token was made for: by its id, or by an API of its own. */
export const isAddressedTo = (
  { audience }: TokenFacts,
  { clientId, apis }: Pick<Asker, 'clientId' | 'apis'>,
): boolean => audience.includes(clientId) || apis.some((api) => audience.includes(api));

/**
 * The authorization details that are the asker's business: all of its own token, else those of the
 * APIs it speaks for. RFC 9396 §9.2: the resource server is told what it needs to decide.
 */
function selectDetails(token: TokenFacts, asker: Asker): readonly AuthorizationDetail[] {
  const details = token.authorizationDetails ?? [];
  return asker.ofWholeRealm || token.clientId === asker.clientId
    ? details
    : details.filter(({ type }) => asker.detailTypes.includes(type));
}
