import { ACTORS_MAX } from '../acting-party.ts';
import { TOKEN_EXCHANGE_GRANT, type TokenExchangeMode } from '../client.ts';
import type { Refusal } from '../refusal.ts';
import { ok, type Result, refuse } from '../result.ts';
import type { Allowance } from './allowance.ts';
import type { Authorization } from './authorization.ts';
import type { ExchangedSubject } from './exchanged-token.ts';
import { describeTarget, selectTarget } from './select-target.ts';
import { JWT_TOKEN_TYPE, type TokenExchangeRequest } from './token-exchange-request.ts';

/**
 * Decides a token exchange: another token about the same subject, never for more and never for
 * longer. RFC 8693 §2.
 *
 * Its scopes are among those of the subject's token and among those that the client may have at
 * the target, its targets among those of the client, and it ends with the token that it is made
 * of. `actor` is the client of an actor token that was verified, `mode` what the client may do
 * without one: unless it was allowed to impersonate, it is named as the party that acts. RFC 8693 §1.1
 */
export function decideTokenExchange(
  allowance: Allowance,
  request: TokenExchangeRequest,
  subject: ExchangedSubject,
  actor: string | undefined,
  mode: TokenExchangeMode,
): Result<Authorization, Refusal> {
  const { clientId } = allowance;
  const acting = actor ?? (mode === 'impersonation' ? undefined : clientId);
  const user = acting ?? clientId;
  if (subject.mayAct !== undefined && subject.mayAct !== user)
    return refuse({ reason: 'actor_not_authorized', clientId, actor: user });

  const actors = addActor(subject, acting);
  if (actors.length > ACTORS_MAX) return refuse({ reason: 'actors_too_many', max: ACTORS_MAX });

  const narrowed = narrow(allowance, subject.scope);
  const target = selectTarget(narrowed, request.scope, request.targets);
  if (!target.ok) return target;
  const described = describeTarget(narrowed, target.value);
  if (request.requestedTokenType === JWT_TOKEN_TYPE && described.tokenFormat !== 'jwt')
    return refuse({ reason: 'jwt_not_available', clientId });
  return ok({
    grantType: TOKEN_EXCHANGE_GRANT,
    clientId,
    subject: subject.subject,
    actors,
    ...described,
    expiresBy: subject.expiresAt,
  });
}

/**
 * RFC 8693 §4.1: "the outermost act claim represents the current actor". Whoever acts already, or
 * for itself, is not named once more.
 */
function addActor({ subject, actors }: ExchangedSubject, acting: string | undefined) {
  const current = actors[0] ?? subject;
  return acting === undefined || acting === current ? actors : [acting, ...actors];
}

/** What remains of an allowance among the scopes of a token, which are also its defaults. */
function narrow(allowance: Allowance, scope: readonly string[] | undefined): Allowance {
  if (scope === undefined) return allowance;
  return {
    ...allowance,
    defaultScopes: scope,
    apis: allowance.apis.map((api) => ({
      ...api,
      scopes: new Set(scope.filter((token) => api.scopes.has(token))),
    })),
  };
}
