/**
 * oidc-provider, the most used authorization server library of this runtime, set up as one would
 * for production, except that it keeps everything in memory: no disk, no network, so nothing
 * but its own work is measured.
 */
import { createServer } from 'node:http';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { type Adapter, type ClientMetadata, type Payload, Provider } from 'oidc-provider';
import { publicHalf, readAccounts } from './accounts.ts';
import { announce } from './announce.ts';
import { type ClientAccount, ISSUER, SCOPE, TOKEN_LIFETIME_SECONDS } from './setting.ts';

const JWT_API = 'https://jwt.example.com';
const OPAQUE_API = 'https://opaque.example.com';

const accounts = readAccounts();
const provider = new Provider(ISSUER, {
  adapter: createAdapter,
  clients: Object.values(accounts).map(describeClient),
  jwks: { keys: [await createKey()] },
  scopes: [SCOPE],
  clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
  ttl: { ClientCredentials: TOKEN_LIFETIME_SECONDS },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: async (_context, { clientId }) =>
        clientId === accounts.opaque.clientId ? OPAQUE_API : JWT_API,
      getResourceServerInfo: async (_context, indicator) => ({
        scope: SCOPE,
        audience: indicator,
        accessTokenTTL: TOKEN_LIFETIME_SECONDS,
        ...(indicator === JWT_API
          ? { accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }
          : { accessTokenFormat: 'opaque' }),
      }),
    },
  },
});
provider.on('server_error', (_context, fault) => console.error(fault));

const server = createServer(provider.callback());
server.listen(0, '127.0.0.1', () => announce(server));

function describeClient({ clientId, secret, key }: ClientAccount): ClientMetadata {
  const keyed = secret === '' && key !== undefined;
  return {
    client_id: clientId,
    ...(keyed ? { jwks: { keys: [publicHalf(key)] } } : { client_secret: secret }),
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: keyed ? 'private_key_jwt' : 'client_secret_basic',
    // The library has no RSA key here, which its default for ID tokens would want.
    id_token_signed_response_alg: 'ES256',
    scope: SCOPE,
  };
}

async function createKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg: 'ES256' };
}

/**
 * One map for each kind of thing. The adapter inside the package forgets all but the last 1,000 to
 * 2,000 entries, which no server with tokens of an hour could do.
 */
function createAdapter(): Adapter {
  const kept = new Map<string, { readonly payload: Payload; readonly until: number }>();
  const find = async (id: string): Promise<Payload | undefined> => {
    const entry = kept.get(id);
    return entry !== undefined && entry.until > Date.now() ? entry.payload : undefined;
  };
  const unused = async (): Promise<never> => {
    throw new Error('no flow that needs this is enabled');
  };
  return {
    find,
    async upsert(id, payload, expiresIn) {
      const until = expiresIn === undefined ? Number.POSITIVE_INFINITY : expiresIn * 1000;
      kept.set(id, { payload, until: Date.now() + until });
    },
    async consume(id) {
      const payload = await find(id);
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      kept.delete(id);
    },
    findByUid: unused,
    findByUserCode: unused,
    revokeByGrantId: unused,
  };
}
