/*
 * The small world of the endpoint tests: the real application over a real SQLite file, with a
 * clock that stands still until it is told to move.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  numericDate,
  ok,
  type PresentedCertificate,
  type SigningAlgorithm,
  seconds,
} from '@tessera/protocol';
import type { Caller } from '../src/clients/authenticate-client.ts';
import { formatSecret } from '../src/clients/client-secret.ts';
import type { Clock, Environment, Log, Rows } from '../src/environment.ts';
import { recorder } from '../src/events/recorder.ts';
import { createApp } from '../src/http/app.ts';
import { hasher } from '../src/keys/hasher.ts';
import { keyRing } from '../src/keys/key-ring.ts';
import { masterKey } from '../src/keys/seal.ts';
import { statusPlaces } from '../src/keys/status-places.ts';
import type { Api } from '../src/model/api.ts';
import type { Client } from '../src/model/client.ts';
import type { Credential, Material, SecretMaterial } from '../src/model/credential.ts';
import type { NewEvent } from '../src/model/event.ts';
import type { Provider } from '../src/model/provider.ts';
import type { TrustedIssuer } from '../src/model/trusted-issuer.ts';
import { openStore } from '../src/storage/open-store.ts';
import { addressKey } from '../src/system/address-key.ts';
import { addresses } from '../src/system/addresses.ts';
import { claimsHooks } from '../src/system/claims-hooks.ts';
import { clientDocuments } from '../src/system/client-documents.ts';
import { failureBudget } from '../src/system/failure-budget.ts';
import { systemMetrics } from '../src/system/metrics.ts';
import { outbound } from '../src/system/outbound.ts';
import { systemRandom } from '../src/system/random.ts';
import { remoteKeySets } from '../src/system/remote-key-sets.ts';
import { thisNode } from '../src/system/this-node.ts';
import { statusLists } from '../src/tokens/status-lists.ts';
import { introspectionBudget } from '../src/usage/introspection-budget.ts';
import { rateMeter } from '../src/usage/rate-meter.ts';
import { refusalMeter } from '../src/usage/refusal-meter.ts';
import { signingBudget } from '../src/usage/signing-budget.ts';
import { tokenReuse } from '../src/usage/token-reuse.ts';
import { usageMeter } from '../src/usage/usage-meter.ts';

export const START = numericDate(1_800_000_000);

export type World = Awaited<ReturnType<typeof createWorld>>;

export type LogLine = { readonly level: string; readonly message: string } & Record<
  string,
  unknown
>;

export async function createWorld() {
  const directory = mkdtempSync(join(tmpdir(), 'tessera-world-'));
  let milliseconds = START * 1000;
  const clock: Clock = {
    now: () => numericDate(Math.floor(milliseconds / 1000)),
    milliseconds: () => milliseconds,
    monotonic: () => performance.now() + milliseconds - START * 1000,
  };
  const lines: LogLine[] = [];
  const write = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ ...fields, level, message });
  };
  const log: Log = { info: write('info'), warn: write('warn'), error: write('error') };
  const random = systemRandom(clock);
  const metrics = systemMetrics();
  const key = masterKey(randomBytes(32));
  const store = await openStore({
    url: `file:${join(directory, 'tessera.db')}`,
    clock,
    random,
    log,
  });
  // Tests serve key sets from this machine.
  const out = outbound(['127.0.0.0/8', '::1']);
  const records = recorder({ store, random, metrics, log });
  const here = addresses('http://localhost:8080', '/am');
  const keys = keyRing({ store }, key);
  const places = statusPlaces({ addresses: here, random }, key);
  const env: Environment = {
    clock,
    random,
    store,
    log,
    metrics,
    hasher: hasher(key),
    keyRing: keys,
    statusPlaces: places,
    statusLists: statusLists(
      { clock, addresses: here, store, keyRing: keys, statusPlaces: places, metrics },
      signingBudget(clock, addressKey),
    ),
    failureBudget: failureBudget(clock),
    recorder: records,
    usage: usageMeter({ store, recorder: records, metrics, clock }),
    refusals: refusalMeter({ store, recorder: records, metrics }),
    rates: rateMeter({ store, recorder: records }),
    tokenReuse: tokenReuse(),
    introspectionBudget: introspectionBudget(clock),
    outbound: out,
    keySets: remoteKeySets({ outbound: out, clock, log }),
    clientDocuments: clientDocuments({ outbound: out, clock, log }),
    claimsHooks: claimsHooks({
      ...{ addresses: here, keyRing: keys, outbound: out },
      ...{ clock, log, metrics, random },
    }),
    addresses: here,
    node: thisNode({ clock, random }, { logLevel: 'silent', managementPort: undefined }),
    publicSecrets: new Set(['a secret that everybody knows']),
  };
  const app = createApp(env, {
    trustedProxies: ['127.0.0.1'],
    pingone: { cookieName: 'iPlanetDirectoryPro' },
  });

  const change = async (work: (rows: Rows) => Promise<unknown>): Promise<void> => {
    const event: NewEvent = {
      at: clock.now(),
      realm: 'root',
      type: 'realm.updated',
      actor: { kind: 'system', id: 'test' },
      subject: { kind: 'realm', id: 'root' },
      details: {},
      requestId: '',
    };
    await store.commit<undefined, never>(event, async (rows) => {
      await work(rows);
      return ok(undefined);
    });
  };

  return {
    env,
    app,
    directory,
    masterKey: key,
    log: lines,
    change,
    pass(by: number) {
      milliseconds += by * 1000;
    },

    async createRealm(name: string, given: Partial<Provider> = {}): Promise<void> {
      const algorithms = new Set<SigningAlgorithm>(['ES256', given.signingAlgorithm ?? 'ES256']);
      const keys = await Promise.all(
        [...algorithms].map(async (algorithm) => ({
          algorithm,
          ...(await env.keyRing.generate(algorithm)),
        })),
      );
      await change(async (rows) => {
        await rows.realms.insert({
          name,
          displayName: name,
          enabled: true,
          tokensValidFrom: numericDate(0),
          createdAt: clock.now(),
          revision: 1,
        });
        await rows.providers.insert({
          realm: name,
          grantTypes: ['client_credentials'],
          defaultScopes: [],
          accessTokenLifetime: seconds(3600),
          tokenFormat: 'jwt',
          signingAlgorithm: 'ES256',
          defaultAudience: undefined,
          securityProfile: 'standard',
          tokenBinding: 'optional',
          dpopNonces: false,
          statusLists: true,
          clientRegistration: 'off',
          registrationScopes: [],
          clientIdMetadataHosts: [],
          quotaMode: 'off',
          tokensPerHour: undefined,
          tokensPerDay: undefined,
          realmTokensPerHour: undefined,
          realmTokensPerDay: undefined,
          tokenReuseSeconds: seconds(0),
          claims: [],
          secretLifetimeMax: undefined,
          secretRotationForced: false,
          rsaKeyBitsMin: 2048,
          keyRotationPeriod: seconds(90 * 86_400),
          keptAttributes: undefined,
          revision: 1,
          ...given,
        });
        for (const { algorithm, publicJwk, sealedPrivateKey } of keys)
          await rows.signingKeys.insert({
            realm: name,
            kid: publicJwk.kid,
            algorithm,
            publicJwk,
            sealedPrivateKey,
            state: 'signing',
            createdAt: clock.now(),
            signsFrom: clock.now(),
            publishedUntil: undefined,
            revision: 1,
          });
      });
    },

    /** Somebody at the token endpoint of a realm. */
    async callerOf(
      name: string,
      address = '192.0.2.1',
      certificate?: PresentedCertificate,
    ): Promise<Caller> {
      const realm = await store.realms.find(name);
      const provider = await store.providers.find(name);
      if (realm === undefined || provider === undefined) throw new Error('no such realm');
      const called = `${env.addresses.issuer(name)}/access_token`;
      return { realm, provider, called, certificate, address, requestId: '', now: clock.now() };
    },

    /** A confidential client with one generated secret, which is returned. */
    async registerClient(realm: string, clientId: string, given: Partial<Client> = {}) {
      const secret = formatSecret(random.bytes(32));
      await change(async (rows) => {
        await rows.clients.insert({ ...clientNamed(realm, clientId), ...given });
        await rows.credentials.insert(
          credentialOf(realm, clientId, { digest: env.hasher.digest('secret', secret) }),
        );
      });
      return secret;
    },

    async addSecret(
      realm: string,
      clientId: string,
      {
        expiresAt,
        ...given
      }: Partial<SecretMaterial> & Partial<Pick<Credential, 'expiresAt'>> = {},
    ) {
      const secret = formatSecret(random.bytes(32));
      const digest = env.hasher.digest('secret', secret);
      await change((rows) =>
        rows.credentials.insert({
          ...credentialOf(realm, clientId, { digest, ...given }),
          expiresAt,
        }),
      );
      return secret;
    },

    /** Any other credential. */
    async addCredential(
      realm: string,
      clientId: string,
      material: Material,
      given: Partial<Credential> = {},
    ) {
      const credential = { ...credentialOf(realm, clientId, { digest: '' }), material, ...given };
      await change((rows) => rows.credentials.insert(credential));
      return credential;
    },

    async addTrustedIssuer(realm: string, given: Partial<TrustedIssuer> = {}): Promise<string> {
      const id = random.uuid();
      await change((rows) =>
        rows.trustedIssuers.insert({
          realm,
          id,
          name: id,
          issuer: `https://${id}.example`,
          preset: 'oidc',
          jwksUri: undefined,
          jwks: undefined,
          audience: undefined,
          algorithms: ['RS256'],
          lifetimeMax: seconds(3_600),
          assertionReuse: 'refused',
          uses: ['client', 'grant'],
          enabled: true,
          createdAt: clock.now(),
          revision: 1,
          ...given,
        }),
      );
      return id;
    },

    async createApi(realm: string, id: string, given: Partial<Api> = {}): Promise<void> {
      await change((rows) =>
        rows.apis.insert({
          realm,
          id,
          identifier: `https://${id}.example.com`,
          name: id,
          scopes: [],
          authorizationDetailTypes: [],
          tokenFormat: undefined,
          signingAlgorithm: undefined,
          accessTokenLifetime: undefined,
          tokenBinding: 'optional',
          introspectionClients: [],
          claims: [],
          claimsHook: undefined,
          createdAt: clock.now(),
          revision: 1,
          ...given,
        }),
      );
    },

    async grant(realm: string, clientId: string, apiId: string, scopes: string[]): Promise<void> {
      await change((rows) =>
        rows.clientGrants.insert({
          realm,
          clientId,
          apiId,
          scopes,
          authorizationDetailTypes: [],
          createdAt: clock.now(),
          revision: 1,
        }),
      );
    },

    async close() {
      await app.close();
      await records.close();
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };

  function clientNamed(realm: string, clientId: string): Client {
    return {
      realm,
      clientId,
      name: clientId,
      description: '',
      enabled: true,
      type: 'confidential',
      grantTypes: ['client_credentials'],
      authenticationMethod: 'client_secret_basic',
      strictAuthenticationMethod: false,
      assertionAlgorithm: undefined,
      assertionReuse: 'refused',
      tokenExchange: 'delegation',
      tokenBinding: 'optional',
      scopes: ['read', 'write'],
      defaultScopes: [],
      redirectUris: [],
      allowedAddresses: [],
      accessTokenLifetime: undefined,
      tokenFormat: undefined,
      signingAlgorithm: undefined,
      quotaMode: undefined,
      tokensPerHour: undefined,
      tokensPerDay: undefined,
      tokenReuseSeconds: undefined,
      attributes: {},
      origin: 'administrator',
      registeredMetadata: undefined,
      registrationTokenDigest: undefined,
      keptAttributes: undefined,
      tokensValidFrom: numericDate(0),
      createdAt: clock.now(),
      revision: 1,
    };
  }

  function credentialOf(
    realm: string,
    clientId: string,
    given: Partial<SecretMaterial> & { readonly digest: string },
  ): Credential {
    return {
      realm,
      clientId,
      id: random.uuid(),
      label: '',
      material: { kind: 'secret', origin: 'generated', lastFour: '', ...given },
      createdAt: clock.now(),
      expiresAt: undefined,
      lastUsedAt: undefined,
      lastUsedAddress: undefined,
      revision: 1,
    };
  }
}

export const basic = (clientId: string, secret: string): string =>
  `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
