import type {
  AccessTokenClaims,
  AccessTokenTyp,
  AmAccessTokenClaims,
  Claims,
  ClaimsRequestProof,
  ClientMetadata,
  NumericDate,
  PublicJwk,
  PublishedStatusList,
  Refusal,
  Result,
  Seconds,
  SignedIntrospectionClaims,
  SigningAlgorithm,
  StatusReference,
  SymmetricAlgorithm,
  TokenFacts,
  TokenFormat,
  VerificationKey,
} from '@tessera/protocol';
import type { ClaimsQuestion, HookProblem } from './model/claims-question.ts';
import type { Client } from './model/client.ts';
import type { Event, TrafficEventType } from './model/event.ts';
import type {
  ClientDocumentProblem,
  FetchedDocument,
  OutboundProblem,
  RemoteKeySetProblem,
  SentJson,
} from './model/fetched-document.ts';
import type { Log } from './model/log.ts';
import type { ThisNode } from './model/node.ts';
import type { Provider } from './model/provider.ts';
import type { QuotaLeft, QuotaMode } from './model/quota.ts';
import type { AskedList, NamedStatusList, StatusListProblem } from './model/status-list.ts';
import type { RateMeter } from './model/token-rates.ts';
import type { RefusalMeter } from './model/token-refusals.ts';
import type { CredentialUse, Store } from './store.ts';

export type { Log } from './model/log.ts';
export type * from './store.ts';
export { StoreUnavailable } from './store.ts';

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
  readonly statusPlaces: StatusPlaces;
  readonly statusLists: StatusLists;
  readonly failureBudget: FailureBudget;
  readonly recorder: Recorder;
  readonly usage: UsageMeter;
  readonly refusals: RefusalMeter;
  readonly rates: RateMeter;
  readonly tokenReuse: TokenReuse;
  readonly introspectionBudget: IntrospectionBudget;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly outbound: Outbound;
  readonly keySets: KeySets;
  readonly clientDocuments: ClientDocuments;
  readonly claimsHooks: ClaimsHooks;
  readonly addresses: Addresses;
  readonly node: ThisNode;
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
  /** Whether the certificates of callers can reach this server. */
  readonly acceptsCertificates: boolean;
  /**
   * Scheme and authority that a caller has called, by its `Host`: one of those that are configured,
   * the public one unless it is that for certificates.
   */
  baseCalled(host: string | undefined): string;
  /** The issuer as callers with a certificate reach it; undefined: as everybody else does. */
  mtlsIssuer(realm: string): string | undefined;
  /** The name of the realm whose issuer this would be; whether it exists is another question. */
  realmOf(issuer: string): string | undefined;
};

// ---------------------------------------------------------------------------------------------
// Keys and secrets

/** Only the key ring ever holds a private key. */
export type KeyRing = {
  /**
   * A signed JWT access token, `at+jwt` unless a `typ` is named. Rejects when the realm has no key
   * that signs with `algorithm`.
   */
  sign(
    realm: string,
    algorithm: SigningAlgorithm,
    claims: AccessTokenClaims | AmAccessTokenClaims,
    typ?: AccessTokenTyp,
  ): Promise<string>;
  /** A signed answer of introspection. Rejects as `sign` does; never an access token. RFC 9701 §5 */
  signIntrospection(
    realm: string,
    algorithm: SigningAlgorithm,
    claims: SignedIntrospectionClaims,
  ): Promise<string>;
  /**
   * A signed status list, whose bytes are compressed on the way. Rejects as `sign` does; never an
   * access token. Token Status List §5.1
   */
  signStatusList(
    realm: string,
    algorithm: SigningAlgorithm,
    list: Omit<PublishedStatusList, 'compressed'> & { readonly bytes: Uint8Array },
  ): Promise<string>;
  /** What proves to a claims hook who asks it. Rejects as `sign` does; never an access token. */
  signClaimsRequest(
    realm: string,
    algorithm: SigningAlgorithm,
    proof: ClaimsRequestProof,
  ): Promise<string>;
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
  digest(purpose: 'secret' | 'token' | 'session' | 'nonce' | 'registration', text: string): string;
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
  /** A secret that must be recoverable, encrypted; it opens under the same context alone. */
  seal(text: string, context: string): string;
  /** Whether `mac` was made over `input` with the sealed secret. RFC 7518 §3.2; constant time. */
  verifyMac(
    sealed: string,
    context: string,
    algorithm: SymmetricAlgorithm,
    input: string,
    mac: Uint8Array,
  ): boolean;
  /**
   * Which of the hashes this process lately found the text to belong to; undefined: unknown yet.
   * Costs microseconds, so a chosen secret pays for argon2id once and not on every request.
   */
  recall(chosen: string, hashes: readonly string[]): string | undefined;
};

/**
 * Where the status of tokens is found. The addresses of lists have names in them that nobody but
 * this server reads, so that nothing has to be kept to know what a list is of.
 */
export type StatusPlaces = {
  /**
   * A place for a token of these parties that no other token has or ever will have, on any node.
   * Remembers nothing that must survive.
   */
  allot(realm: string, parties: readonly string[], issuedAt: NumericDate): StatusReference;
  /** What is behind the name of a list; undefined for one that was not made here for the realm. */
  read(realm: string, name: string): NamedStatusList | undefined;
  /** The name of a list by its address; undefined for an address of another realm or server. */
  nameOfList(realm: string, uri: string): string | undefined;
  /** The name under which documents for everybody speak of a client. */
  nameOfHolder(realm: string, clientId: string): string;
  /** What the addresses of all lists of a realm begin with. */
  base(realm: string): string;
};

