import { type Claims, combineClaims, fitsToken } from '../custom-claims.ts';
import type { Refusal } from '../refusal.ts';
import { ok, type Result, refuse } from '../result.ts';
import { formatScope, readScope, SCOPE_LENGTH_MAX } from '../scope.ts';
import { type Seconds, seconds } from '../time.ts';
import type { Allowance, ApiAllowance } from './allowance.ts';
import type { Authorization } from './authorization.ts';
import {
  type AuthorizationDetail,
  type JudgedDetail,
  selectDetailApis,
} from './authorization-details.ts';

/** APIs that one token may be for. */
const RESOURCES_MAX = 5;

/** What a token will be good for: these scopes and details, at these APIs. */
export type Target = {
  readonly scope: readonly string[];
  readonly details: readonly AuthorizationDetail[];
  readonly apis: Audience;
  readonly claims: Claims | undefined;
};

type Audience = readonly [ApiAllowance, ...ApiAllowance[]];

/**
 * Chooses scopes and APIs of a new token among those that the client is allowed. All grants do
 * it here, so that none of them gives what another would refuse.
 */
export function selectTarget(
  allowance: Allowance,
  asked: string | undefined,
  resource: readonly string[],
  judged: readonly JudgedDetail[] = [],
): Result<Target, Refusal> {
  const targeted = selectApis(allowance, resource);
  if (!targeted.ok) return targeted;

  const { clientId } = allowance;
  const detailed = selectDetailApis(clientId, targeted.value, judged);
  if (!detailed.ok) return detailed;

  // Details are a request of their own: without `scope` nothing is added to them. RFC 9396 §3.1
  const scope =
    asked === undefined && judged.length > 0
      ? ok([])
      : selectScope(allowance, targeted.value, asked);
  if (!scope.ok) return scope;
  if (formatScope(scope.value).length > SCOPE_LENGTH_MAX)
    return refuse({ reason: 'scope_too_long', clientId });

  const audience = selectAudience(targeted.value, scope.value, detailed.value, resource);
  if (!audience.ok) return audience;
  const apis = checkWithheld(clientId, audience.value, scope.value);
  if (!apis.ok) return apis;
  const claims = selectClaims(apis.value);
  if (!claims.ok) return refuse({ reason: 'claims_conflicting', clientId, claim: claims.refusal });
  if (claims.value !== undefined && !fitsToken(claims.value))
    return refuse({ reason: 'claims_too_large', clientId });
  const details = judged.map(({ detail }) => detail);
  return ok({ scope: scope.value, details, apis: apis.value, claims: claims.value });
}

/**
 * What a token for the target looks like: the first API's settings, the shortest life, and the
 * format that can be recalled if one of the APIs wants it. Its custom claims are those of all APIs.
 */
export function describeTarget(
  allowance: Allowance,
  { scope, details, apis, claims }: Target,
): Pick<
  Authorization,
  | 'audience'
  | 'scope'
  | 'authorizationDetails'
  | 'tokenFormat'
  | 'signingAlgorithm'
  | 'lifetime'
  | 'tokenBindings'
  | 'claims'
  | 'claimsHooks'
> {
  const [first, ...others] = apis;
  const hooks = apis.flatMap(({ claimsHook }) => claimsHook ?? []);
  return {
    audience: apis.map((api) => api.identifier),
    scope,
    authorizationDetails: details.length > 0 ? details : undefined,
    tokenFormat: others.some((api) => api.tokenFormat === 'opaque') ? 'opaque' : first.tokenFormat,
    signingAlgorithm: first.signingAlgorithm,
    lifetime: others.reduce<Seconds>(
      (least, api) => seconds(Math.min(least, api.accessTokenLifetime)),
      first.accessTokenLifetime,
    ),
    tokenBindings: [...allowance.tokenBindings, ...apis.map((api) => api.tokenBinding)],
    claims,
    claimsHooks: hooks.length > 0 ? hooks : undefined,
  };
}

