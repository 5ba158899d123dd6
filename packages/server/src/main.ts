/*
 * Composition: configuration in, a running server out. The only file that chooses
 * implementations; whatever else needs a power is given it.
 */
import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { bootstrap } from './admin/bootstrap.ts';
import type { Config } from './config.ts';
import type { Environment, Log } from './environment.ts';
import { recorder } from './events/recorder.ts';
import { createApp } from './http/app.ts';
import { letGo, listenForCertificates, renewKeyPair } from './http/listener.ts';
import { createManagementApp } from './http/management-app.ts';
import { startJobs } from './jobs.ts';
import { hasher } from './keys/hasher.ts';
import { canOpen, keyRing } from './keys/key-ring.ts';
import { type MasterKey, masterKey } from './keys/seal.ts';
import { statusPlaces } from './keys/status-places.ts';
import { DEMO_SECRETS } from './model/credential.ts';
import { ROOT_REALM } from './model/realm.ts';
import { openStore } from './storage/open-store.ts';
import { addressKey } from './system/address-key.ts';
import { addresses } from './system/addresses.ts';
import { claimsHooks } from './system/claims-hooks.ts';
import { clientDocuments } from './system/client-documents.ts';
import { systemClock } from './system/clock.ts';
import { failureBudget } from './system/failure-budget.ts';
import { systemLog } from './system/log.ts';
import { readMasterKeyFile } from './system/master-key-file.ts';
import { systemMetrics } from './system/metrics.ts';
import { outbound } from './system/outbound.ts';
import { systemRandom } from './system/random.ts';
import { remoteKeySets } from './system/remote-key-sets.ts';
import { thisNode } from './system/this-node.ts';
import {
  followTlsKeyPair,
  type KeyPair,
  readTlsKeyPair,
  type TlsFiles,
} from './system/tls-key-pair.ts';
import { statusLists } from './tokens/status-lists.ts';
import { introspectionBudget } from './usage/introspection-budget.ts';
import { rateMeter } from './usage/rate-meter.ts';
import { refusalMeter } from './usage/refusal-meter.ts';
import { signingBudget } from './usage/signing-budget.ts';
import { tokenReuse } from './usage/token-reuse.ts';
import { usageMeter } from './usage/usage-meter.ts';

export type RunningServer = {
  readonly env: Environment;
  /** Where it listens, which a proxy may hide behind the public URL. */
  readonly url: string;
  /** The listener that asks for client certificates. */
  readonly mtlsUrl: string | undefined;
  readonly managementUrl: string | undefined;
  /** The first administrator, when this start made one. */
  readonly firstAdministrator: { readonly userName: string; readonly password: string } | undefined;
  /** Answers what is in hand, writes what waits, closes the database. */
  close(): Promise<void>;
};

export type StartHooks = {
  /** Told the first administrator's password if it is made here, before it is needed. */
  readonly keepPassword?: (password: string) => void;
  /** What has to be there before anybody can ask for it. */
  readonly prepare?: (env: Environment) => Promise<void>;
};

/** Opens the database, brings it up to date, makes the first administrator, listens. */
export async function startServer(
  config: Config,
  { keepPassword, prepare }: StartHooks = {},
): Promise<RunningServer> {
  const log = systemLog(config.logLevel);
  const tlsFiles = tlsFilesOf(config);
  const tls = tlsFiles && readTlsKeyPair(tlsFiles);
  const { env, closeEnvironment } = await openEnvironment(config, log);
  const pingone = config.pingoneAdministration
    ? { cookieName: config.pingoneCookieName }
    : undefined;
  const app = createApp(env, { ...config, tls, pingone });
  try {
    const firstAdministrator = await bootstrap(env, config.bootstrapPassword, keepPassword);
    await prepare?.(env);
    const management = await openManagement(config, env);
    const url = await app.listen({ host: config.host, port: config.port }).catch(async (error) => {
      await management?.close();
      throw error;
    });
    const mtls = await openMtls(config, app, tls).catch(async (error) => {
      await management?.close();
      throw error;
    });
    const stopFollowing =
      tlsFiles &&
      followTlsKeyPair(tlsFiles, log, (pair) => {
        renewKeyPair(app, pair);
        mtls?.renew(pair);
      });
    const stopJobs = startJobs(env, config);
    log.info(
      { url, mtlsUrl: mtls?.url, managementUrl: management?.url, publicUrl: config.publicUrl },
      'listening',
    );
    // V8's own value, which the command line lowers while it loads.
    setFlagsFromString('--semi-space-growth-factor=2');
    return {
      env,
      url,
      mtlsUrl: mtls?.url,
      managementUrl: management?.url,
      firstAdministrator,
      async close() {
        stopFollowing?.();
        await Promise.all([letGo(app.server, app.close()), mtls?.close(), management?.close()]);
        await stopJobs();
        // A database that is away forgets the node by itself.
        await env.store.nodes.leave(env.node.id).catch(() => {});
        await closeEnvironment();
        log.info({}, 'closed');
      },
    };
  } catch (error) {
    await app.close();
    await closeEnvironment();
    throw error;
  }
}

