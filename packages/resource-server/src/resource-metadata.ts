import type { ResourceOptions } from './options.ts';
import { isPublicUrl } from './public-url.ts';

/** The document that says what the API is, for callers that want a token for it. RFC 9728 §2 */
export type ResourceMetadata = {
  /** Where challenges say it is. */
  readonly url: string;
  /** The path of `url`: `/.well-known/oauth-protected-resource/…`. */
  readonly path: string;
  /** To be served to `GET` as `application/json`. */
  readonly document: Readonly<Record<string, unknown>>;
};

/** What the rest of the configuration says of the API. */
export type ResourceFacts = {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly dpopAlgorithms: readonly string[] | undefined;
  readonly boundTo: 'any' | 'dpop' | 'certificate' | undefined;
};

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/**
 * Describes an API by what it enforces. RFC 9728 §2; the well-known path is put between host and
 * path of the identifier (§3.1), and `resource` is that identifier to the byte (§3.3).
 */
export function describeResource(
  { identifier, name, documentation, scopes = [] }: ResourceOptions,
  { issuer, audience, dpopAlgorithms, boundTo }: ResourceFacts,
): ResourceMetadata {
  const resource = identifier ?? audience.find(isPublicUrl);
  if (resource === undefined || !isPublicUrl(resource))
    throw new TypeError('resource.identifier has to be an address, for no audience is one');
  const [origin, rest] = splitAfterOrigin(resource);
  // "any terminating slash (/) following the host component MUST be removed" RFC 9728 §3.1
  const path = WELL_KNOWN + (rest === '/' ? '' : rest);
  return {
    url: origin + path,
    path,
    document: {
      resource,
      authorization_servers: [issuer],
      bearer_methods_supported: ['header'],
      ...(scopes.length > 0 && { scopes_supported: scopes }),
      ...(name !== undefined && { resource_name: name }),
      ...(documentation !== undefined && { resource_documentation: documentation }),
      ...(dpopAlgorithms !== undefined && {
        dpop_signing_alg_values_supported: dpopAlgorithms,
        dpop_bound_access_tokens_required: boundTo === 'dpop',
      }),
      ...(boundTo === 'certificate' && { tls_client_certificate_bound_access_tokens: true }),
    },
  };
}

function splitAfterOrigin(address: string): readonly [string, string] {
  const slash = address.indexOf('/', address.indexOf('//') + 2);
  return slash === -1 ? [address, ''] : [address.slice(0, slash), address.slice(slash)];
}
