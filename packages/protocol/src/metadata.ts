import { GRANT_TYPES, TOKEN_ENDPOINT_AUTH_METHODS } from './client.ts';

/** What of a realm shows in its metadata. */
export type AdvertisedRealm = {
  readonly issuer: string;
  /** Grant types enabled on the provider; those this server can't serve are not advertised. */
  readonly grantTypes: readonly string[];
  readonly scopes: readonly string[];
};

/**
 * Authorization server metadata. RFC 8414 §2: what is advertised is what is enforced.
 *
 * `response_types_supported` is REQUIRED there, yet there is no authorization endpoint and "claims
 * with zero elements MUST be omitted" (RFC 8414 §3.2). Known clients (the MCP SDK among them) refuse a
 * document without the member, so it is the one empty array that is sent.
 */
export function describeMetadata(realm: AdvertisedRealm): Record<string, unknown> {
  const methods = TOKEN_ENDPOINT_AUTH_METHODS.filter((method) => method !== 'none');
  const grantTypes = GRANT_TYPES.filter((grantType) => realm.grantTypes.includes(grantType));
  return {
    issuer: realm.issuer,
    token_endpoint: `${realm.issuer}/access_token`,
    introspection_endpoint: `${realm.issuer}/introspect`,
    revocation_endpoint: `${realm.issuer}/token/revoke`,
    jwks_uri: `${realm.issuer}/connect/jwk_uri`,
    ...(grantTypes.length > 0 && { grant_types_supported: grantTypes }),
    token_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    ...(realm.scopes.length > 0 && { scopes_supported: realm.scopes }),
    response_types_supported: [],
  };
}
