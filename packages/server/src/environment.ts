import type {
  AccessTokenClaims,
  NumericDate,
  PublicJwk,
  Result,
  Seconds,
  SigningAlgorithm,
} from '@tessera/protocol';
import type { Api } from './model/api.ts';
import type { Application } from './model/application.ts';
import type { Client, RegisteredClient } from './model/client.ts';
import type { ClientGrant } from './model/client-grant.ts';
import type { Credential } from './model/credential.ts';
import type { Event, NewEvent, TrafficEventType } from './model/event.ts';
import type { Provider } from './model/provider.ts';
import type { Realm } from './model/realm.ts';
import type { Session } from './model/session.ts';
import type { SigningKey } from './model/signing-key.ts';
import type { RevokedToken, StoredToken } from './model/token.ts';
import type { Role, User } from './model/user.ts';

/**
 * Every power that code of this server can have. Only main.ts chooses the implementations; a
 * function asks for what it needs, `env: Pick<Environment, 'store' | 'clock'>`, so its signature
 * is the inventory of what it can do.
 */
export type Environment = {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: Store;
  readonly keyRing: KeyRing;
  readonly hasher: Hasher;
  readonly failureBudget: FailureBudget;
  readonly recorder: Recorder;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly outbound: Outbound;
  readonly addresses: Addresses;
  /** Secrets that everybody knows, and that are therefore neither taken nor believed. */
  readonly publicSecrets: ReadonlySet<string>;
};

/** The wall clock. Nothing outside system/ reads it otherwise. */
export type Clock = {
  now(): NumericDate;
  /** Milliseconds since 1970, for what seconds are too coarse for. */
  milliseconds(): number;
  /** Milliseconds from an arbitrary instant, with fractions; never goes back. For durations. */
  monotonic(): number;
};

export type Random = {
  bytes(length: number): Uint8Array;
  /** RFC 9562 §5.7: sorts by time. */
  uuid(): string;
};

/** Where this server is found: from configuration, never from a request. */
export type Addresses = {
  /** Scheme and authority, without a trailing slash. */
  readonly publicUrl: string;
  /** PingAM's context path, `/am` by default. */
  readonly contextPath: string;
  issuer(realm: string): string;
  /** The name of the realm whose issuer this would be; whether it exists is another question. */
  realmOf(issuer: string): string | undefined;
};

// ---------------------------------------------------------------------------------------------
// Storage

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

export type EventFilter = {
  readonly type?: string | undefined;
  readonly actorId?: string | undefined;
  readonly subjectKind?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly since?: NumericDate | undefined;
  readonly until?: NumericDate | undefined;
};

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
    list(realm: string, page: Page): Promise<Listed<User>>;
  };
  readonly applications: {
    find(realm: string, id: string): Promise<Application | undefined>;
    list(
      realm: string,
      page: Page & { readonly owner?: string | undefined; readonly clientId?: string | undefined },
    ): Promise<Listed<Application>>;
  };
  readonly clients: {
    /** The client with its credentials and grants, in one read. */
    find(realm: string, clientId: string): Promise<RegisteredClient | undefined>;
    list(realm: string, page: Page): Promise<Listed<Client>>;
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
  };
  readonly signingKeys: { all(realm: string): Promise<readonly SigningKey[]> };
  readonly tokens: { find(digest: string): Promise<StoredToken | undefined> };
  readonly revokedTokens: { find(realm: string, jti: string): Promise<RevokedToken | undefined> };
  readonly sessions: { find(digest: string): Promise<Session | undefined> };
  readonly events: {
    /** Newest first. A page may be short, or empty, although there is a `next`. */
    list(realm: string, page: Page & EventFilter): Promise<Listed<Event>>;
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
  /**
   * Removes what has expired, on the clock of any node: opaque tokens, revocations, sessions,
   * spent identifiers; and old traffic events and changes.
   */
  purge(now: NumericDate, keepTrafficSince: NumericDate): Promise<void>;

  /** Rejects when the database does not answer. */
  check(): Promise<void>;
  close(): Promise<void>;
};

export type NewEvents = NewEvent | readonly NewEvent[];

export type CredentialUse = {
  readonly realm: string;
  readonly clientId: string;
  readonly credentialId: string;
  readonly at: NumericDate;
};

/** The `jti` of a client assertion or DPoP proof, with whose it is, as the caller digests it. */
export type SpentIdentifier = {
  /** SHA-256, base64url. */
  readonly digest: string;
  /** A whole second from which on nobody accepts what it identifies, leeway included. */
  readonly expiresAt: NumericDate;
};

export type SpendOutcome = 'spent' | 'already_spent';

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
  readonly clients: Table<Client>;
  readonly credentials: Table<Credential> & {
    ofClient(realm: string, clientId: string): Promise<readonly Credential[]>;
  };
  readonly apis: Table<Api> & { all(realm: string): Promise<readonly Api[]> };
  readonly clientGrants: Table<ClientGrant> & {
    ofClient(realm: string, clientId: string): Promise<readonly ClientGrant[]>;
    ofApi(realm: string, apiId: string): Promise<readonly ClientGrant[]>;
  };
  readonly signingKeys: Table<SigningKey> & {
    all(realm: string): Promise<readonly SigningKey[]>;
  };
  readonly revokedTokens: {
    /** Revoking twice is not an error. RFC 7009 §2.2. */
    insert(token: RevokedToken): Promise<void>;
  };
  readonly sessions: {
    insert(session: Session): Promise<void>;
    delete(digest: string): Promise<'deleted' | 'absent'>;
    deleteOfUser(realm: string, userId: string): Promise<void>;
  };
};

