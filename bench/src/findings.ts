import type { StartResult } from './measure-start.ts';
import type { Row } from './row.ts';
import type { SubjectName } from './subject.ts';
import type { LoadResult } from './traffic.ts';

/** One row at one number of connections: every measurement in the order it was made. */
export type RowFinding = {
  readonly row: Row;
  readonly connections: number;
  readonly runs: readonly Run[];
};

export type Run = { readonly subject: SubjectName; readonly result: LoadResult };

export type StartFinding = { readonly subject: SubjectName; readonly result: StartResult };

/**
 * How an API can judge a token: one bare verification, the least that has to be done beside it, this
 * library for a token that is new and for one seen before, and others.
 */
export type SdkSubject = 'verify' | 'floor' | 'new' | 'seen' | 'jose' | 'express-jwt';

/** Processor time for one token, in microseconds. */
export type SdkCosts = Readonly<Record<SdkSubject, number>>;

/** From an acknowledged revocation to the first refusal at an API that asks nobody, in milliseconds. */
export type RevocationResult = {
  readonly tokens: number;
  readonly p50: number;
  readonly p99: number;
};

/** Tessera with one client and with many, in turn. */
export type ManyClientsFinding = {
  readonly clients: number;
  readonly connections: number;
  readonly one: readonly LoadResult[];
  readonly many: readonly LoadResult[];
};

export type Findings = {
  readonly machine: Machine;
  readonly rows: readonly RowFinding[];
  readonly starts: readonly StartFinding[];
  readonly sdk: SdkCosts | undefined;
  readonly revocation: RevocationResult | undefined;
  readonly manyClients: ManyClientsFinding | undefined;
};

/** Where and with what it was measured: a figure without this says nothing. */
export type Machine = {
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly node: string;
  readonly openssl: string;
  readonly tessera: string;
  readonly peer: string;
  readonly pinned: boolean;
  readonly fileSystem: string;
  readonly seconds: number;
  readonly warmUpSeconds: number;
};

export const rateOf = ({ requests, seconds }: LoadResult): number => requests / seconds;

/** Processor time of the server for one request, in microseconds. */
export const costOf = ({ requests, server }: LoadResult): number | undefined =>
  server === undefined ? undefined : (server.processorSeconds * 1e6) / requests;

/** The part of it that the first thread took. */
export const mainThreadCostOf = ({ requests, server }: LoadResult): number | undefined =>
  server === undefined ? undefined : (server.mainThreadSeconds * 1e6) / requests;

/** The mean of what is there; undefined when nothing is. */
export function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, v) => sum + v, 0) / known.length;
}

/** Above this part of the server's core, other programs had a say in the figure. */
const OTHERS_MAX = 0.05;

export const othersOf = ({ server }: LoadResult): number => server?.core?.others ?? 0;
export const isDisturbed = (result: LoadResult): boolean => othersOf(result) > OTHERS_MAX;
