/**
 * A store around a store, which answers from memory what a token needs. It is kept in step by the
 * change log, and nobody else knows that it exists.
 *
 * Realms, providers, signing keys, those who are trusted and revocations are held whole; of clients, APIs, opaque tokens,
 * sessions and users what was asked for lately. When the change log could not be read for too
 * long, nothing is answered from memory any more.
 */
import { sql } from 'kysely';
import type { Clock, CredentialUse, Log, RealmRevocations, Store } from '../environment.ts';
import type { RegisteredClient } from '../model/client.ts';
import type { SigningKey } from '../model/signing-key.ts';
import type { TrustedAuthority } from '../model/trusted-authority.ts';
import type { TrustedIssuer } from '../model/trusted-issuer.ts';
import {
  type Change,
  type ChangeKind,
  isChangeKind,
  readHolder,
  readPosition,
  readRevocation,
} from './changes.ts';
import type { Database } from './database.ts';
import { followChanges } from './follow-changes.ts';
import { heldWhole } from './held-whole.ts';
import { storedNodes } from './nodes.ts';
import { expiredEverywhere } from './purge.ts';
import { remembered } from './remembered.ts';
import { revocations } from './revocations.ts';
import { PROVIDERS, REALMS, SIGNING_KEYS, TRUSTED_AUTHORITIES, TRUSTED_ISSUERS } from './tables.ts';
import {
  readByRealm,
  readPositions,
  readUnexpiredHolders,
  readUnexpiredRevocations,
} from './whole-reads.ts';

export type CachedStoreOptions = {
  readonly database: Database;
  /** Opens the store inside, which tells of the changes that it makes itself. */
  readonly open: (changed: (changes: readonly Change[], made: boolean) => void) => Store;
  readonly clock: Clock;
  readonly log: Log;
  /** How long to answer from memory without having read the change log, seconds. */
  readonly staleAfter: number;
  readonly clientsMax: number;
};

/** Text that remembered clients may hold, characters. As objects they take two to three times it. */
const CLIENT_TEXT_MAX = 48_000_000;

/**
 * Whether a token or a session still holds is only vouched for so long without the change log:
 * three of its periods. Issuing goes on for `staleAfter`; a revocation must not be missed as long.
 */
const VOUCH_MILLISECONDS = 6_000;
/** A reading that is under way may have begun before the commit. */
const CATCH_UPS_MAX = 2;
const LOOK_MILLISECONDS = 50;
const TOKENS_MAX = 20_000;
const SESSIONS_MAX = 5_000;
const USERS_MAX = 1_000;
const REALMS_WITH_APIS_MAX = 1_000;
const WORKLOADS_MAX = 20_000;
const ABSENT_MAX = 10_000;

