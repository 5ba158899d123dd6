import { GRANT_TYPES, type SecurityProfile, type SigningAlgorithm } from './client.ts';
import { profileRules } from './security-profile.ts';

/** What of a realm shows in its metadata. */
export type AdvertisedRealm = {
  readonly issuer: string;
  /** Grant types enabled on the provider; those this server can't serve are not advertised. */
  readonly grantTypes: readonly string[];
  readonly scopes: readonly string[];
  /** Types of authorization details, of all APIs. */
  readonly detailTypes: readonly string[];
  /** How signed answers of introspection are signed. */
  readonly introspectionAlgorithms: readonly SigningAlgorithm[];
  readonly securityProfile: SecurityProfile;
  /** Whether tokens name their status list. Token Status List §9.1 */
  readonly hasStatusLists?: boolean;
  /** Whether clients may register themselves. RFC 7591 §3 */
  readonly registersClients?: boolean;
  /** Whether the id of a client may be the address of a document that says what it is. */
  readonly believesDocuments?: boolean;
  /** Whether certificates of callers can reach the server. RFC 8705 §3.3 */
  readonly acceptsCertificates?: boolean;
  /** The issuer at the address that asks for certificates, if that is another. RFC 8705 §5 */
  readonly mtlsIssuer?: string | undefined;
};

/**
 * Authorization server metadata. RFC 8414 §2: what is advertised is what is enforced.
 *
 * `response_types_supported` is REQUIRED there, yet nobody is asked for authorization and "claims
 * with zero elements MUST be omitted" (RFC 8414 §3.2). Known clients (the MCP SDK among them) refuse
 * a document without the member, so it is the one empty array that is sent. They also insist on an
 * `authorization_endpoint`; the one that is named refuses every request (RFC 6749 §3.1.1).
 */
export function describeMetadata(realm: AdvertisedRealm): Record<string, unknown> {
  const rules = profileRules(realm.securityProfile);
  const methods = rules.authenticationMethods.filter(
    (method) =>
      method !== 'none' &&
      (realm.acceptsCertificates === true || !method.includes('tls_client_auth')),
  );
  const grantTypes = GRANT_TYPES.filter((grantType) => realm.grantTypes.includes(grantType));
  return {
    ...(rules.responses.hasOpenIdMetadata && { version: '3.0' }),
    issuer: realm.issuer,
    authorization_endpoint: `${realm.issuer}/authorize`,
    ...endpointsOf(realm.issuer),
    jwks_uri: `${realm.issuer}/connect/jwk_uri`,
    ...(realm.registersClients && { registration_endpoint: `${realm.issuer}/register` }),
    ...(realm.hasStatusLists && {
      status_list_aggregation_endpoint: `${realm.issuer}/status-lists`,
    }),
    ...(realm.believesDocuments && { client_id_metadata_document_supported: true }),
    ...(grantTypes.length > 0 && { grant_types_supported: grantTypes }),
    ...describeAuthentication('token_endpoint', methods, rules.assertionAlgorithms),
    ...describeAuthentication('introspection_endpoint', methods, rules.assertionAlgorithms),
    ...describeAuthentication('revocation_endpoint', methods, rules.assertionAlgorithms),
    dpop_signing_alg_values_supported: rules.proofAlgorithms,
    // RFC 9701 §7.
    introspection_signing_alg_values_supported: realm.introspectionAlgorithms,
    ...(realm.scopes.length > 0 && { scopes_supported: realm.scopes }),
    // RFC 9396 §10.
    ...(realm.detailTypes.length > 0 && {
      authorization_details_types_supported: realm.detailTypes,
    }),
    ...(realm.acceptsCertificates && { tls_client_certificate_bound_access_tokens: true }),
    ...(realm.mtlsIssuer !== undefined && {
      mtls_endpoint_aliases: endpointsOf(realm.mtlsIssuer),
    }),
    response_types_supported: [],
    ...(rules.responses.hasOpenIdMetadata && describeOpenId(realm)),
  };
}

/**
 * What readers of OpenID Connect Discovery 1.0 §3 insist on, or take for granted when it is left
 * out (`request_uri_parameter_supported`). No ID token is issued: if one were, it would be so.
 */
const describeOpenId = ({ introspectionAlgorithms }: AdvertisedRealm) => ({
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: introspectionAlgorithms,
  claims_parameter_supported: false,
  request_parameter_supported: false,
  request_uri_parameter_supported: false,
  require_request_uri_registration: false,
  require_pushed_authorization_requests: false,
  backchannel_logout_supported: false,
  backchannel_logout_session_supported: false,
});

/** RFC 8414 §2: the algorithms "MUST be present if" a method is listed that signs a JWT. */
const describeAuthentication = (
  endpoint: string,
  methods: readonly string[],
  algorithms: readonly string[],
): Record<string, unknown> => ({
  [`${endpoint}_auth_methods_supported`]: methods,
  [`${endpoint}_auth_signing_alg_values_supported`]: algorithms,
});

/** Those to which a client proves itself. */
const endpointsOf = (base: string) => ({
  token_endpoint: `${base}/access_token`,
  introspection_endpoint: `${base}/introspect`,
  revocation_endpoint: `${base}/token/revoke`,
});
