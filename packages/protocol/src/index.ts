/** The public surface of the protocol: RFC rules as pure functions, on one screen. */
export {
  ACCESS_TOKEN_LENGTH_MAX,
  ACCESS_TOKEN_TYP,
  type AccessTokenClaims,
  describeClaims,
  describeNewToken,
  type TokenFacts,
} from './access-token.ts';
export { ACTORS_MAX, type ActingPartyClaim, describeActors, readActors } from './acting-party.ts';
export {
  ALLOWED_ADDRESSES_MAX,
  isAllowedAddress,
  readAllowedAddress,
} from './allowed-addresses.ts';
export type { AmAccessTokenClaims } from './am-access-token.ts';
export { decodeBase64url } from './base64url.ts';
export {
  type ClaimCondition,
  canBothHold,
  findClaim,
  isClaimPattern,
  matchesConditions,
} from './claim-conditions.ts';
export { ATTRIBUTE_NAME, type ClaimSources } from './claim-template.ts';
export {
  CLAIMS_REQUEST_HEADER,
  CLAIMS_REQUEST_TYP,
  type ClaimsRequest,
  type ClaimsRequestProof,
  describeClaimsRequestProof,
} from './claims-request.ts';
export {
  type ClientType,
  GRANT_TYPES,
  type GrantType,
  isGrantType,
  JWT_BEARER_GRANT,
  SECURITY_PROFILES,
  type SecurityProfile,
  SIGNING_ALGORITHMS,
  type SigningAlgorithm,
  TOKEN_BINDINGS,
  TOKEN_ENDPOINT_AUTH_METHODS,
  TOKEN_EXCHANGE_GRANT,
  TOKEN_EXCHANGE_MODES,
  TOKEN_FORMATS,
  type TokenBinding,
  type TokenEndpointAuthMethod,
  type TokenExchangeMode,
  type TokenFormat,
} from './client.ts';
export {
  ASSERTION_AGE_MAX,
  ASSERTION_LIFETIME_MAX,
  ASSERTION_SKEW,
  type AssertionExpectation,
  type AssertionProblem,
  type AssertionUse,
  type ClientAssertion,
  checkClientAssertion,
  readClientAssertion,
  readGrantAssertion,
} from './client-assertion.ts';
export {
  CLIENT_ASSERTION_TYPE,
  type ClientAssertionType,
  SPIFFE_ASSERTION_TYPE,
} from './client-assertion-type.ts';
export {
  type AuthenticatedCall,
  type ClientAuthentication,
  formatBasicText,
  type Presentation,
} from './client-authentication.ts';
export {
  CERTIFICATE_SUBJECT_KINDS,
  type CertificateFacts,
  type CertificateSubject,
  type CertificateSubjectKind,
  matchesSubject,
  type PresentedCertificate,
  readCertificateSubject,
} from './client-certificate.ts';
export {
  type AuthorizationHeader,
  CREDENTIAL_LENGTH_MAX,
  type IdAndSecret,
  isClientId,
  type PresentedCredentials,
  readCredentials,
} from './client-credentials.ts';
export { CLIENT_ID_DOCUMENT_BYTES_MAX, readClientIdDocument } from './client-id-document.ts';
export { hostOfClientIdUrl, isAllowedHost, isMetadataHost } from './client-id-url.ts';
export {
  type ClientMetadata,
  type MetadataRefusal,
  type RegistrationRules,
  readClientMetadata,
} from './client-metadata.ts';
export {
  type Base64urlDecoder,
  type CompactJws,
  isJwtType,
  type JwsHeader,
  portableDecoder,
  readCompactJws,
  readCompactJwsWith,
  readJwsHeader,
} from './compact-jws.ts';
export {
  type BindingRequirement,
  type Confirmation,
  type ConfirmationClaim,
  combineBindings,
  describeConfirmation,
  type Possession,
  readConfirmation,
  selectConfirmation,
} from './confirmation.ts';
export {
  type ClaimProblem,
  type Claims,
  type ClaimsAnswerProblem,
  type ClaimsHook,
  CUSTOM_CLAIMS_BYTES_MAX,
  CUSTOM_CLAIMS_MAX,
  type CustomClaim,
  combineClaims,
  findClaimProblem,
  fitsToken,
  readClaimsAnswer,
  resolveClaims,
  selectCustomClaims,
} from './custom-claims.ts';
export {
  DER,
  type DerElement,
  formatHex,
  readDer,
  readDerAll,
  readDerOid,
  readDerText,
} from './der.ts';
export {
  isProtectedAddress,
  type MetadataProblem,
  metadataAddresses,
  readMetadata,
  type ServerMetadata,
} from './discovery.ts';
export {
  type DistinguishedName,
  formatDistinguishedName,
  type NameAttribute,
  parseDistinguishedName,
  readNameAttribute,
  sameName,
} from './distinguished-name.ts';
export {
  checkDpopProof,
  DPOP_PROOF_LENGTH_MAX,
  DPOP_WINDOW,
  type DpopExpectation,
  type DpopProblem,
  type DpopProof,
  type DpopProofUse,
  readDpopProof,
} from './dpop.ts';
export type { Allowance, ApiAllowance, AskedHook, DetailSchema } from './grants/allowance.ts';
export type { Authorization } from './grants/authorization.ts';
export {
  type AuthorizationDetail,
  DETAIL_TYPE_LENGTH_MAX,
  isDetails,
  type JudgedDetail,
  readAuthorizationDetails,
} from './grants/authorization-details.ts';
export { decideClientCredentials } from './grants/client-credentials-grant.ts';
export {
  checkActorToken,
  checkSubjectToken,
  describeSubjectRefusal,
  type ExchangedSubject,
  type Exchanger,
  readForeignSubject,
} from './grants/exchanged-token.ts';
export { formatForeignSubject, isForeignSubject } from './grants/foreign-subject.ts';
export { selectGrantType } from './grants/grant-type.ts';
export {
  decideJwtBearer,
  decideServiceAccount,
  describeAssertionRefusal,
} from './grants/jwt-bearer-grant.ts';
export { decideTokenExchange } from './grants/token-exchange-grant.ts';
export { readTokenExchange, type TokenExchangeRequest } from './grants/token-exchange-request.ts';
export {
  type Asker,
  describeToken,
  INTROSPECT_ALL_SCOPE,
  type IntrospectionResponse,
} from './introspection.ts';
export {
  type IpAddress,
  isWithin,
  type Network,
  readIpAddress,
  readNetwork,
} from './ip-address.ts';
export { isJsonObject, readJson } from './json.ts';
export type { PublicJwk } from './jwk.ts';
export {
  ASSERTION_ALGORITHMS,
  type AssertionAlgorithm,
  FAPI_ALGORITHMS,
  isAssertionAlgorithm,
  isSymmetricAlgorithm,
  keyFits,
  SIGNATURE_FORMS,
  SYMMETRIC_ALGORITHMS,
  type SymmetricAlgorithm,
} from './jws-algorithm.ts';
export { describeKeySetProblem, type KeySetProblem, readKeySet, selectKeys } from './key-set.ts';
export { type AdvertisedRealm, describeMetadata } from './metadata.ts';
export { decode, encode, type Form, readForm } from './parameters.ts';
export {
  type ActiveToken,
  type Introspection,
  type IntrospectionProblem,
  readIntrospection,
} from './read-introspection.ts';
export type { ErrorCode, Refusal, RefusalReason } from './refusal.ts';
export { isReservedClaim, RESERVED_CLAIMS } from './reserved-claims.ts';
export {
  type AccessTokenTyp,
  isAccessToken,
  type ResponseProfile,
  readScopeClaim,
} from './response-profile.ts';
export { ok, type Result, refuse } from './result.ts';
export { formatScope, isScopeToken, readScope } from './scope.ts';
export { type ProfileRules, profileRules } from './security-profile.ts';
export {
  describeSignedIntrospection,
  SIGNED_INTROSPECTION_TYP,
  SIGNED_INTROSPECTION_TYPE,
  type SignedIntrospectionClaims,
  wantsSignedIntrospection,
} from './signed-introspection.ts';
export {
  findStatus,
  isStatusBits,
  STATUS_BITS,
  STATUS_INVALID,
  STATUS_SUSPENDED,
  STATUS_VALID,
  type StatusBits,
} from './status-list.ts';
export {
  type AggregatedStatus,
  type AggregationDocument,
  judgeByAggregation,
  REALM_HOLDER,
  REVOKED_FOREVER,
  readAggregation,
  type StatusListAggregation,
} from './status-list-aggregation.ts';
export { formatListName, readListName, type StatusListName } from './status-list-name.ts';
export {
  composeStatusList,
  indexOfPlace,
  LIST_PLACES,
  LIST_WINDOW_SECONDS,
  ORDER_BYTES,
  PLACES_PER_SECOND,
  placeOf,
  placeOfIndex,
  startOfWindow,
  windowOf,
} from './status-list-places.ts';
export {
  describeStatusListToken,
  type FetchedStatusList,
  type PublishedStatusList,
  readStatusListToken,
  STATUS_LIST_TYP,
  STATUS_LIST_TYPE,
  type StatusListClaims,
  type StatusListProblem,
} from './status-list-token.ts';
export {
  describeStatusReference,
  readStatusReference,
  type StatusClaim,
  type StatusReference,
} from './status-reference.ts';
export { sameTarget } from './target-uri.ts';
export {
  between,
  CLOCK_AHEAD_MAX,
  later,
  type NumericDate,
  numericDate,
  type Seconds,
  seconds,
} from './time.ts';
export { describeTokenInfo } from './token-info.ts';
export { describeTokenResponse, type TokenResponse } from './token-response.ts';
export {
  type AssertionPurpose,
  checkTrustedAssertion,
  readTrustedAssertion,
  type TrustedAssertion,
} from './trusted-assertion.ts';
export {
  describeKeyProblem,
  formatThumbprintInput,
  type KeyProblem,
  readVerificationKey,
  rsaKeyBits,
  type VerificationKey,
} from './verification-key.ts';
export { describeRefusal, errorOf, type WireRefusal } from './wire-refusal.ts';