export async function cachedStore({
  database,
  open,
  clock,
  log,
  staleAfter,
  clientsMax,
}: CachedStoreOptions): Promise<Store> {
  const store = open((changes, made) => {
    // What may have changed is forgotten, and read again. Revocations are remembered instead: one
    // that was not kept must not pass for one that was, and if it was kept the change log tells.
    for (const change of changes) if (made || !isRevocation(change)) forget(change);
  });
  const first = async <M>(rows: Promise<ReadonlyMap<string, readonly M[]>>) =>
    new Map([...(await rows)].map(([realm, [row]]) => [realm, row]));

  const realms = heldWhole(
    () => first(readByRealm(database, REALMS)),
    (name) => store.realms.find(name),
    undefined,
  );
  const providers = heldWhole(
    () => first(readByRealm(database, PROVIDERS)),
    (realm) => store.providers.find(realm),
    undefined,
  );
  const signingKeys = heldWhole<readonly SigningKey[]>(
    () => readByRealm(database, SIGNING_KEYS, sql`created_at, kid`),
    (realm) => store.signingKeys.all(realm),
    [],
  );
  const trustedAuthorities = heldWhole<readonly TrustedAuthority[]>(
    () => readByRealm(database, TRUSTED_AUTHORITIES, sql`created_at, id`),
    (realm) => store.trustedAuthorities.all(realm),
    [],
  );
  const trustedIssuers = heldWhole<readonly TrustedIssuer[]>(
    () => readByRealm(database, TRUSTED_ISSUERS, sql`id`),
    (realm) => store.trustedIssuers.all(realm),
    [],
  );
  const revoked = revocations(async function* () {
    const now = expiredEverywhere(clock.now());
    // First, so that nothing is missing of what these positions stand for.
    yield* await readPositions(database);
    yield* readUnexpiredRevocations(database, now);
    yield* readUnexpiredHolders(database, now);
  });
  const clients = remembered((realm, id) => store.clients.find(realm, id), {
    weightMax: CLIENT_TEXT_MAX,
    // Bounded by number, too: even the smallest counts for its share.
    weigh: (client) => Math.max(textOf(client), CLIENT_TEXT_MAX / clientsMax),
    absentMax: ABSENT_MAX,
  });
  const workloads = remembered((realm, issuerId) => store.clients.workloads(realm, issuerId), {
    weightMax: WORKLOADS_MAX,
    weigh: (found) => found.length + 1,
    absentMax: 1,
  });
  const apis = remembered((realm) => store.apis.all(realm), {
    weightMax: REALMS_WITH_APIS_MAX,
    absentMax: 1,
  });
  const users = remembered((realm, id) => store.users.find(realm, id), {
    weightMax: USERS_MAX,
    absentMax: USERS_MAX,
  });
  // A token or session that is written makes no change that would forget that it was not there.
  const tokens = remembered((_, digest) => store.tokens.find(digest), {
    weightMax: TOKENS_MAX,
    absentMax: 0,
  });
  const sessions = remembered((_, digest) => store.sessions.find(digest), {
    weightMax: SESSIONS_MAX,
    absentMax: 0,
  });

  const forgetting: Record<ChangeKind, (realm: string, id: string) => void> = {
    realms: realms.forget,
    providers: providers.forget,
    signing_keys: signingKeys.forget,
    trusted_authorities: trustedAuthorities.forget,
    trusted_issuers: trustedIssuers.forget,
    revoked_tokens(realm, id) {
      if (id === '') revoked.forgetAll();
      else revoked.add(readRevocation(realm, id));
    },
    revoked_holders(realm, id) {
      if (id === '') revoked.forgetAll();
      else revoked.add(readHolder(realm, id));
    },
    revocation_positions(realm, id) {
      if (id === '') revoked.forgetAll();
      else revoked.add(readPosition(realm, id));
    },
    apis: (realm) => apis.forget(realm, ''),
    clients(realm, id) {
      if (id === '') clients.forgetRealm(realm);
      else clients.forget(realm, id);
      // Whose workload a client was is not in the change.
      workloads.forgetRealm(realm);
    },
    users: (realm, id) => (id === '' ? users.forgetRealm(realm) : users.forget(realm, id)),
    tokens: (_, id) => (id === '' ? tokens.forgetAll() : tokens.forget('', id)),
    sessions: (_, id) => (id === '' ? sessions.forgetAll() : sessions.forget('', id)),
    applications() {},
    initial_access_tokens() {},
  };
  const forget = ({ realm, kind, id }: Change): void => {
    // A newer version may tell of what this one does not know, and so does not remember.
    if (isChangeKind(kind)) forgetting[kind](realm, id);
  };
  const forgetAll = (): void => {
    for (const memory of [realms, providers, signingKeys, trustedAuthorities, trustedIssuers])
      memory.forgetAll();
    revoked.forgetAll();
    for (const memory of [clients, workloads, apis, users, tokens, sessions]) memory.forgetAll();
  };

  const follower = await followChanges({
    database,
    clock,
    log,
    staleAfter: staleAfter * 1_000,
    forget,
    forgetAll,
  });
  await Promise.all([
    realms.find(''),
    providers.find(''),
    signingKeys.find(''),
    trustedAuthorities.find(''),
    trustedIssuers.find(''),
    revoked.find('', ''),
  ]);

  /** What is remembered counts while the change log is known, and again once it has been read. */
  const guarded =
    <T>(find: (first: string, second: string) => Promise<T>, within?: number) =>
    (first: string, second = ''): Promise<T> =>
      follower.isFresh(within)
        ? find(first, second)
        : follower.catchUp().then(() => find(first, second));

  /**
   * Of a commit of this node it knows at once, of what others committed before from the change log
   * alone. What is told to others has no gap.
   */
  let lookedAt = Number.NEGATIVE_INFINITY;
  const wholeRevocations = async (realm: string, atLeast: number): Promise<RealmRevocations> => {
    if (!follower.isFresh(VOUCH_MILLISECONDS)) await follower.catchUp();
    for (let turn = 0; turn < CATCH_UPS_MAX && revoked.hasGap(realm); turn++)
      await follower.catchUp();
    let held = await revoked.ofRealm(realm);
    // Anybody can claim to have seen more, so not every claim is a question to the database.
    if (held.position >= atLeast || clock.monotonic() - lookedAt < LOOK_MILLISECONDS) return held;
    lookedAt = clock.monotonic();
    for (let turn = 0; turn < CATCH_UPS_MAX && held.position < atLeast; turn++) {
      await follower.catchUp();
      held = await revoked.ofRealm(realm);
    }
    return held;
  };

  return {
    ...store,
    realms: { ...store.realms, find: guarded(realms.find) },
    providers: { find: guarded(providers.find) },
    signingKeys: { all: guarded(signingKeys.find) },
    trustedAuthorities: { all: guarded(trustedAuthorities.find) },
    trustedIssuers: { all: guarded(trustedIssuers.find) },
    revokedTokens: { find: guarded(revoked.find, VOUCH_MILLISECONDS) },
    revocations: { ofRealm: (realm, atLeast = 0) => wholeRevocations(realm, atLeast) },
    clients: {
      ...store.clients,
      find: guarded(clients.find),
      workloads: guarded(workloads.find),
    },
    users: { ...store.users, find: guarded(users.find) },
    apis: {
      ...store.apis,
      all: guarded(apis.find),
      find: guarded(async (realm, id) => (await apis.find(realm, '')).find((api) => api.id === id)),
    },
    tokens: { find: guarded((digest) => tokens.find('', digest), VOUCH_MILLISECONDS) },
    sessions: {
      ...store.sessions,
      find: guarded((digest) => sessions.find('', digest), VOUCH_MILLISECONDS),
      async touch(digest, at) {
        // First what is remembered: what comes meanwhile must not write it once more.
        sessions.revise('', digest, (known) => known && { ...known, lastSeenAt: at });
        await store.sessions.touch(digest, at);
      },
    },
    nodes: storedNodes(database, follower.position),
    async touchCredentials(uses) {
      await store.touchCredentials(uses);
      for (const use of uses)
        clients.revise(use.realm, use.clientId, (known) => touched(known, use));
    },
    async purge(now, ...keepSince) {
      await store.purge(now, ...keepSince);
      revoked.dropExpired(expiredEverywhere(now));
    },
    async close() {
      await follower.close();
      await store.close();
    },
  };
}

