/**
 * A backup is text, gzipped: a header, then for each table its columns and its rows, then a
 * trailer, one JSON value a line. It belongs to no database: what was written from one can be
 * read into the other. Private keys stay sealed and secrets digested, as they are kept.
 */
import { createHash } from 'node:crypto';
import type { NumericDate } from '@tessera/protocol';
import { batchColumns } from './batch.ts';
import type { BatchColumn } from './database.ts';
import { EVENT_COLUMNS } from './event-rows.ts';
import { RATE_COLUMNS, RATE_KEY } from './rates.ts';
import { REFUSAL_COLUMNS, REFUSAL_KEY } from './refusals.ts';
import { keyColumns } from './resource-rows.ts';
import { POSITIONED_HOLDER, POSITIONED_TOKEN, REVOCATION_POSITION } from './revocation-tables.ts';
import type { Schema, SqlValue } from './schema.ts';
import * as tables from './tables.ts';
import { USAGE_COLUMNS, USAGE_KEY } from './usage.ts';

export const BACKUP_FORMAT = 'tessera-backup';
export const BACKUP_VERSION = 1;

export type BackupHeader = {
  readonly format: typeof BACKUP_FORMAT;
  readonly version: typeof BACKUP_VERSION;
  /** The last migration of the database it was made from. */
  readonly migration: string;
  readonly createdAt: NumericDate;
};

export type BackupTable = { readonly table: string; readonly columns: readonly string[] };
export type BackupRow = readonly SqlValue[];

export type BackupTrailer = {
  /** How many of each table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Of every byte before this line. */
  readonly sha256: string;
};

/** A table as a backup has it. */
export type BackedUp = {
  readonly table: Exclude<keyof Schema, 'changes' | 'nodes'>;
  readonly columns: readonly BatchColumn[];
  readonly key: readonly string[];
  /** Rows that are in memory at once. */
  readonly batch: number;
};

const BATCH = 500;

const text = (name: string): BatchColumn => ({ name, type: 'text' });
const integer = (name: string): BatchColumn => ({ name, type: 'integer' });

const ofResource = <M>(resource: tables.Resource<M>, ...more: BatchColumn[]): BackedUp => ({
  table: resource.table as BackedUp['table'],
  columns: [...batchColumns(resource.codec), ...derivedColumns(resource), ...more],
  key: keyColumns(resource),
  batch: BATCH,
});

/** What is searched is text; what is sorted by time, seconds. */
const DERIVED_INTEGERS: ReadonlySet<string> = new Set(['ends_at', 'secret_since']);

const derivedColumns = <M>({ derived }: tables.Resource<M>): readonly BatchColumn[] =>
  Object.keys(derived).map((name) => (DERIVED_INTEGERS.has(name) ? integer(name) : text(name)));

/**
 * Every table but the change log and the nodes, which are of one database, in an order in which
 * rows find what they refer to.
 */
export const BACKED_UP: readonly BackedUp[] = [
  ofResource(tables.REALMS),
  ofResource(tables.PROVIDERS),
  ofResource(tables.INITIAL_ACCESS_TOKENS),
  ofResource(tables.USERS),
  ofResource(tables.APIS),
  ofResource(tables.TRUSTED_AUTHORITIES),
  ofResource(tables.TRUSTED_ISSUERS),
  ofResource(tables.CLIENTS, integer('registration')),
  ofResource(tables.CREDENTIALS),
  ofResource(tables.CLIENT_GRANTS),
  ofResource(tables.APPLICATIONS),
  {
    table: 'application_owners',
    columns: [text('realm'), text('user_id'), text('application_id')],
    key: ['realm', 'user_id', 'application_id'],
    batch: BATCH,
  },
  ofResource(tables.SIGNING_KEYS),
  {
    table: 'tokens',
    columns: [...batchColumns(tables.TOKEN), integer('registration')],
    key: ['digest'],
    batch: BATCH,
  },
  {
    table: 'revoked_tokens',
    columns: batchColumns(POSITIONED_TOKEN),
    key: ['realm', 'jti'],
    batch: BATCH,
  },
  {
    table: 'revoked_holders',
    columns: batchColumns(POSITIONED_HOLDER),
    key: ['realm', 'client_id'],
    batch: BATCH,
  },
  {
    table: 'revocation_positions',
    columns: batchColumns(REVOCATION_POSITION),
    key: ['realm'],
    batch: BATCH,
  },
  {
    table: 'spent_identifiers',
    columns: batchColumns(tables.SPENT_IDENTIFIER),
    key: ['digest'],
    batch: BATCH,
  },
  {
    table: 'sessions',
    columns: batchColumns(tables.SESSIONS.codec),
    key: ['digest'],
    batch: BATCH,
  },
  { table: 'events', columns: EVENT_COLUMNS, key: ['realm', 'at', 'id'], batch: BATCH },
  {
    table: 'issued_events',
    columns: [
      ...[text('realm'), integer('at'), text('id'), integer('first_at'), text('first_id')],
      ...[text('actors'), text('events')],
    ],
    key: ['realm', 'at', 'id'],
    // A row of these holds thousands of events.
    batch: 5,
  },
  { table: 'token_usage', columns: USAGE_COLUMNS, key: USAGE_KEY, batch: BATCH },
  { table: 'token_refusals', columns: REFUSAL_COLUMNS, key: REFUSAL_KEY, batch: BATCH },
  { table: 'token_rates', columns: RATE_COLUMNS, key: RATE_KEY, batch: BATCH },
];

/** Told after every batch, with the rows of the table so far. */
export type BackupProgress = (table: string, rows: number) => void;

/** It is not a backup, or not a whole one, or does not fit this database. */
export class UnreadableBackup extends Error {
  override readonly name = 'UnreadableBackup';
}

export function backupDigest(): { update(line: string): void; end(): string } {
  const hash = createHash('sha256');
  return {
    update: (line: string): void => void hash.update(line),
    end: (): string => hash.digest('hex'),
  };
}

/** No line of a backup is longer: what claims to be one is not read into memory without end. */
const LINE_MAX = 256 * 1024 * 1024;

/** The lines of a stream, each with its line break. */
export async function* readLines(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    let from = 0;
    for (let to = chunk.indexOf(10); to !== -1; to = chunk.indexOf(10, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, to + 1)]).toString('utf8');
      parts = [];
      length = 0;
      from = to + 1;
    }
    parts.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > LINE_MAX) throw new UnreadableBackup('this is not a backup: a line has no end');
  }
  if (length > 0) throw new UnreadableBackup('the backup breaks off in the middle of a line');
}
