/**
 * Claims that say what a token is, and members by which introspection tells it. Only this server
 * writes them: whoever could set one of them would write tokens of its own.
 *
 * `roles`, `groups` and `entitlements` are not among them, although they are registered:
 * RFC 9068 §2.2.3.1 has them for exactly what custom claims are for.
 */
const RESERVED = [
  // RFC 7519 §4.1
  ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'],
  // RFC 9068 §2.2: who was given what, and how somebody was authenticated
  ['client_id', 'scope', 'auth_time', 'acr', 'amr'],
  // RFC 7800 §3.1, and the members that RFC 8705 §3.1 and RFC 9449 §6.1 put into it
  ['cnf', 'x5t#S256', 'jkt'],
  // RFC 8693 §4.1, §4.4
  ['act', 'may_act'],
  // RFC 9396 §9.1
  ['authorization_details'],
  // RFC 9449 §4.2
  ['htm', 'htu', 'ath', 'nonce'],
  // Token status lists
  ['status', 'status_list', 'ttl'],
  // RFC 7662 §2.2, RFC 9701 §5
  ['active', 'username', 'token_type', 'token_introspection'],
  // OpenID Connect, whose tokens these must not be taken for
  ['azp', 'at_hash', 'c_hash', 's_hash', 'sid', 'sub_jwk', 'events'],
  // PingAM's and ours
  ['grant_type', 'expires_in', 'access_token', 'realm', 'tokenName', 'authGrantId'],
  ['auditTrackingId', 'auth_level', 'cts', 'subname'],
  // What other servers' tokens call scopes and clients: APIs that know those would believe them
  ['scp', 'cid', 'appid', 'sub_id'],
  // Not a name like any other to readers that are careless
  ['__proto__'],
].flat();

const NAMES: ReadonlySet<string> = new Set(RESERVED);

/** Those names, in the order of their specifications. */
export const RESERVED_CLAIMS: readonly string[] = RESERVED.filter((name) => name !== '__proto__');

/** Whether only this server may write a claim of this name. RFC 7519 §4.1, RFC 9068 §2.2 */
export const isReservedClaim = (name: string): boolean => NAMES.has(name);
