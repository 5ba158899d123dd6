/*
 * What resource servers are shown: good tokens of a realm, and tokens that each of them must refuse.
 */
import type { ClientCredentials, RealmClient } from '../realm.ts';
import type { World } from '../world.ts';

export const AUDIENCE = 'https://api.example.com';
const SCOPE = 'config:read';
/** What has the scope in its name, or beside it, is not the scope. */
const OTHER_SCOPES = ['config:reads', 'xconfig:read', 'config:write'];

/** Lifetimes in seconds: of a token that nobody needs in time, and of one that is used before its end. */
const ENDED = 2;
const SHORT = 5;

/** The algorithms that nearly every library can verify. */
export const ALGORITHMS = ['ES256', 'RS256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

export type Tokens = {
  readonly issuer: string;
  /** The API's own client, which may introspect. */
  readonly introspector: ClientCredentials;
  readonly clientId: string;
  good(algorithm?: Algorithm): Promise<string>;
  /** A good token with more scopes than are asked for. */
  powerful(algorithm?: Algorithm): Promise<string>;
  /** A good token that is none any more in five seconds. */
  short(algorithm?: Algorithm): Promise<string>;
  opaque(): Promise<string>;
  /** Tokens that are refused, by what is wrong with them. All but `otherScope` are invalid. */
  bad(algorithm?: Algorithm): Promise<Readonly<Record<Fault, string>>>;
  /** Another key signs from now on, of every algorithm; the one before stays good. */
  rotate(): Promise<void>;
  revoke(token: string): Promise<void>;
};

export const FAULTS = [
  'otherAudience',
  'otherRealm',
  'expired',
  'otherSignature',
  'otherClaims',
  'unsigned',
] as const;
export type Fault = (typeof FAULTS)[number] | 'otherScope';

/** Prepares a realm with an API, and another realm that has the same one. */
export async function prepareTokens(world: World): Promise<Tokens> {
  const realm = world.alpha;
  const introspector = await realm.registerClient({ clientId: 'config-service' });
  const client = await prepareClient(realm, introspector);
  const other = await world.createRealm('other');
  const foreign = await prepareClient(other, await other.registerClient());
  const elsewhere = await realm.registerApi({
    identifier: 'https://other.example.com',
    scopes: [{ name: SCOPE }],
  });
  await realm.grant(client, elsewhere, [SCOPE]);

  const ask = (form: Readonly<Record<string, string>> = {}) =>
    realm.token(client, { resource: AUDIENCE, scope: SCOPE, ...form });
  const signWith = async (signingAlgorithm: Algorithm) => {
    await realm.changeClient(client, { signingAlgorithm });
    await other.changeClient(foreign, { signingAlgorithm });
  };
  const good = async (algorithm: Algorithm = 'ES256') => {
    await signWith(algorithm);
    return ask();
  };

  return {
    issuer: realm.issuer,
    introspector,
    clientId: client.clientId,
    good,
    async powerful(algorithm = 'ES256') {
      await signWith(algorithm);
      return ask({ scope: ['config:write', SCOPE, 'config:reads'].join(' ') });
    },
    async short(algorithm = 'ES256') {
      await signWith(algorithm);
      await realm.changeClient(client, { accessTokenLifetime: SHORT });
      const token = await ask();
      await realm.changeClient(client, { accessTokenLifetime: 600 });
      return token;
    },
    async opaque() {
      await realm.changeClient(client, { tokenFormat: 'opaque' });
      const token = await ask();
      await realm.changeClient(client, { tokenFormat: 'jwt' });
      return token;
    },
    async bad(algorithm = 'ES256') {
      const token = await good(algorithm);
      await realm.changeClient(client, { accessTokenLifetime: ENDED });
      const expired = await ask();
      await realm.changeClient(client, { accessTokenLifetime: 600 });
      const [header = '', payload = '', signature = ''] = token.split('.');
      const bytes = Buffer.from(signature, 'base64url');
      bytes[10] = (bytes[10] ?? 0) ^ 1;
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
      const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      // Expired by more than a clock may be wrong.
      await new Promise((resolve) => setTimeout(resolve, (ENDED + 1) * 1_000));
      return {
        otherAudience: await ask({ resource: 'https://other.example.com' }),
        otherRealm: await other.token(foreign, { resource: AUDIENCE, scope: SCOPE }),
        otherScope: await ask({ scope: OTHER_SCOPES.join(' ') }),
        expired,
        otherSignature: `${header}.${payload}.${bytes.toString('base64url')}`,
        otherClaims: `${header}.${encode({ ...claims, client_id: 'admin' })}.${signature}`,
        unsigned: `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      };
    },
    async rotate() {
      for (const algorithm of ALGORITHMS)
        await world.administration.perform('POST', '/api/realms/alpha/signing-keys/rotate', {
          algorithm,
          immediately: true,
        });
    },
    async revoke(token) {
      await realm.revoke(token, client);
    },
  };
}

async function prepareClient(
  realm: RealmClient,
  introspector: ClientCredentials,
): Promise<ClientCredentials> {
  const id = await realm.registerApi({
    identifier: AUDIENCE,
    scopes: [SCOPE, ...OTHER_SCOPES].map((name) => ({ name })),
    introspectionClients: [introspector.clientId],
  });
  const client = await realm.registerClient();
  await realm.grant(client, id, [SCOPE, ...OTHER_SCOPES]);
  return client;
}
