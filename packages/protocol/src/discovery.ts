import { ok, type Result, refuse } from './result.ts';

/** What is read of an authorization server's metadata, beside all else it says. RFC 8414 §2. */
export type ServerMetadata = Readonly<Record<string, unknown>> & {
  readonly issuer: string;
  readonly token_endpoint?: string;
  readonly introspection_endpoint?: string;
  readonly revocation_endpoint?: string;
  readonly jwks_uri?: string;
  /** Where to go with a certificate instead. RFC 8705 §5. */
  readonly mtls_endpoint_aliases?: {
    readonly token_endpoint?: string;
    readonly introspection_endpoint?: string;
    readonly revocation_endpoint?: string;
  };
};

export type MetadataProblem =
  | { readonly reason: 'metadata_not_object' }
  | { readonly reason: 'metadata_member_malformed'; readonly member: string }
  | { readonly reason: 'issuer_different' };

const ADDRESS_MEMBERS = [
  'token_endpoint',
  'introspection_endpoint',
  'revocation_endpoint',
  'jwks_uri',
] as const;

/** Scheme, authority and path: an issuer has "no query or fragment components". RFC 8414 §2. */
const ISSUER = /^(https?:\/\/[^/?#@\\\s]+)(\/[^?#\\\s]*)?$/;

/** Plain HTTP that never leaves the machine. */
const LOOPBACK = /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?(?:[/?#]|$)/;

/**
 * Where the metadata of an issuer may be, in the order to ask: the well-known path put between
 * host and path (RFC 8414 §3.1), then the path appended, as OpenID Connect Discovery 1.0 has it
 * (§5). `undefined` for what can not be an issuer.
 */
export function metadataAddresses(issuer: string): readonly [string, string] | undefined {
  const parts = ISSUER.exec(issuer);
  const origin = parts?.[1];
  if (origin === undefined) return undefined;
  // "any terminating "/" MUST be removed before" the well-known path is put in. RFC 8414 §3.1.
  const path = (parts?.[2] ?? '').replace(/\/$/, '');
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
}

/** Whether secrets may be sent there: under TLS (RFC 6749 §3.2), or without leaving the machine. */
export const isProtectedAddress = (address: string): boolean =>
  address.startsWith('https://') || LOOPBACK.test(address);

/**
 * Reads a metadata document that was found for `issuer`.
 *
 * "The "issuer" value returned MUST be identical to the authorization server's issuer identifier
 * value into which the well-known URI string was inserted" (RFC 8414 §3.3): identical to the byte,
 * or one server could send the credentials meant for another to itself.
 */
export function readMetadata(
  document: unknown,
  issuer: string,
): Result<ServerMetadata, MetadataProblem> {
  if (!isObject(document)) return refuse({ reason: 'metadata_not_object' });
  if (document['issuer'] !== issuer) return refuse({ reason: 'issuer_different' });
  for (const member of ADDRESS_MEMBERS) {
    const address = document[member];
    if (address !== undefined && !isAddress(address))
      return refuse({ reason: 'metadata_member_malformed', member });
  }
  const aliases = document['mtls_endpoint_aliases'];
  if (aliases !== undefined && !areAliases(aliases))
    return refuse({ reason: 'metadata_member_malformed', member: 'mtls_endpoint_aliases' });
  return ok({ ...document, issuer });
}

const areAliases = (value: unknown): boolean =>
  isObject(value) &&
  ADDRESS_MEMBERS.every((member) => value[member] === undefined || isAddress(value[member]));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** "The endpoint URI MUST NOT include a fragment component." RFC 6749 §3.2. */
const isAddress = (value: unknown): boolean =>
  typeof value === 'string' && /^https?:\/\/[^#\s\\]+$/.test(value);