/** A token for one API says what that has it say; it costs nothing where there is no claim. */
const selectClaims = ([first, ...others]: Audience): Result<Claims | undefined, string> =>
  others.length === 0
    ? ok(first.claims)
    : combineClaims([first, ...others].map((api) => api.claims));

/**
 * The APIs that `resource` names, or all of the client's when it names none. RFC 8707 §2.
 *
 * Identifiers are compared as strings. An API that exists but is not granted to the client is
 * the same answer as one that does not exist.
 */
function selectApis(
  allowance: Allowance,
  resource: readonly string[],
): Result<readonly ApiAllowance[], Refusal> {
  if (resource.length === 0) return ok(allowance.apis);
  const apis: ApiAllowance[] = [];
  const identifiers = new Set(resource);
  if (identifiers.size > RESOURCES_MAX)
    return refuse({ reason: 'resources_too_many', clientId: allowance.clientId });
  for (const identifier of identifiers) {
    const api = allowance.apis.find((candidate) => candidate.identifier === identifier);
    if (api === undefined)
      return refuse({ reason: 'resource_not_granted', clientId: allowance.clientId });
    apis.push(api);
  }
  return ok(apis);
}

/**
 * The scopes to grant: all that were asked for, or the defaults, or none at all.
 *
 * "If the client omits the scope parameter when requesting authorization, the authorization
 * server MUST either process the request using a pre-defined default value or fail the request
 * indicating an invalid scope." RFC 6749 §3.3. With `resource`, only scopes of those APIs count:
 * RFC 8707 §2.2.
 */
function selectScope(
  allowance: Allowance,
  apis: readonly ApiAllowance[],
  asked: string | undefined,
): Result<readonly string[], Refusal> {
  const granted = (token: string) => apis.some((api) => api.scopes.has(token));
  if (asked !== undefined) {
    const scope = readScope(asked);
    if (!scope.ok) return scope;
    const foreign = scope.value.filter((token) => !granted(token));
    if (foreign.length > 0)
      return refuse({ reason: 'scope_not_granted', clientId: allowance.clientId, scope: foreign });
    return scope;
  }
  const defaults = allowance.defaultScopes.filter(granted);
  if (defaults.length === 0)
    return refuse({ reason: 'scope_missing', clientId: allowance.clientId });
  return ok(defaults);
}

/**
 * The audience that the granted scopes speak of. RFC 9068 §3.
 *
 * Without `resource`, each scope must belong to one API only: "if the values in the scope
 * parameter refer to different default resource indicator values, the authorization server
 * SHOULD reject the request with invalid_scope", since a token for two APIs would let each of
 * them spend it at the other. Several APIs in one token are the client's choice, by `resource`.
 * So it is for authorization details, whose types belong to one API each.
 */
function selectAudience(
  apis: readonly ApiAllowance[],
  scope: readonly string[],
  detailed: readonly ApiAllowance[],
  resource: readonly string[],
): Result<Audience, Refusal> {
  const meant = detailed.length > 0 ? detailed : apis;
  const [first, ...others] =
    resource.length > 0
      ? apis
      : meant.filter((api) => scope.every((token) => api.scopes.has(token)));
  const several = resource.length === 0 && (others.length > 0 || detailed.length > 1);
  if (first === undefined || several)
    return detailed.length > 0
      ? refuse({ reason: 'authorization_details_ambiguous' })
      : refuse({ reason: 'scope_ambiguous', scope });
  return ok([first, ...others]);
}

/**
 * One scope of a token is one word to every API in its audience. So none of them may have a scope
 * of that name which the client does not hold there, although it holds it at another. RFC 8707 §2.2.
 */
function checkWithheld(
  clientId: string,
  audience: Audience,
  scope: readonly string[],
): Result<Audience, Refusal> {
  const withheld = scope.filter((token) =>
    audience.some(({ withheldScopes }) => withheldScopes.includes(token)),
  );
  return withheld.length > 0
    ? refuse({ reason: 'scope_not_granted', clientId, scope: withheld })
    : ok(audience);
}