/** What is published of revocations: the same object until it has to be another. */
export type StatusLists = {
  /** A signed list, unless the realm has none of this name whose tokens could still live. */
  list(asked: AskedList, now: NumericDate): Promise<Result<PublicText, StatusListProblem>>;
  /** Everything at once, as JSON; undefined: there is no such realm. */
  aggregation(realm: string, now: NumericDate): Promise<PublicText | undefined>;
};

/** How many lists are signed for one address and one realm. */
export type SigningBudget = {
  /** Takes one from each, or none and says how many seconds to wait; 0: go on. */
  take(realm: string, address: string, share: 'of_realm' | 'of_address'): number;
};

export type PublicText = {
  readonly text: string;
  /** For how long nobody need ask again. */
  readonly maxAge: Seconds;
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
  /** The JSON object that answers a JSON text, by the same rules. The caller bounds how many. */
  postJson(url: string, sent: SentJson): Promise<Result<FetchedDocument, OutboundProblem>>;
};

/** The claims that hooks of APIs have for a token. */
export type ClaimsHooks = {
  /** Asks, unless the same was asked lately; never throws for what the other side does. */
  ask(question: ClaimsQuestion): Promise<Result<Claims, HookProblem>>;
};

/** The public keys that others publish (`jwks_uri`), remembered for minutes. */
export type KeySets = {
  /**
   * All keys of the set that can be used. `kid` chooses none of them: it says which is needed, so
   * that a set without it is fetched anew, once in 30 seconds at most.
   */
  find(
    uri: string,
    kid: string | undefined,
  ): Promise<Result<readonly VerificationKey[], RemoteKeySetProblem>>;
};

/** What clients publish of themselves at their ids, remembered for minutes. */
export type ClientDocuments = {
  find(url: string): Promise<Result<ClientMetadata, ClientDocumentProblem>>;
};

// ---------------------------------------------------------------------------------------------
// What is told

/** Gathers traffic and writes it in batches. Never blocks, never throws. */
export type Recorder = {
  record(event: Omit<Event<TrafficEventType>, 'id'>): void;
  credentialUsed(use: CredentialUse): void;
  /** What else is gathered and written at the same time. Answers with what says that it waits. */
  alsoWrite(gathered: AlsoWritten): () => void;
  flush(): Promise<void>;
};

export type AlsoWritten = {
  waits(): boolean;
  /** Rejects when it was not written; then it waits on. */
  write(): Promise<void>;
};

/** Counts what is issued, and holds clients and realms to their quotas. Never throws. */
export type UsageMeter = {
  /**
   * Counts one token more, unless a quota that is enforced is used up. Answers with what is left
   * of the client's own.
   */
  take(
    provider: Provider,
    client: Client,
    occasion: Occasion,
  ): Promise<Result<readonly QuotaLeft[], QuotaRefusal>>;
  /** No token came of what was taken. */
  giveBack(client: Client, now: NumericDate): void;
  /** A token was issued. `alike` is the same for tokens that would do in each other's place. */
  issued(client: Client, alike: string, expiresAt: NumericDate, occasion: Occasion): void;
  /** A token that was issued earlier was the answer. Answers with what is left, as far as known. */
  reused(provider: Provider, client: Client, now: NumericDate): readonly QuotaLeft[];
  /** A client that was believed got no token. */
  refused(client: Client, now: NumericDate): void;
};

export type Occasion = { readonly now: NumericDate; readonly requestId: string };

export type QuotaRefusal = Extract<Refusal, { readonly reason: 'quota_exceeded' }>;

/** Tokens that answer once more, for seconds. In memory alone, bounded, for each client too. */
export type TokenReuse = {
  /** What was kept for the client and the kind of token, if all circumstances are the same objects. */
  find(kept: KeptToken, now: NumericDate): ReusableToken | undefined;
  keep(kept: KeptToken, token: ReusableToken, until: NumericDate): void;
};

export type KeptToken = {
  readonly client: Client;
  /** As for `UsageMeter`. */
  readonly alike: string;
  /** What the store gave: as long as nothing of it changes, it gives the same objects. */
  readonly circumstances: readonly object[];
};

export type ReusableToken = {
  readonly text: string;
  readonly format: TokenFormat;
  readonly facts: TokenFacts;
};

/** How many tokens that are none a caller of introspection may ask about. RFC 7662 §4 */
export type IntrospectionBudget = {
  /** Seconds until this text may be looked up for the caller; 0: now. */
  wait(caller: Client, token: string): number;
  /** Whether it is a token that was made here, active or not; otherwise it was a guess. */
  answered(caller: Client, token: string, made: boolean): void;
};

export type Metrics = {
  tokenIssued(realm: string, format: string): void;
  refused(endpoint: string, reason: string): void;
  /** Seconds from when the request was read to when its answer was handed over. */
  answered(endpoint: string, status: number, seconds: number): void;
  /** What became of a question to a claims hook; seconds where it was asked. */
  claimsHookAnswered(realm: string, outcome: string, seconds: number | undefined): void;
  /** Traffic events that could not be kept, because the database was too slow or away. */
  eventsDropped(count: number): void;
  /** An answer with a token that was issued earlier. */
  tokenReused(realm: string, format: string): void;
  tokenWasted(realm: string): void;
  /** How many lists, clients and tokens the aggregation of a realm had no place for. */
  aggregationTruncated(realm: string, of: 'lists' | 'clients' | 'tokens', count: number): void;
  /** A request found a quota used up. */
  quotaExceeded(realm: string, of: 'client' | 'realm', mode: QuotaMode): void;
};
