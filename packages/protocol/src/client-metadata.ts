import {
  GRANT_TYPES,
  TOKEN_ENDPOINT_AUTH_METHODS,
  type TokenBinding,
  type TokenEndpointAuthMethod,
} from './client.ts';
import {
  CERTIFICATE_SUBJECT_KINDS,
  type CertificateSubject,
  readCertificateSubject,
} from './client-certificate.ts';
import { type ClientDescription, readClientDescription } from './client-description.ts';
import { isJsonObject } from './json.ts';
import {
  type AssertionAlgorithm,
  isAssertionAlgorithm,
  isSymmetricAlgorithm,
  keyFits,
  type SymmetricAlgorithm,
} from './jws-algorithm.ts';
import { describeKeySetProblem, readKeySet } from './key-set.ts';
import type { Refusal } from './refusal.ts';
import { ok, type Result, refuse } from './result.ts';
import { readScope } from './scope.ts';
import type { VerificationKey } from './verification-key.ts';

/** What a client registers, under our own names. RFC 7591 §2 */
export type ClientMetadata = ClientDescription & {
  readonly grantTypes: readonly string[];
  readonly method: TokenEndpointAuthMethod;
  readonly assertionAlgorithm: AssertionAlgorithm | SymmetricAlgorithm | undefined;
  readonly scope: readonly string[];
  /** Keys by value; by the method that needs them alone, as the next two. */
  readonly keys: readonly VerificationKey[];
  readonly jwksUri: string | undefined;
  readonly certificateSubject: CertificateSubject | undefined;
  readonly tokenBinding: TokenBinding;
  readonly redirectUris: readonly string[];
};

/** What the realm allows a client that nobody has looked at. */
export type RegistrationRules = {
  readonly grantTypes: readonly string[];
  readonly methods: readonly TokenEndpointAuthMethod[];
  readonly algorithms: readonly string[];
  readonly scopes: readonly string[];
};

export type MetadataRefusal = Extract<
  Refusal,
  { readonly reason: 'client_metadata_invalid' | 'redirect_uri_invalid' }
>;

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads the metadata of a client that registers itself, and judges it by what the realm allows.
 * RFC 7591 §2. Members that are not known are ignored, and so is null (RFC 7592 §2.2).
 *
 * Two things differ from RFC 7591 §2 because every client here is a machine: `grant_types` that are
 * left out mean `client_credentials`, for there is no authorization endpoint; and a scope beyond
 * what may be registered is refused instead of left out in silence.
 */
export function readClientMetadata(
  document: unknown,
  rules: RegistrationRules,
): Result<ClientMetadata, MetadataRefusal> {
  if (!isJsonObject(document)) return invalid('body', 'must be a JSON object');
  const members = withoutNull(document);
  const grantTypes = readGrantTypes(members, rules);
  if (!grantTypes.ok) return grantTypes;
  const method = readMethod(members, rules);
  if (!method.ok) return method;
  const algorithm = readAlgorithm(members, method.value, rules);
  if (!algorithm.ok) return algorithm;
  const scope = readScopes(members, rules);
  if (!scope.ok) return scope;
  const keys = readKeys(members, method.value, algorithm.value, rules);
  if (!keys.ok) return keys;
  const certificateSubject = readSubject(members, method.value);
  if (!certificateSubject.ok) return certificateSubject;
  const tokenBinding = readBinding(members);
  if (!tokenBinding.ok) return tokenBinding;
  const redirectUris = readRedirectUris(members);
  if (!redirectUris.ok) return redirectUris;
  const description = readClientDescription(members);
  if (!description.ok) return description;
  return ok({
    ...description.value,
    ...keys.value,
    grantTypes: grantTypes.value,
    method: method.value,
    assertionAlgorithm: algorithm.value,
    scope: scope.value,
    certificateSubject: certificateSubject.value,
    tokenBinding: tokenBinding.value,
    redirectUris: redirectUris.value,
  });
}