async function openEnvironment(config: Config, log: Log) {
  const clock = systemClock;
  const random = systemRandom(clock);
  const metrics = systemMetrics();
  const key = masterKey(
    config.masterKey ?? readMasterKeyFile(resolve(config.dataDirectory, 'master.key')),
  );
  const store = await openStore({
    url: config.databaseUrl,
    migrate: config.autoMigrate,
    staleAfter: config.staleAfter,
    clock,
    random,
    log,
  });
  const out = outbound(config.outboundAllow);
  const records = recorder({ store, random, metrics, log });
  const here = addresses(config.publicUrl, config.contextPath, {
    accepted: config.mtlsPort !== undefined || config.clientCertificateHeader !== undefined,
    url: config.mtlsUrl,
  });
  const keys = keyRing({ store }, key);
  const places = statusPlaces({ addresses: here, random }, key);
  const env: Environment & { readonly metrics: typeof metrics } = {
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
    node: thisNode({ clock, random }, config),
    publicSecrets: config.allowDemoSecrets ? new Set() : DEMO_SECRETS,
  };
  const closeEnvironment = async () => {
    await records.close();
    await store.close();
  };
  try {
    await ensureMasterKey(env, key);
  } catch (error) {
    await closeEnvironment();
    throw error;
  }
  return { env, closeEnvironment };
}

/** A database and a master key that do not belong together would refuse every secret. */
async function ensureMasterKey({ store }: Pick<Environment, 'store'>, key: MasterKey) {
  const [known] = await store.signingKeys.all(ROOT_REALM);
  if (known !== undefined && !canOpen(key, known))
    throw new WrongMasterKey(
      'the master key is not the one that this database was made with: ' +
        'give the right TESSERA_MASTER_KEY, or restore master.key beside the database',
    );
}

export class WrongMasterKey extends Error {
  override readonly name = 'WrongMasterKey';
}

async function openManagement(
  config: Config,
  env: Awaited<ReturnType<typeof openEnvironment>>['env'],
) {
  if (config.managementPort === undefined) return undefined;
  const app = createManagementApp(env);
  const url = await app.listen({ host: config.managementHost, port: config.managementPort });
  return { url, close: () => app.close() };
}

const tlsFilesOf = ({ tlsCertificateFile, tlsKeyFile }: Config): TlsFiles | undefined =>
  tlsCertificateFile === undefined || tlsKeyFile === undefined
    ? undefined
    : { certificateFile: tlsCertificateFile, keyFile: tlsKeyFile };

async function openMtls(
  { host, mtlsPort: port }: Config,
  app: ReturnType<typeof createApp>,
  tls: KeyPair | undefined,
) {
  return port === undefined || tls === undefined
    ? undefined
    : listenForCertificates(app, tls, { host, port });
}

// What the command line needs of the rooms behind this one.
export { type DemoRealm, ensureDemoRealm, renewOneTimePassword } from './admin/demo-realm.ts';
export { ensureDemoSample, type SampleSecret } from './admin/demo-sample.ts';
export { applyAtStart } from './admin/realm-files/apply-at-start.ts';
export { type MigrationStatus, migrate, migrationStatus } from './storage/migrate.ts';
export { moveDatabase, readBackup } from './storage/read-backup.ts';
export { writeBackup } from './storage/write-backup.ts';
export { readVersion } from './system/this-node.ts';
export { readTlsKeyPair } from './system/tls-key-pair.ts';
