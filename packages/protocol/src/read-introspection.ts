import { ok, type Result, refuse } from './result.ts';
import { readScope } from './scope.ts';

/** What an authorization server said of a token. RFC 7662 §2.2. */
export type Introspection = { readonly active: false } | ActiveToken;

export type ActiveToken = {
  readonly active: true;
  readonly scope: readonly string[];
  readonly clientId: string | undefined;
  readonly subject: string | undefined;
  readonly issuer: string | undefined;
  readonly audience: readonly string[];
  readonly tokenType: string | undefined;
  readonly jti: string | undefined;
  /** Seconds since 1970. */
  readonly issuedAt: number | undefined;
  readonly expiresAt: number | undefined;
  /** All that was answered, members of extensions too. */
  readonly members: Readonly<Record<string, unknown>>;
};

export type IntrospectionProblem = {
  readonly reason: 'introspection_malformed';
  readonly member: string;
};

/**
 * Reads an introspection response.
 *
 * Only the literal `true` is active, and a member of the wrong type is refused with all the rest:
 * whoever guards an API must not guess what an authorization server meant.
 */
export function readIntrospection(document: unknown): Result<Introspection, IntrospectionProblem> {
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return malformed('active');
  const members = document as Readonly<Record<string, unknown>>;
  if (members['active'] === false) return ok({ active: false });
  if (members['active'] !== true) return malformed('active');

  for (const name of ['client_id', 'sub', 'iss', 'token_type', 'jti', 'scope'])
    if (members[name] !== undefined && typeof members[name] !== 'string') return malformed(name);
  for (const name of ['exp', 'iat', 'nbf'])
    if (members[name] !== undefined && !Number.isFinite(members[name])) return malformed(name);
  const audience = readAudience(members['aud']);
  if (audience === undefined) return malformed('aud');
  const scope = text(members['scope']);
  // An empty string is not in the grammar, but the way some servers say "no scope".
  const tokens = scope === undefined || scope === '' ? ok([]) : readScope(scope);
  if (!tokens.ok) return malformed('scope');

  return ok({
    active: true,
    scope: tokens.value,
    clientId: text(members['client_id']),
    subject: text(members['sub']),
    issuer: text(members['iss']),
    audience,
    tokenType: text(members['token_type']),
    jti: text(members['jti']),
    issuedAt: number(members['iat']),
    expiresAt: number(members['exp']),
    members,
  });
}

const malformed = (member: string) =>
  refuse({ reason: 'introspection_malformed', member } as const);

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

const number = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;

/** One string or several. RFC 7519 §4.1.3. */
function readAudience(value: unknown): readonly string[] | undefined {
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;
}