/** RFC 7592 §2.2: "a null value […] MUST be treated as if omitted". No setter is ever called. */
const withoutNull = (document: Members): Members =>
  Object.fromEntries(Object.entries(document).filter(([, value]) => value !== null));

function readGrantTypes(
  { grant_types: given, response_types: responses }: Members,
  { grantTypes }: RegistrationRules,
): Result<readonly string[], MetadataRefusal> {
  const usable = GRANT_TYPES.filter((one) => grantTypes.includes(one));
  const wanted = given ?? ['client_credentials'];
  if (!areTexts(wanted) || wanted.length === 0)
    return invalid('grant_types', 'must be a list of grant types');
  if (!wanted.every((one) => (usable as readonly string[]).includes(one)))
    return invalid('grant_types', `can be ${usable.join(', ') || 'none in this realm'}`);
  if (responses !== undefined && !(Array.isArray(responses) && responses.length === 0))
    return invalid('response_types', 'must be empty, for nobody is redirected here');
  return ok([...new Set(wanted)]);
}

function readMethod(
  { token_endpoint_auth_method: given = 'client_secret_basic' }: Members,
  { methods }: RegistrationRules,
): Result<TokenEndpointAuthMethod, MetadataRefusal> {
  const method = TOKEN_ENDPOINT_AUTH_METHODS.find((one) => one === given);
  // A client without credentials can use no grant of this server: RFC 6749 §4.4.
  if (method !== undefined && method !== 'none' && methods.includes(method)) return ok(method);
  const usable = methods.filter((one) => one !== 'none');
  return invalid('token_endpoint_auth_method', `can be ${usable.join(', ')}`);
}

/** Only for methods that sign; for others it would decide nothing. RFC 8414 §2 */
function readAlgorithm(
  { token_endpoint_auth_signing_alg: given }: Members,
  method: TokenEndpointAuthMethod,
  { algorithms }: RegistrationRules,
): Result<ClientMetadata['assertionAlgorithm'], MetadataRefusal> {
  if (given === undefined || !method.endsWith('_jwt')) return ok(undefined);
  const isRight = method === 'private_key_jwt' ? isAssertionAlgorithm : isSymmetricAlgorithm;
  if (isRight(given) && algorithms.includes(given)) return ok(given);
  const usable = algorithms.filter((one) => isRight(one));
  return invalid('token_endpoint_auth_signing_alg', `can be ${usable.join(', ')}`);
}

function readScopes(
  { scope: given }: Members,
  { scopes }: RegistrationRules,
): Result<readonly string[], MetadataRefusal> {
  if (given === undefined) return ok(scopes);
  const read = typeof given === 'string' && given !== '' ? readScope(given) : undefined;
  if (read?.ok !== true) return invalid('scope', 'must be scopes with single spaces between');
  return read.value.every((one) => scopes.includes(one))
    ? read
    : invalid('scope', 'is more than clients of this registration may have');
}

type Keys = Pick<ClientMetadata, 'keys' | 'jwksUri'>;

/** What is sent is judged whatever the method, but only kept for one that goes by it. */
function readKeys(
  { jwks, jwks_uri: jwksUri }: Members,
  method: TokenEndpointAuthMethod,
  algorithm: ClientMetadata['assertionAlgorithm'],
  { algorithms }: RegistrationRules,
): Result<Keys, MetadataRefusal> {
  // "The "jwks_uri" and "jwks" parameters MUST NOT both be present". RFC 7591 §2
  if (jwks !== undefined && jwksUri !== undefined)
    return invalid('jwks', 'must not be there together with jwks_uri');
  if (jwksUri !== undefined && typeof jwksUri !== 'string')
    return invalid('jwks_uri', 'must be an address');
  const read = jwks === undefined ? ok([]) : readKeySet(jwks, 'strict');
  if (!read.ok) return invalid('jwks', describeKeySetProblem(read.refusal));
  const keys = read.value;

  if (method === 'private_key_jwt') {
    if (jwksUri === undefined && jwks === undefined)
      return invalid('jwks', 'or jwks_uri must be there: private_key_jwt is verified by keys');
    const usable = algorithm === undefined ? algorithms : [algorithm];
    const fits = (key: VerificationKey) => usable.some((one) => keyFits(one, key));
    if (jwksUri === undefined && !keys.some(fits))
      return invalid('jwks', 'has no key for an algorithm that may be used');
    return ok({ keys, jwksUri });
  }
  if (method === 'self_signed_tls_client_auth') {
    // Each certificate is of the key that it comes with. RFC 8705 §2.2.2
    const byValue = keys.length > 0 && keys.every(({ x5c }) => x5c !== undefined);
    if (jwksUri === undefined && !byValue)
      return invalid('jwks', 'must have keys with x5c: the certificates of the client');
    return ok({ keys, jwksUri });
  }
  return ok({ keys: [], jwksUri: undefined });
}

