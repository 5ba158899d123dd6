import { formatScope } from '@tessera/protocol';
import type { Environment } from '../../environment.ts';
import type { Client } from '../../model/client.ts';
import { type Credential, isOfKind } from '../../model/credential.ts';

/** All that is registered of a client, under the names of RFC 7591 §2, as it is now. */
function describeMetadataOf(
  client: Client,
  credentials: readonly Credential[],
): Record<string, unknown> {
  const keys = credentials.filter((one) => isOfKind(one, 'public_key'));
  const address = credentials.find((one) => isOfKind(one, 'jwks_uri'));
  const subject = credentials.find((one) => isOfKind(one, 'certificate_subject'))?.material;
  return {
    client_name: client.name,
    ...client.registeredMetadata,
    grant_types: client.grantTypes,
    token_endpoint_auth_method: client.authenticationMethod,
    ...(client.assertionAlgorithm !== undefined && {
      token_endpoint_auth_signing_alg: client.assertionAlgorithm,
    }),
    ...(client.scopes.length > 0 && { scope: formatScope(client.scopes) }),
    ...(address !== undefined && { jwks_uri: address.material.uri }),
    // Never both: RFC 7591 §2.
    ...(keys.length > 0 &&
      address === undefined && { jwks: { keys: keys.map(({ material }) => material.key) } }),
    ...(subject !== undefined && {
      [`tls_client_auth_${subject.subjectKind}`]: subject.subject,
    }),
    ...(client.tokenBinding === 'dpop' && { dpop_bound_access_tokens: true }),
    ...(client.tokenBinding === 'certificate' && {
      tls_client_certificate_bound_access_tokens: true,
    }),
    ...(client.redirectUris.length > 0 && { redirect_uris: client.redirectUris }),
  };
}

/**
 * The client information response. RFC 7591 §3.2.1, RFC 7592 §3. A secret is in it when it was made
 * just now: only its digest is kept.
 */
export function describeRegistration(
  { addresses }: Pick<Environment, 'addresses'>,
  client: Client,
  credentials: readonly Credential[],
  registrationToken: string,
  secret: { readonly secret: string; readonly expiresAt: number | null } | undefined,
): Record<string, unknown> {
  const query = new URLSearchParams({ client_id: client.clientId }).toString();
  return {
    client_id: client.clientId,
    client_id_issued_at: client.createdAt,
    ...(secret !== undefined && {
      client_secret: secret.secret,
      // RFC 7591 §3.2.1: "or 0 if it will not expire".
      client_secret_expires_at: secret.expiresAt ?? 0,
    }),
    registration_access_token: registrationToken,
    registration_client_uri: `${addresses.issuer(client.realm)}/register?${query}`,
    ...describeMetadataOf(client, credentials),
  };
}
