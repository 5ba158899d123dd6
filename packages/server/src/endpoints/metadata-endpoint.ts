import { describeMetadata, type PublicJwk } from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import { ADMIN_API_ID } from '../model/api.ts';
import { hasStatusLists, type Provider } from '../model/provider.ts';

/** More scopes or types are not advertised: the document is fetched often and by everybody. */
const ADVERTISED_MAX = 200;

/** RFC 8414 §3. Scopes of the administration API are nobody's business. */
export async function answerMetadata(
  env: Pick<Environment, 'store' | 'addresses'>,
  provider: Provider,
): Promise<Record<string, unknown>> {
  const apis = await env.store.apis.all(provider.realm);
  const scopes = new Set(provider.defaultScopes);
  const detailTypes: string[] = [];
  for (const api of apis) {
    if (api.id === ADMIN_API_ID) continue;
    for (const { name } of api.scopes) scopes.add(name);
    for (const { type } of api.authorizationDetailTypes) detailTypes.push(type);
  }
  return describeMetadata({
    issuer: env.addresses.issuer(provider.realm),
    grantTypes: provider.grantTypes,
    securityProfile: provider.securityProfile,
    hasStatusLists: hasStatusLists(provider),
    registersClients: provider.clientRegistration !== 'off',
    believesDocuments: provider.clientIdMetadataHosts.length > 0,
    acceptsCertificates: env.addresses.acceptsCertificates,
    mtlsIssuer: env.addresses.mtlsIssuer(provider.realm),
    scopes: [...scopes].sort().slice(0, ADVERTISED_MAX),
    detailTypes: detailTypes.sort().slice(0, ADVERTISED_MAX),
    introspectionAlgorithms: [provider.signingAlgorithm],
  });
}

/** RFC 7517 §5: every key that has signed, signs or will sign next. */
export async function answerJwks(
  env: Pick<Environment, 'keyRing'>,
  realm: string,
): Promise<{ readonly keys: readonly PublicJwk[] }> {
  return { keys: await env.keyRing.publicKeys(realm) };
}
