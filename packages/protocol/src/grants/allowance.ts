import type { ClientType, SigningAlgorithm, TokenBinding, TokenFormat } from '../client.ts';
import type { Claims, ClaimsHook } from '../custom-claims.ts';
import type { Seconds } from '../time.ts';

/**
 * What a realm permits one client before anybody asked: the provider's rules, the client's own,
 * and its client grants, put together.
 */
export type Allowance = {
  readonly clientId: string;
  readonly clientType: ClientType;
  /** Grant types enabled on the realm's provider. */
  readonly providerGrantTypes: readonly string[];
  /** Grant types enabled on the client. */
  readonly clientGrantTypes: readonly string[];
  /** One entry for each API at which the client may hold scopes; the default API first. */
  readonly apis: readonly ApiAllowance[];
  /** What every token of the client must be bound to: its own setting, the realm's, the profile's. */
  readonly tokenBindings: readonly TokenBinding[];
  /** Granted when the request names no scope: the client's, else the realm's. */
  readonly defaultScopes: readonly string[];
};

/** A JSON Schema, draft 2020-12, that was checked when it was registered. */
export type DetailSchema = Readonly<Record<string, unknown>>;

/** One row of client × API → scopes, with the token settings that hold there. */
export type ApiAllowance = {
  /** The API's identifier: what goes into `aud`, and what `resource` names. RFC 8707 §2. */
  readonly identifier: string;
  readonly scopes: ReadonlySet<string>;
  /** Scopes that the API has and that the client does not hold there. */
  readonly withheldScopes: readonly string[];
  /** Types of authorization details that the client holds there, with their JSON Schemas. */
  readonly detailTypes: ReadonlyMap<string, DetailSchema>;
  readonly tokenFormat: TokenFormat;
  readonly signingAlgorithm: SigningAlgorithm;
  readonly accessTokenLifetime: Seconds;
  readonly tokenBinding: TokenBinding;
  /** What its tokens say of this client besides, its templates filled; undefined: nothing. */
  readonly claims?: Claims | undefined;
  readonly claimsHook?: AskedHook | undefined;
};

/** A hook, and the API whose it is. */
export type AskedHook = ClaimsHook & {
  readonly apiId: string;
  /** Of the API: what it answered before the API was changed does not count. */
  readonly apiRevision: number;
};
