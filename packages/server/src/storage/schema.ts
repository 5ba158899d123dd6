import type { SpentIdentifier } from '../environment.ts';
import type { Api } from '../model/api.ts';
import type { Application } from '../model/application.ts';
import type { Client } from '../model/client.ts';
import type { ClientGrant } from '../model/client-grant.ts';
import type { Credential } from '../model/credential.ts';
import type { InitialAccessToken } from '../model/initial-access-token.ts';
import type { ServerNode } from '../model/node.ts';
import type { Provider } from '../model/provider.ts';
import type { Realm } from '../model/realm.ts';
import type { Session } from '../model/session.ts';
import type { SigningKey } from '../model/signing-key.ts';
import type {
  RevocationPosition,
  RevokedHolder,
  RevokedToken,
  StoredToken,
} from '../model/token.ts';
import type { RateRow } from '../model/token-rates.ts';
import type { TrustedAuthority } from '../model/trusted-authority.ts';
import type { TrustedIssuer } from '../model/trusted-issuer.ts';
import type { UsageCounts } from '../model/usage.ts';
import type { User } from '../model/user.ts';

/**
 * What the tables hold, for Kysely. Both databases hold the same: text, integers, booleans as 0
 * and 1, and everything that has parts as JSON text. A table follows its model member by member,
 * so that there is one place to add a member: the model, and then whatever no longer compiles.
 */
export type Schema = {
  readonly realms: RowOf<Realm> & { readonly search_text: string };
  readonly providers: RowOf<Provider>;
  readonly users: RowOf<User> & { readonly user_name_key: string; readonly search_text: string };
  readonly applications: RowOf<Application> & { readonly search_text: string };
  /** The owners of an application once more, so that a user's own are found without reading all. */
  readonly application_owners: {
    readonly realm: string;
    readonly user_id: string;
    readonly application_id: string;
  };
  readonly clients: RowOf<Client> & { readonly registration: number; readonly search_text: string };
  readonly credentials: RowOf<Credential> & {
    readonly issuer_id: string | null;
    /** When it counts no more, and since when it is a secret: what ends is found by these. */
    readonly ends_at: number | null;
    readonly secret_since: number | null;
  };
  readonly initial_access_tokens: RowOf<InitialAccessToken> & { readonly search_text: string };
  readonly apis: RowOf<Api> & { readonly search_text: string };
  readonly trusted_authorities: RowOf<TrustedAuthority>;
  readonly trusted_issuers: RowOf<TrustedIssuer>;
  readonly client_grants: RowOf<ClientGrant>;
  readonly signing_keys: RowOf<SigningKey>;
  readonly tokens: RowOf<StoredToken> & { readonly registration: number };
  readonly revoked_tokens: RowOf<Required<RevokedToken>> & { readonly position: number };
  readonly revoked_holders: RowOf<RevokedHolder> & { readonly position: number };
  readonly revocation_positions: RowOf<RevocationPosition>;
  readonly spent_identifiers: RowOf<SpentIdentifier>;
  readonly sessions: RowOf<Session>;
  readonly events: EventRow;
  readonly issued_events: IssuedEventsRow;
  readonly token_usage: UsageRow;
  readonly nodes: RowOf<ServerNode>;
  readonly token_refusals: RefusalRow;
  readonly token_rates: RateRow & { readonly realm: string };
  readonly changes: ChangeRow;
};

export type EventRow = {
  readonly realm: string;
  readonly at: number;
  readonly id: string;
  readonly type: string;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly details: string;
  readonly request_id: string;
  /** 1: kept for a while; 0: tells of a change, and is kept. */
  readonly traffic: number;
};

/** Events of one realm and one type, many to a row. */
export type IssuedEventsRow = {
  readonly realm: string;
  /** The place of the newest of them, and of the oldest. */
  readonly at: number;
  readonly id: string;
  readonly first_at: number;
  readonly first_id: string;
  /** Whose they are, a JSON list; empty: too many to name. */
  readonly actors: string;
  readonly events: string;
};

/** What was counted of a client in an hour; with an empty `client_id`, of all of its realm. */
export type UsageRow = UsageCounts & {
  readonly realm: string;
  readonly client_id: string;
  readonly hour: number;
};

export type RefusalRow = {
  readonly realm: string;
  readonly hour: number;
  readonly reason: string;
  readonly client_id: string;
  readonly refused: number;
  readonly last_at: number;
  readonly details: string;
};

export type ChangeRow = {
  readonly seq: number;
  readonly at: number;
  readonly realm: string;
  readonly kind: string;
  readonly id: string;
};

/** What a column can hold. */
export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, SqlValue>>;

export type RowOf<M> = {
  readonly [K in keyof M & string as SnakeCase<K>]: ColumnOf<M[K]>;
};

type ColumnOf<T> =
  | ([Exclude<T, undefined>] extends [boolean | number] ? number : string)
  | (undefined extends T ? null : never);

/** `clientId` → `client_id`. */
export type SnakeCase<S extends string> = S extends `${infer Head}${infer Tail}`
  ? Tail extends Uncapitalize<Tail>
    ? `${Lowercase<Head>}${SnakeCase<Tail>}`
    : `${Lowercase<Head>}_${SnakeCase<Tail>}`
  : S;
