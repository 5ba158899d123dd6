import { type AuthorizationDetail, isScopeToken, readScope } from '@tessera/protocol';
import type { AcceptedToken } from './accepted-token.ts';
import type { TokenRefusal } from './token-refusal.ts';

/** Scope names separated by spaces, or as a list. */
export type ScopeList = string | readonly string[];

/**
 * What one of the granted authorization details has to allow: all that is named here, whatever
 * else it allows. RFC 9396 §2
 */
export type DetailRequirement = {
  readonly type: string;
  readonly actions?: readonly string[] | undefined;
  readonly locations?: readonly string[] | undefined;
  readonly datatypes?: readonly string[] | undefined;
  readonly privileges?: readonly string[] | undefined;
  readonly identifier?: string | undefined;
  /** For members of the type's own. */
  readonly where?: ((detail: Readonly<Record<string, unknown>>) => boolean) | undefined;
};

/** What one operation of the API needs of a token; every member may be left out. */
export type Requirement = {
  /** All of these. */
  readonly scope?: ScopeList | undefined;
  /** At least one of these. */
  readonly anyScope?: ScopeList | undefined;
  /** For each of these, one detail that covers it. */
  readonly authorizationDetails?: readonly DetailRequirement[] | undefined;
  /** `client`: only a client that acts for itself; `other`: only one that acts for somebody else. */
  readonly subject?: 'client' | 'other' | undefined;
  /** The key that the token has to be bound to; `any`: one of them, whichever. */
  readonly boundTo?: 'any' | 'dpop' | 'certificate' | undefined;
};

/**
 * Judges whether a good token is enough for an operation, and for what every operation needs;
 * undefined: it is. Names are compared whole: `read` is not in `read:all`. RFC 6749 §3.3
 *
 * Throws a TypeError for a requirement that no token can ever meet.
 */
export function checkRequirements(
  token: AcceptedToken,
  always: Requirement | undefined,
  operation: Requirement | undefined,
): TokenRefusal | undefined {
  return (
    (always && checkBinding(token, always)) ??
    (operation && checkBinding(token, operation)) ??
    checkScopes(token, always, operation) ??
    (always && checkRest(token, always)) ??
    (operation && checkRest(token, operation))
  );
}

function checkBinding(token: AcceptedToken, { boundTo }: Requirement): TokenRefusal | undefined {
  return boundTo === undefined || isBoundTo(token, boundTo)
    ? undefined
    : { reason: 'token_not_bound', clientId: token.clientId };
}

/** The challenge names what both need together: who came back with one half would be refused again. */
function checkScopes(
  { scope: granted, clientId }: AcceptedToken,
  always: Requirement | undefined,
  operation: Requirement | undefined,
): TokenRefusal | undefined {
  if (hasScopes(granted, always) && hasScopes(granted, operation)) return undefined;
  return {
    reason: 'scope_insufficient',
    required: scopesForBoth(granted, always, operation),
    clientId,
  };
}

function hasScopes(granted: readonly string[], requirement: Requirement | undefined): boolean {
  if (requirement === undefined) return true;
  const { scope, anyScope } = requirement;
  // The usual case costs no reading: what was granted by this name is a scope, and one alone.
  if (typeof scope === 'string' && anyScope === undefined && granted.includes(scope)) return true;
  return scopesFor(granted, requirement).every((name) => granted.includes(name));
}

/** What a token needs for an operation and for what every operation needs, each name once. */
const scopesForBoth = (
  granted: readonly string[],
  always: Requirement = {},
  operation: Requirement = {},
): readonly string[] => [
  ...new Set([...scopesFor(granted, always), ...scopesFor(granted, operation)]),
];

/** What is to be asked for by who has no token yet. */
export const requiredScopes = (
  always: Requirement | undefined,
  operation: Requirement | undefined,
): readonly string[] => scopesForBoth([], always, operation);

/**
 * The scopes that would do: of several of which one is enough one that was granted, else the first,
 * for who asked for all of them might get none.
 */
function scopesFor(granted: readonly string[], requirement: Requirement): readonly string[] {
  const { all, any } = readRequiredScopes(requirement);
  const one = any.find((name) => granted.includes(name)) ?? any[0];
  return one === undefined ? all : [...all, one];
}

function checkRest(
  token: AcceptedToken,
  { subject, authorizationDetails }: Requirement,
): TokenRefusal | undefined {
  const { clientId } = token;
  if (subject !== undefined && token.subjectIsClient !== (subject === 'client'))
    return { reason: 'subject_not_allowed', clientId };
  const lacking = authorizationDetails?.find(
    (required) => !token.authorizationDetails.some((detail) => covers(detail, required)),
  );
  return lacking === undefined
    ? undefined
    : { reason: 'authorization_details_insufficient', type: lacking.type, clientId };
}

/** The names of a list that a programmer wrote; one that can never be granted is a TypeError. */
function readScopeList(scope: ScopeList | undefined): readonly string[] {
  if (scope === undefined) return [];
  const names = typeof scope === 'string' ? readScope(scope) : undefined;
  if (names?.ok === true) return names.value;
  if (typeof scope !== 'string' && scope.every(isScopeToken)) return scope;
  throw new TypeError(`${JSON.stringify(scope)} is no list of scopes`);
}

/**
 * The scopes that a requirement names. One of none is no requirement: a list that a configuration
 * left empty must not let every token in.
 */
export function readRequiredScopes({ scope, anyScope }: Requirement): {
  readonly all: readonly string[];
  readonly any: readonly string[];
} {
  if (anyScope?.length === 0) throw new TypeError('anyScope names no scope of which one would do');
  return { all: readScopeList(scope), any: readScopeList(anyScope) };
}

function isBoundTo(
  { confirmation }: AcceptedToken,
  key: NonNullable<Requirement['boundTo']>,
): boolean {
  if (confirmation === undefined) return false;
  if (key === 'any') return true;
  return (key === 'dpop' ? confirmation.jkt : confirmation.certificateThumbprint) !== undefined;
}

const LISTS = ['actions', 'locations', 'datatypes', 'privileges'] as const;

/** Whether a detail allows all that is required. A list that it lacks allows nothing here. */
function covers(detail: AuthorizationDetail, required: DetailRequirement): boolean {
  return (
    detail.type === required.type &&
    LISTS.every((name) => includesAll(detail[name], required[name])) &&
    (required.identifier === undefined || detail['identifier'] === required.identifier) &&
    (required.where === undefined || required.where(detail))
  );
}

const includesAll = (granted: unknown, required: readonly string[] | undefined): boolean =>
  required === undefined ||
  (Array.isArray(granted) && required.every((one) => granted.includes(one)));
