import type { NumericDate, Result, Seconds } from '@tessera/protocol';
import type { Api } from './model/api.ts';
import type { Application } from './model/application.ts';
import type { Client, ClientOrigin, RegisteredClient } from './model/client.ts';
import type { ClientGrant } from './model/client-grant.ts';
import type { Credential } from './model/credential.ts';
import type { EndingCredential, EndingPlace, EndingSpan } from './model/ending.ts';
import type { Event, NewEvent, TrafficEventType } from './model/event.ts';
import type { InitialAccessToken } from './model/initial-access-token.ts';
import type { DatabaseState, NodeIdentity, ServerNode } from './model/node.ts';
import type { CredentialUse, SpendOutcome, SpentIdentifier } from './model/proof-use.ts';
import type { Provider } from './model/provider.ts';
import type { Realm } from './model/realm.ts';
import type { Session } from './model/session.ts';
import type { SigningKey } from './model/signing-key.ts';
import type { RevokedHolder, RevokedToken, StoredToken } from './model/token.ts';
import type { RateDelta, RateRow } from './model/token-rates.ts';
import type { RefusalDelta, RefusalsOfReason } from './model/token-refusals.ts';
import type { TrustedAuthority } from './model/trusted-authority.ts';
import type { TrustedIssuer } from './model/trusted-issuer.ts';
import type {
  IssuedTotals,
  UnusedClient,
  UsageBucket,
  UsageDelta,
  UsageOfClient,
  UsageOwner,
  UsageSpan,
} from './model/usage.ts';
import type { Role, User } from './model/user.ts';

/** A part of a list in the order of its keys. */
export type Page = {
  /** `next` of the page before; undefined for the first page. */
  readonly after?: string | undefined;
  readonly limit: number;
  /** Only items whose name or id contains this text, whatever the case. */
  readonly search?: string | undefined;
};

export type Listed<T> = {
  readonly items: readonly T[];
  /** Give this as `after` to go on; undefined at the end. */
  readonly next: string | undefined;
};

/** Which clients an application may have to be listed. */
export type ClientFilter = {
  readonly now: NumericDate;
  readonly enabled?: boolean | undefined;
  /** The application was there before, and no credential has been believed since. */
  readonly unusedSince?: NumericDate | undefined;
  /** A credential that has not expired yet does so before. */
  readonly expiringBefore?: NumericDate | undefined;
};

/** How a client stands, for a list of many. */
export type ClientSummary = Pick<Client, 'enabled' | 'authenticationMethod' | 'revision'> & {
  readonly apiIds: readonly string[];
  readonly lastUsedAt: NumericDate | undefined;
  /** Of the credential that expires next. */
  readonly expiresAt: NumericDate | undefined;
  /** Requests answered with a token, for each of the last seven days of UTC. */
  readonly answeredByDay: readonly number[];
};

export type EventFilter = {
  readonly type?: string | undefined;
  readonly actorId?: string | undefined;
  readonly subjectKind?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly since?: NumericDate | undefined;
  readonly until?: NumericDate | undefined;
};

export type { CredentialUse, SpendOutcome, SpentIdentifier } from './model/proof-use.ts';

/**
 * All that is remembered. Reads may be answered from memory: what a rule relies on is read again
 * through the rows of its commit.
 *
 * Every method rejects with `StoreUnavailable` when the truth cannot be had; none of them ever
 * answers "there is none" instead.
 */
