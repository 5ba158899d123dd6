import type { JSONWebKeySet } from 'jose';
import type { Address } from './connection.ts';
import type { ClientAccount } from './setting.ts';
import type { Showing } from './signed-request.ts';

/** Token requests of one client, or of clients chosen at random. */
export type TokenTraffic = {
  readonly kind: 'token';
  readonly path: string;
  readonly form: string;
  readonly callers: Callers;
  /** Undefined: the secret alone. */
  readonly showing: Showing | undefined;
  readonly format: 'jwt' | 'opaque';
  readonly jwks: JSONWebKeySet;
  readonly introspectionPath: string;
};

export type Callers =
  | { readonly kind: 'one'; readonly account: ClientAccount }
  | { readonly kind: 'many'; readonly count: number; readonly secret: string };

/** Introspection of tokens chosen at random; each has one right answer, to the byte. */
export type IntrospectionTraffic = {
  readonly kind: 'introspection';
  readonly path: string;
  readonly account: ClientAccount;
  readonly tokens: readonly { readonly form: string; readonly answer: string }[];
};

export type Traffic = TokenTraffic | IntrospectionTraffic;

export const MANY_CLIENT_PREFIX = 'client-';
export const MANY_CLIENT_DIGITS = 7;

/** The id of one of many clients. */
export const manyClientId = (index: number): string =>
  `${MANY_CLIENT_PREFIX}${String(index).padStart(MANY_CLIENT_DIGITS, '0')}`;

/** What the load generator is asked to do. */
export type LoadPlan = {
  readonly address: Address;
  readonly serverPid: number;
  readonly serverCore: number | undefined;
  readonly connections: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly traffic: Traffic;
};

/** What it saw in the measured window. Durations in microseconds. */
export type LoadResult = {
  readonly requests: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  /** Undefined where the operating system does not tell. */
  readonly server: ServerUse | undefined;
  /** Part of its core that the generator used: near 1, it is the bottleneck, not the server. */
  readonly generatorShare: number;
};

export type ServerUse = {
  readonly processorSeconds: number;
  /** What the first thread had of it; the rest is workers, V8's helpers and the thread pool. */
  readonly mainThreadSeconds: number;
  readonly residentMegabytes: number;
  readonly peakMegabytes: number;
  /** What the server's core did, as parts of the window; undefined when it is not pinned. */
  readonly core: { readonly others: number; readonly idle: number } | undefined;
};

export type LoadReport =
  | { readonly outcome: 'measured'; readonly result: LoadResult }
  | { readonly outcome: 'failed'; readonly why: string };
