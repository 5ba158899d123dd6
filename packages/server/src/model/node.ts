import type { NumericDate } from '@tessera/protocol';

/** A running process of this server, as it tells of itself. */
export type NodeIdentity = {
  /** Of this start of the process. */
  readonly id: string;
  /** The name of its machine. */
  readonly name: string;
  /** Of Tessera and of Node. */
  readonly version: string;
  readonly runtime: string;
  readonly startedAt: NumericDate;
};

/** This node, with what it was started with. */
export type ThisNode = NodeIdentity & {
  readonly logLevel: string;
  /** Where health and metrics are; undefined: nowhere. */
  readonly managementPort: number | undefined;
};

/** A node as it was when it last told of itself. */
export type ServerNode = NodeIdentity & {
  readonly lastSeenAt: NumericDate;
  /** How many changes it had yet to read. */
  readonly changesBehind: number;
};

/** How often a node tells of itself, seconds. */
export const NODE_REPORT_PERIOD = 10;

/** A node that was not heard of for so long is away: three reports and some. Seconds. */
export const NODE_AWAY_AFTER = 35;

/** A node that was not heard of for so long is forgotten. Seconds. */
export const NODE_FORGOTTEN_AFTER = 86_400;

/** What is kept, and where. */
export type DatabaseState = {
  readonly kind: 'sqlite' | 'postgres';
  readonly bytes: number;
  readonly migrations: readonly string[];
};
