import type { Form } from '../parameters.ts';
import type { Refusal } from '../refusal.ts';
import { ok, type Result, refuse } from '../result.ts';

/** RFC 8693 §3 */
export const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';
export const JWT_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:jwt';
const ID_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:id_token';

/** A token in a request for an exchange, not looked at yet. */
export type ExchangedToken = {
  readonly text: string;
  /** Ours, or an assertion of an issuer that the realm trusts. */
  readonly kind: 'access_token' | 'assertion';
};

/** What a request for a token exchange asks for. RFC 8693 §2.1 */
export type TokenExchangeRequest = {
  readonly subjectToken: ExchangedToken;
  /** An access token of ours: who acts here is a client of the realm. */
  readonly actorToken: string | undefined;
  readonly requestedTokenType: typeof ACCESS_TOKEN_TYPE | typeof JWT_TOKEN_TYPE;
  readonly scope: string | undefined;
  /** The values of `resource` and of `audience`: here, APIs have one identifier for both. */
  readonly targets: readonly string[];
};

const KINDS: ReadonlyMap<string, ExchangedToken['kind']> = new Map([
  [ACCESS_TOKEN_TYPE, 'access_token'],
  [JWT_TOKEN_TYPE, 'assertion'],
  [ID_TOKEN_TYPE, 'assertion'],
]);

/**
 * Reads the parameters of a token exchange. RFC 8693 §2.1: `subject_token` and its type are
 * REQUIRED; `actor_token_type` is "REQUIRED when the actor_token parameter is present in the
 * request but MUST NOT be included otherwise".
 */
export function readTokenExchange(form: Form): Result<TokenExchangeRequest, Refusal> {
  const { single } = form;
  const subjectToken = single.get('subject_token');
  const subjectTokenType = single.get('subject_token_type');
  if (subjectToken === undefined) return missing('subject_token');
  if (subjectTokenType === undefined) return missing('subject_token_type');
  const kind = KINDS.get(subjectTokenType);
  if (kind === undefined) return unsupported('subject_token_type');

  const actorToken = single.get('actor_token');
  const actorTokenType = single.get('actor_token_type');
  if (actorToken === undefined && actorTokenType !== undefined) return missing('actor_token');
  if (actorToken !== undefined && actorTokenType === undefined) return missing('actor_token_type');
  if (actorTokenType !== undefined && actorTokenType !== ACCESS_TOKEN_TYPE)
    return unsupported('actor_token_type');

  const requestedTokenType = single.get('requested_token_type') ?? ACCESS_TOKEN_TYPE;
  if (requestedTokenType !== ACCESS_TOKEN_TYPE && requestedTokenType !== JWT_TOKEN_TYPE)
    return unsupported('requested_token_type');

  return ok({
    subjectToken: { text: subjectToken, kind },
    actorToken,
    requestedTokenType,
    scope: single.get('scope'),
    targets: [...form.resource, ...form.audience],
  });
}

const missing = (parameter: string) =>
  refuse({ reason: 'exchange_parameter_missing', parameter } as const);

const unsupported = (parameter: string) =>
  refuse({ reason: 'exchange_token_type_unsupported', parameter } as const);