export type Store = {
  readonly realms: {
    find(name: string): Promise<Realm | undefined>;
    list(page: Page): Promise<Listed<Realm>>;
  };
  readonly providers: { find(realm: string): Promise<Provider | undefined> };
  readonly users: {
    find(realm: string, id: string): Promise<User | undefined>;
    findByUserName(realm: string, userName: string): Promise<User | undefined>;
    list(
      realm: string,
      page: Page & {
        /** Only those who hold a role. */
        readonly withRole?: boolean | undefined;
      },
    ): Promise<Listed<User>>;
  };
  readonly applications: {
    find(realm: string, id: string): Promise<Application | undefined>;
    list(
      realm: string,
      page: Page & {
        readonly owner?: string | undefined;
        readonly clientId?: string | undefined;
        readonly client?: ClientFilter | undefined;
      },
    ): Promise<Listed<Application>>;
  };
  readonly clients: {
    /** The client with its credentials and grants, in one read. */
    find(realm: string, clientId: string): Promise<RegisteredClient | undefined>;
    /** `grantedAt`: only those with a client grant at this API. */
    list(
      realm: string,
      page: Page & { readonly grantedAt?: string | undefined },
    ): Promise<Listed<Client>>;
    /** By client id, at one go. Never from memory. */
    summarize(
      realm: string,
      clientIds: readonly string[],
      now: NumericDate,
    ): Promise<ReadonlyMap<string, ClientSummary>>;
    /**
     * The workloads of a trusted issuer that are clients, by client id: all of them, or one more
     * than `WORKLOADS_COMPARED_MAX`.
     */
    workloads(realm: string, issuerId: string): Promise<readonly Credential[]>;
  };
  readonly initialAccessTokens: {
    findByDigest(realm: string, digest: string): Promise<InitialAccessToken | undefined>;
    list(realm: string, page: Page): Promise<Listed<InitialAccessToken>>;
  };
  readonly apis: {
    find(realm: string, id: string): Promise<Api | undefined>;
    /** All of a realm's, by id. */
    all(realm: string): Promise<readonly Api[]>;
    list(realm: string, page: Page): Promise<Listed<Api>>;
  };
  readonly clientGrants: {
    list(
      realm: string,
      page: Page & { readonly clientId?: string | undefined; readonly apiId?: string | undefined },
    ): Promise<Listed<ClientGrant>>;
    /** Those of some clients at one API, in no order. */
    among(
      realm: string,
      apiId: string,
      clientIds: readonly string[],
    ): Promise<readonly ClientGrant[]>;
    /** How many there are at each of these APIs, each counted up to `max`. */
    count(
      realm: string,
      apiIds: readonly string[],
      max: number,
    ): Promise<ReadonlyMap<string, number>>;
  };
  readonly endingCredentials: {
    /**
     * Those that end from `since` until before `until`, soonest first. `forcedAge`: at which age
     * secrets end, whatever is kept of them. Never from memory.
     */
    list(
      realm: string,
      page: EndingSpan & {
        readonly after: EndingPlace | undefined;
        readonly limit: number;
        readonly forcedAge: Seconds | undefined;
      },
    ): Promise<readonly EndingCredential[]>;
    /** How many end in each span, each counted up to `max`. */
    count(
      realm: string,
      spans: readonly EndingSpan[],
      options: { readonly max: number; readonly forcedAge: Seconds | undefined },
    ): Promise<readonly number[]>;
  };
  readonly trustedAuthorities: { all(realm: string): Promise<readonly TrustedAuthority[]> };
  readonly trustedIssuers: { all(realm: string): Promise<readonly TrustedIssuer[]> };
  readonly signingKeys: { all(realm: string): Promise<readonly SigningKey[]> };
  readonly tokens: { find(digest: string): Promise<StoredToken | undefined> };
  readonly revokedTokens: { find(realm: string, jti: string): Promise<RevokedToken | undefined> };
  readonly revocations: {
    /**
     * All that voids tokens of the realm which may not have expired. Somebody has seen it `atLeast` at
     * this position: who is behind that looks, yet may answer with less.
     */
    ofRealm(realm: string, atLeast?: number): Promise<RealmRevocations>;
  };
  readonly sessions: {
    find(digest: string): Promise<Session | undefined>;
    /** Those that have not ended at `now`, in the order in which they were opened. */
    list(
      realm: string,
      page: Page & { readonly userId?: string | undefined; readonly now: NumericDate },
    ): Promise<Listed<Session>>;
    /** Says when one was last seen. No change, no event: it is traffic. */
    touch(digest: string, at: NumericDate): Promise<void>;
  };
  readonly nodes: {
    /** Says that a node runs, and how much of the change log it has yet to read. */
    report(node: NodeIdentity, at: NumericDate): Promise<void>;
    /** It stops, and is not to be missed. */
    leave(id: string): Promise<void>;
    /** Those heard of last first, a hundred at most. */
    list(): Promise<readonly ServerNode[]>;
  };
  readonly database: { describe(): Promise<DatabaseState> };
  readonly events: {
    /** Newest first. A page may be short, or empty, although there is a `next`. */
    list(realm: string, page: Page & EventFilter): Promise<Listed<Event>>;
  };
  /** What was counted of tokens. Never from memory: other nodes count too. */
  readonly usage: {
    /** The hours or days from `since` until before `until` in which there was any, oldest first. */
    list(
      owner: UsageOwner,
      by: UsageSpan,
      since: NumericDate,
      until: NumericDate,
    ): Promise<readonly UsageBucket[]>;
    /** The clients with the most tokens, those with most first. */
    rank(
      realm: string,
      since: NumericDate,
      until: NumericDate,
      top: number,
    ): Promise<readonly UsageOfClient[]>;
    /** Tokens issued in the hour and the day of `now`, in the order of the owners. */
    totals(owners: readonly UsageOwner[], now: NumericDate): Promise<readonly IssuedTotals[]>;
    /**
     * Enabled clients that are older than `since` and have proved themselves by nothing since, by
     * client id. A page may be short, or empty, although there is a `next`.
     */
    unusedClients(
      realm: string,
      since: NumericDate,
      after: string | undefined,
    ): Promise<Listed<UnusedClient>>;
  };
  /** What token requests were refused for, the most frequent reason first. */
  readonly refusals: {
    list(
      owner: UsageOwner,
      since: NumericDate,
      until: NumericDate,
    ): Promise<readonly RefusalsOfReason[]>;
  };
  /** Token requests by minute and latency class, oldest first. */
  readonly rates: {
    list(realm: string, since: NumericDate, until: NumericDate): Promise<readonly RateRow[]>;
  };

  /**
   * The one way to change anything but traffic. Rows, events and the change log are written in
   * one transaction; a refusal that `work` returns rolls all of it back, as a fault does.
   * Resolves when the change is durable and this node has forgotten what it knew before.
   *
   * Events that tell what was there before are a function of what `work` found.
   */
  commit<T, R>(
    events: NewEvents | ((value: T) => NewEvents),
    work: (rows: Rows) => Promise<Result<T, R>>,
  ): Promise<Result<T, R>>;

  /** Resolves when the token is durable. Many at once share one transaction. */
  insertToken(token: StoredToken): Promise<void>;
  /**
   * Uses up identifiers that are good for one time: the outcome of each, in their order. Whoever
   * is told `spent` is the only one who ever is, on any node, and it is durable. Many at once
   * share one transaction. After `StoreUnavailable` an identifier may or may not be spent.
   * RFC 7523 §3, RFC 9449 §11.1.
   */
  spend(identifiers: readonly SpentIdentifier[]): Promise<readonly SpendOutcome[]>;
  appendEvents(events: readonly Event<TrafficEventType>[]): Promise<void>;
  /** Folds in when credentials were last believed. No change, no event: it is traffic. */
  touchCredentials(uses: readonly CredentialUse[]): Promise<void>;
  /** Adds to what every node has counted. No change, no event: it is traffic. */
  addUsage(deltas: readonly UsageDelta[]): Promise<void>;
  addRefusals(deltas: readonly RefusalDelta[]): Promise<void>;
  addRates(deltas: readonly RateDelta[]): Promise<void>;
  /**
   * Removes what has expired, on the clock of any node: opaque tokens, revocations, sessions,
   * spent identifiers, initial access tokens; and old traffic events, usage and changes.
   */
  purge(
    now: NumericDate,
    keepTrafficSince: NumericDate,
    keepUsageSince: NumericDate,
  ): Promise<void>;

  /** Rejects when the database does not answer. */
  check(): Promise<void>;
  close(): Promise<void>;
};

