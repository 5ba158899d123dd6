import { ok } from '@tessera/protocol';
import { describePage, readPage } from '../paging.ts';
import type { UseCase } from '../use-case.ts';
import { describeRealm } from './describe-realm.ts';

export const findRealm: UseCase<'findRealm'> = async (env, { realm }) =>
  ok(describeRealm(env, realm));

export const findRealmAddresses: UseCase<'findRealmAddresses'> = async (env, { realm }) => {
  const { name, displayName } = realm;
  const issuer = env.addresses.issuer(name);
  const certificates = env.addresses.mtlsIssuer(name);
  return ok({
    realm: name,
    displayName,
    issuer,
    discoveryUri: `${issuer}/.well-known/openid-configuration`,
    tokenEndpoint: `${issuer}/access_token`,
    introspectionEndpoint: `${issuer}/introspect`,
    revocationEndpoint: `${issuer}/token/revoke`,
    jwksUri: `${issuer}/connect/jwk_uri`,
    mtlsTokenEndpoint: certificates === undefined ? null : `${certificates}/access_token`,
  });
};

/** All of them, or the one realm that the administrator reaches. */
export const listRealms: UseCase<'listRealms'> = async (env, { administrator }, { query }) => {
  if (administrator.everyRealm) {
    const listed = await env.store.realms.list(readPage(query));
    return ok(describePage(listed, (realm) => describeRealm(env, realm)));
  }
  const own = await env.store.realms.find(administrator.realm);
  return ok({ items: own === undefined ? [] : [describeRealm(env, own)], next: null });
};
