import type { FastifyRequest } from 'fastify';
import type { Environment } from '../environment.ts';
import { isRealmName, ROOT_REALM } from '../model/realm.ts';

/** Where a realm's endpoints are found, and how its name is read from there. */
export type RealmForm = {
  readonly prefix: string;
  realmOf(request: FastifyRequest): string | undefined;
};

/** The four forms below a base such as `/am/oauth2`. */
export const realmForms = (base: string): readonly RealmForm[] => {
  // The root is no child of itself: two addresses would be one issuer.
  const fromPath = ({ params }: FastifyRequest) => {
    const { realm } = params as { realm?: string };
    return realm === ROOT_REALM ? undefined : realm;
  };
  return [
    { prefix: `${base}/realms/root/realms/:realm`, realmOf: fromPath },
    { prefix: `${base}/realms/root`, realmOf: () => ROOT_REALM },
    { prefix: `${base}/:realm`, realmOf: fromPath },
    { prefix: base, realmOf: readRealmQuery },
  ];
};

/** A realm that does not exist, is disabled, or is named in another spelling is not there. */
export async function findRealm(
  env: Environment,
  request: FastifyRequest,
  name: string | undefined,
) {
  if (name === undefined || (name !== ROOT_REALM && !isRealmName(name))) return undefined;
  // The router decodes: `%61lpha` would be a second name for `alpha`.
  if (pathOf(request).includes('%')) return undefined;
  const realm = await env.store.realms.find(name);
  if (realm === undefined || !realm.enabled) return undefined;
  const provider = await env.store.providers.find(name);
  return provider === undefined ? undefined : { realm, provider };
}

/** The path of a request, without its query. */
export const pathOf = ({ url }: FastifyRequest['raw'] | FastifyRequest): string => {
  if (url === undefined) return '';
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
};

/** `?realm=/alpha`, also `?realm=%2Falpha`: PingAM's form for load balancers. No query: root. */
function readRealmQuery(request: FastifyRequest): string | undefined {
  const query = request.url.indexOf('?');
  if (query === -1) return ROOT_REALM;
  const realms = new URLSearchParams(request.url.slice(query)).getAll('realm');
  if (realms.length === 0) return ROOT_REALM;
  const [path = ''] = realms;
  if (realms.length > 1) return undefined;
  if (path === '/' || path === '/root') return ROOT_REALM;
  return path.startsWith('/') ? path.slice(1) : undefined;
}

export type Found = Awaited<ReturnType<typeof findRealm>>;