/** Another object whenever anything in it is another. What has expired may still be in it. */
export type RealmRevocations = {
  /**
   * How far into the realm's revocations this reaches: a greater number was told later, on whatever
   * node, and nothing up to it is missing. Milliseconds since 1970, or a little more.
   */
  readonly position: number;
  /** Where the newest of a list, a `jti` without a list, or a client stands. */
  readonly positions: {
    readonly lists: ReadonlyMap<string, number>;
    readonly unlisted: ReadonlyMap<string, number>;
    readonly holders: ReadonlyMap<string, number>;
  };
  /** Revoked tokens, by the name of their status list: their `jti` and index. */
  readonly byList: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** The `jti` of those of which nobody knows the list. */
  readonly unlisted: ReadonlySet<string>;
  /** When each of them expires, by `jti`. */
  readonly expiry: ReadonlyMap<string, NumericDate>;
  /** By client id. */
  readonly holders: ReadonlyMap<string, RevokedHolder>;
};

export type NewEvents = NewEvent | readonly NewEvent[];

/** One resource inside a commit. Keys are `[realm, …id]` in the order of the table's key. */
export type Table<T> = {
  find(...key: readonly string[]): Promise<T | undefined>;
  insert(value: T): Promise<'inserted' | 'taken'>;
  /** `value.revision` is the revision that was read; the row gets the next one. */
  update(value: T): Promise<'updated' | 'stale'>;
  delete(...key: readonly string[]): Promise<'deleted' | 'absent'>;
};

