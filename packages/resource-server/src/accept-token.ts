import { type ActiveToken, type Introspection, ok, type Result, refuse } from '@tessera/protocol';
import type { TokenRefusal } from './token-refusal.ts';

/** A token that may be acted upon: what the authorization server vouches for. */
export type AcceptedToken = Omit<ActiveToken, 'active'>;

/** What a token must be. */
export type TokenRequirement = {
  /** The `iss` it must have, when it has one. */
  readonly issuer: string | undefined;
  /** One of these must be in `aud`; empty: whatever the audience. */
  readonly audience: readonly string[];
  /** All of these must be granted. */
  readonly scope: readonly string[];
};

/**
 * Judges what the authorization server said of a token.
 *
 * Its word on time is final: a clock that is wrong here must neither prolong nor end a token.
 * Audience and scope are compared whole; `read` is not in `read:all`.
 */
export function acceptToken(
  token: Introspection,
  required: TokenRequirement,
): Result<AcceptedToken, TokenRefusal> {
  if (!token.active) return refuse({ reason: 'token_inactive' });
  if (required.issuer !== undefined && (token.issuer ?? required.issuer) !== required.issuer)
    return refuse({ reason: 'token_of_another_issuer' });
  if (isBoundToKey(token)) return refuse({ reason: 'token_bound_to_key' });
  if (
    required.audience.length > 0 &&
    !required.audience.some((audience) => token.audience.includes(audience))
  )
    return refuse({ reason: 'token_for_another_audience' });
  if (!required.scope.every((name) => token.scope.includes(name)))
    return refuse({
      reason: 'scope_insufficient',
      required: required.scope,
      clientId: token.clientId,
    });
  const { active: _, ...accepted } = token;
  return ok(accepted);
}

/**
 * A token with a confirmation is worth nothing without the key it names (RFC 7800 §3): taken as a
 * plain bearer token, it would serve whoever stole it. RFC 9449 §7.2, RFC 8705 §3.
 */
const isBoundToKey = ({ members, tokenType }: ActiveToken): boolean =>
  members['cnf'] !== undefined || (tokenType !== undefined && tokenType.toLowerCase() !== 'bearer');