/** "A client using the "tls_client_auth" method MUST use exactly one" of five. RFC 8705 §2.1.2 */
function readSubject(
  members: Members,
  method: TokenEndpointAuthMethod,
): Result<CertificateSubject | undefined, MetadataRefusal> {
  const given = CERTIFICATE_SUBJECT_KINDS.filter((kind) => members[memberOf(kind)] !== undefined);
  const [kind, another] = given;
  if (another !== undefined)
    return invalid(memberOf(another), 'must not be there together with another of the five');
  if (method !== 'tls_client_auth') return ok(undefined);
  if (kind === undefined)
    return invalid(
      'tls_client_auth_subject_dn',
      'or one of the four tls_client_auth_san_ must be there',
    );
  const value = members[memberOf(kind)];
  const read = typeof value === 'string' ? readCertificateSubject(kind, value) : undefined;
  if (read === undefined) return invalid(memberOf(kind), 'must be a text');
  return read.ok ? read : invalid(memberOf(kind), `must be ${read.refusal}`);
}

const memberOf = (kind: string): string => `tls_client_auth_${kind}`;

/** RFC 9449 §5.2, RFC 8705 §3.4. Both at once would be a token for which nobody has both keys. */
function readBinding({
  dpop_bound_access_tokens: dpop = false,
  tls_client_certificate_bound_access_tokens: certificate = false,
}: Members): Result<TokenBinding, MetadataRefusal> {
  if (typeof dpop !== 'boolean')
    return invalid('dpop_bound_access_tokens', 'must be true or false');
  if (typeof certificate !== 'boolean')
    return invalid('tls_client_certificate_bound_access_tokens', 'must be true or false');
  if (dpop && certificate)
    return invalid(
      'dpop_bound_access_tokens',
      'must not be true together with tls_client_certificate_bound_access_tokens',
    );
  return ok(dpop ? 'dpop' : certificate ? 'certificate' : 'optional');
}

const REDIRECT_URIS_MAX = 50;
const REDIRECT_URI_LENGTH_MAX = 2_000;

/** Kept, although no grant of this server redirects; so they are held to RFC 6749 §3.1.2. */
function readRedirectUris({
  redirect_uris: given = [],
}: Members): Result<readonly string[], MetadataRefusal> {
  return areTexts(given) && given.length <= REDIRECT_URIS_MAX && given.every(isRedirectUri)
    ? ok([...new Set(given)])
    : refuse({ reason: 'redirect_uri_invalid' });
}

const isRedirectUri = (text: string): boolean =>
  text.length <= REDIRECT_URI_LENGTH_MAX &&
  /^[A-Za-z][A-Za-z0-9+.-]*:[\w\-.~:/?[\]@!$&'()*+,;=%]+$/.test(text) &&
  // What a browser would run in the place of the page that it is on.
  !/^(?:javascript|data|vbscript):/i.test(text);

const areTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

const invalid = (member: string, detail: string) =>
  refuse({ reason: 'client_metadata_invalid', member, detail } as const);
