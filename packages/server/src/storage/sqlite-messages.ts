import type { BoundValue } from './bind-value.ts';
import type { Row } from './schema.ts';

/** What the thread of SQLite is told and answers. */
export type Statement = { readonly sql: string; readonly parameters: readonly BoundValue[] };

export type Outcome = { readonly rows: readonly Row[]; readonly changes: number };

export type SqliteRequest = {
  readonly id: number;
  /** `reader` never waits for a transaction and never sees an unfinished one. */
  readonly on: 'reader' | 'writer';
  /** More than one are read from one state of the database. */
  readonly statements: readonly Statement[] | 'close' | 'rollback';
};

export type SqliteReply = {
  readonly id: number;
  readonly outcomes?: readonly Outcome[];
  readonly failure?: SqliteFailure;
};

export type SqliteFailure = {
  readonly message: string;
  /** SQLite's primary result code, https://sqlite.org/rescode.html; undefined: not from SQLite. */
  readonly code: number | undefined;
};

export type SqliteThreadData = {
  readonly path: string;
  /** False for a backup: nothing may be written by accident. */
  readonly writable: boolean;
};