/** The database does not answer, or this node cannot vouch for what it remembers. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

// ---------------------------------------------------------------------------------------------
// Keys and secrets

/** Only the key ring ever holds a private key. */
export type KeyRing = {
  /** A signed JWT access token. Rejects when the realm has no key that signs with `algorithm`. */
  sign(realm: string, algorithm: SigningAlgorithm, claims: AccessTokenClaims): Promise<string>;
  /** The claims of an access token that one of the realm's published keys signed, or undefined. */
  verify(realm: string, token: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  publicKeys(realm: string): Promise<readonly PublicJwk[]>;
  /** A new key pair, its private half sealed. */
  generate(
    algorithm: SigningAlgorithm,
  ): Promise<{ readonly publicJwk: PublicJwk; readonly sealedPrivateKey: string }>;
};

/** Only the hasher knows the pepper and the cost of argon2id. */
export type Hasher = {
  /** HMAC-SHA-256 under the pepper, base64url: for 256 random bits. */
  digest(purpose: 'secret' | 'token' | 'session', text: string): string;
  /**
   * argon2id in PHC form, with the salt of `like` when given. `overloaded` when too many
   * computations wait already.
   */
  hash(chosen: string, like?: string): Promise<string | 'overloaded'>;
  /**
   * Which of the hashes the text belongs to, or undefined. One computation for all that share a
   * salt and at least one even for none, so that the time taken tells nothing.
   * `overloaded` when too many computations wait already.
   */
  verify(chosen: string, hashes: readonly string[]): Promise<string | undefined | 'overloaded'>;
  /** The same question while it is being answered: it costs nothing to wait for it, too. */
  underWay(
    chosen: string,
    hashes: readonly string[],
  ): Promise<string | undefined | 'overloaded'> | undefined;
  /**
   * Which of the hashes this process lately found the text to belong to; undefined: unknown yet.
   * Costs microseconds, so a chosen secret pays for argon2id once and not on every request.
   */
  recall(chosen: string, hashes: readonly string[]): string | undefined;
};

/** How many failed attempts are looked at, per address and per client. */
export type FailureBudget = {
  /** Seconds to wait before another try of a secret that is not known to be right; 0: go on. */
  wait(key: FailureKey): number;
  /** Before a slow comparison: counts as failed until it is given back, so none run ahead. */
  attempt(key: FailureKey): Attempt;
  /** After a comparison that cost nothing. */
  failed(key: FailureKey): void;
  succeeded(key: FailureKey): void;
};

export type Attempt = {
  /** As `wait`; unless it is 0, nothing was taken and nothing may be compared. */
  readonly wait: number;
  /** It was no failure after all. */
  giveBack(): void;
};

export type FailureKey = {
  readonly realm: string;
  /** Client id or user name, as claimed. */
  readonly claimant: string;
  readonly address: string;
};

// ---------------------------------------------------------------------------------------------
// What others publish

/**
 * The only way out of this server: to addresses that others chose, so to those of the public
 * internet alone and to those that the operator opened. Never throws for what the other side does.
 */
export type Outbound = {
  /**
   * Whether there is an address here that may be asked; for what administrators and registrations
   * hand in. Asks nobody, so the fetch can still refuse where the name leads to.
   */
  check(url: string): Result<URL, OutboundProblem>;
  /** A JSON object, without credentials, cookies or redirects, within seconds. */
  fetchJson(
    url: string,
    options?: {
      /** Bytes of the body that are read at most; 64 KiB unless given. */
      readonly bytesMax?: number;
      /** Media types to ask for; `application/json` unless given. */
      readonly accept?: string;
    },
  ): Promise<Result<FetchedDocument, OutboundProblem>>;
};

export type FetchedDocument = {
  readonly document: Readonly<Record<string, unknown>>;
  /** How long the other side calls it fresh. RFC 9111 §5.2.2.1. */
  readonly maxAge: Seconds | undefined;
};

/** Why there is no document. Holds nothing that the other side sent but a number. */
export type OutboundProblem =
  | {
      readonly problem:
        | 'url_not_allowed'
        | 'address_not_allowed'
        /** No such name, no connection, no trusted certificate, or one that broke. */
        | 'unreachable'
        | 'timed_out'
        | 'redirected'
        | 'too_large'
        | 'content_type_unexpected'
        | 'encoding_unexpected'
        /** Not UTF-8, no JSON, or no object. */
        | 'not_json'
        /** Too many are being fetched already. */
        | 'busy';
    }
  | { readonly problem: 'status_unexpected'; readonly status: number };

// ---------------------------------------------------------------------------------------------
// What is told

/** Gathers traffic and writes it in batches. Never blocks, never throws. */
export type Recorder = {
  record(event: Omit<Event<TrafficEventType>, 'id'>): void;
  credentialUsed(use: CredentialUse): void;
  flush(): Promise<void>;
};

export type Metrics = {
  tokenIssued(realm: string, format: string): void;
  refused(endpoint: string, reason: string): void;
  /** Seconds from when the request was read to when its answer was handed over. */
  answered(endpoint: string, status: number, seconds: number): void;
  /** Traffic events that could not be kept, because the database was too slow or away. */
  eventsDropped(count: number): void;
};

/** Structured, one line each. Values may come from callers; secrets and tokens never go in. */
export type Log = {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
};