export type Rows = {
  /** Deleting a realm deletes everything in it. */
  readonly realms: Table<Realm>;
  readonly providers: Table<Provider>;
  readonly users: Table<User> & {
    findByUserName(realm: string, userName: string): Promise<User | undefined>;
    /** Those who hold a role, enabled or not. */
    withRole(realm: string, role: Role): Promise<readonly User[]>;
  };
  readonly applications: Table<Application> & {
    ofClient(realm: string, clientId: string): Promise<readonly Application[]>;
    ofOwner(realm: string, userId: string): Promise<readonly Application[]>;
  };
  /** Deleting a client deletes its credentials and grants. */
  /** Written with the client: whatever disables, deletes or revokes, its tokens are void here, too. */
  readonly revokedHolders: {
    find(realm: string, clientId: string): Promise<RevokedHolder | undefined>;
  };
  readonly clients: Table<Client> & {
    /** How many there are, counted up to `max`. */
    countOfOrigin(realm: string, origin: ClientOrigin, max: number): Promise<number>;
  };
  readonly initialAccessTokens: Table<InitialAccessToken> & {
    findByDigest(realm: string, digest: string): Promise<InitialAccessToken | undefined>;
    /** How many there are, counted up to `max`. */
    count(realm: string, max: number): Promise<number>;
  };
  readonly credentials: Table<Credential> & {
    ofClient(realm: string, clientId: string): Promise<readonly Credential[]>;
    /** Those that rely on a trusted issuer, `max` at most. */
    ofIssuer(realm: string, issuerId: string, max: number): Promise<readonly Credential[]>;
  };
  readonly apis: Table<Api> & { all(realm: string): Promise<readonly Api[]> };
  readonly clientGrants: Table<ClientGrant> & {
    ofClient(realm: string, clientId: string): Promise<readonly ClientGrant[]>;
    ofApi(realm: string, apiId: string): Promise<readonly ClientGrant[]>;
  };
  readonly trustedAuthorities: Table<TrustedAuthority> & {
    all(realm: string): Promise<readonly TrustedAuthority[]>;
  };
  readonly trustedIssuers: Table<TrustedIssuer> & {
    all(realm: string): Promise<readonly TrustedIssuer[]>;
  };
  readonly signingKeys: Table<SigningKey> & {
    all(realm: string): Promise<readonly SigningKey[]>;
  };
  readonly revokedTokens: {
    /** Revoking twice is not an error. RFC 7009 §2.2. */
    insert(token: RevokedToken): Promise<void>;
  };
  readonly sessions: {
    find(realm: string, id: string): Promise<Session | undefined>;
    insert(session: Session): Promise<void>;
    delete(digest: string): Promise<'deleted' | 'absent'>;
    /** How many there were. */
    deleteOfUser(realm: string, userId: string): Promise<number>;
  };
};

/** The database does not answer, or this node cannot vouch for what it remembers. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