const isRevocation = ({ kind }: Change): boolean =>
  kind === 'revoked_tokens' || kind === 'revoked_holders' || kind === 'revocation_positions';

/** About how many characters a client consists of. */
function textOf(registered: RegisteredClient | undefined): number {
  if (registered === undefined) return 0;
  const { client, credentials, grants } = registered;
  let characters = 500 + client.name.length + client.description.length;
  const { scopes, defaultScopes, redirectUris, allowedAddresses } = client;
  for (const list of [scopes, defaultScopes, redirectUris, allowedAddresses])
    for (const text of list) characters += text.length;
  for (const [name, value] of Object.entries(client.attributes))
    characters += 50 + name.length + value.length;
  for (const { material, label } of credentials)
    characters += 250 + JSON.stringify(material).length + label.length;
  for (const grant of grants) characters += 100 + grant.scopes.join().length;
  return characters;
}

/** The client with the credential's last use as the database now has it. */
function touched(
  known: RegisteredClient | undefined,
  { credentialId, at, address }: CredentialUse,
): RegisteredClient | undefined {
  return (
    known && {
      ...known,
      credentials: known.credentials.map((credential) =>
        credential.id === credentialId && (credential.lastUsedAt ?? 0) < at
          ? { ...credential, lastUsedAt: at, lastUsedAddress: address }
          : credential,
      ),
    }
  );
}
