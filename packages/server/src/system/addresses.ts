import type { Addresses } from '../environment.ts';
import { ROOT_REALM } from '../model/realm.ts';

/**
 * The addresses of a server. Token, metadata and introspection agree on the issuer to the byte,
 * because all of them ask here. RFC 8414 §2, RFC 9068 §4.
 */
export function addresses(
  publicUrl: string,
  contextPath: string,
  certificates: { readonly accepted: boolean; readonly url: string | undefined } = {
    accepted: false,
    url: undefined,
  },
): Addresses {
  const root = `${publicUrl}${contextPath}/oauth2/realms/root`;
  const children = `${root}/realms/`;
  const issuer = (realm: string) => (realm === ROOT_REALM ? root : children + realm);
  return {
    publicUrl,
    contextPath,
    issuer,
    acceptsCertificates: certificates.accepted,
    baseCalled: (host) =>
      host !== undefined && certificates.url === `https://${host.toLowerCase()}`
        ? certificates.url
        : publicUrl,
    mtlsIssuer: (realm) =>
      certificates.url === undefined || certificates.url === publicUrl
        ? undefined
        : certificates.url + issuer(realm).slice(publicUrl.length),
    realmOf(issuer) {
      if (issuer === root) return ROOT_REALM;
      return issuer.startsWith(children) ? issuer.slice(children.length) : undefined;
    },
  };
}
