import type { NumericDate } from '@tessera/protocol';
import { type Kysely, sql } from 'kysely';
import {
  type Revocation,
  type RevocationPosition,
  type RevokedHolder,
  type RevokedToken,
  UNKNOWN_LIST,
} from '../model/token.ts';
import { type BatchValues, insertInto, prepareBatch, type WriteBatch } from './batch.ts';
import type { BatchColumn, Database } from './database.ts';
import type { Schema } from './schema.ts';

/** What a node may remember, and so has to be told to forget. */
export const CHANGE_KINDS = [
  'realms',
  'providers',
  'users',
  'applications',
  'clients',
  'initial_access_tokens',
  'apis',
  'trusted_authorities',
  'trusted_issuers',
  'signing_keys',
  'tokens',
  'revoked_tokens',
  'revoked_holders',
  'revocation_positions',
  'sessions',
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export const isChangeKind = (kind: string): kind is ChangeKind =>
  (CHANGE_KINDS as readonly string[]).includes(kind);

/**
 * One row of the change log. A credential or a client grant is part of its client and told under
 * the client's id; a revoked token tells all there is to know of it.
 */
export type Change = {
  readonly realm: string;
  readonly kind: ChangeKind;
  /** Empty: every one of this kind in the realm. */
  readonly id: string;
};

/** A part of the change log; `undefined` when it no longer reaches back to what was asked. */
export type ChangePage =
  | { readonly changes: readonly Change[]; readonly last: number; readonly more: boolean }
  | undefined;

const PAGE_MAX = 1_000;

const CHANGE_COLUMNS: readonly BatchColumn[] = [
  { name: 'at', type: 'integer' },
  { name: 'realm', type: 'text' },
  { name: 'kind', type: 'text' },
  { name: 'id', type: 'text' },
];

export const prepareChanges = (database: Database): WriteBatch =>
  prepareBatch(database, CHANGE_COLUMNS, insertInto('changes', CHANGE_COLUMNS));

/** The rows of a commit's changes: what is to be forgotten twice is told once. */
export function changeRows(changes: readonly Change[], at: NumericDate): readonly BatchValues[] {
  const rows = new Map<string, BatchValues>();
  for (const { realm, kind, id } of changes)
    rows.set(`${kind} ${realm} ${id}`, [at, realm, kind, id]);
  return [...rows.values()];
}

/** The number of the newest change. There always is one. */
export async function readLastChange(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ seq: number }>`
    select seq from changes order by seq desc limit 1`.execute(db);
  return rows[0]?.seq ?? 0;
}

/**
 * The changes after `last`. Where the row of `last` itself is gone, so may be some that came
 * after it: the log was cut, or the database was replaced by an older one.
 */
export async function readChanges(db: Kysely<Schema>, last: number): Promise<ChangePage> {
  const { rows } = await sql<Change & { readonly seq: number }>`
    select seq, realm, kind, id from changes where seq >= ${last}
    order by seq limit ${PAGE_MAX + 1}`.execute(db);
  if (rows[0]?.seq !== last) return undefined;
  return {
    changes: rows.slice(1),
    last: rows.at(-1)?.seq ?? last,
    more: rows.length > PAGE_MAX,
  };
}

/** A revoked token as the id of a change: what stands before the `jti` has no spaces. */
export const describeRevocation = (token: RevokedToken, position: number): string =>
  `${position} ${token.expiresAt} ${token.statusIndex ?? NONE} ${describeList(token)} ${token.jti}`;

export function readRevocation(realm: string, id: string): Revocation {
  const [position, expiresAt, index = '', list = '', ...jti] = id.split(' ');
  return {
    realm,
    position: Number(position),
    jti: jti.join(' '),
    expiresAt: Number(expiresAt) as NumericDate,
    statusIndex: index === NONE ? undefined : Number(index),
    statusList: list === NONE ? undefined : list === UNKNOWN ? UNKNOWN_LIST : list,
  };
}

/** A revoked holder in the same way. */
export const describeHolder = (holder: RevokedHolder, position: number): string =>
  `${position} ${holder.revokedBefore} ${holder.expiresAt} ${holder.clientId}`;

export function readHolder(realm: string, id: string): Revocation {
  const [position, revokedBefore, expiresAt, ...clientId] = id.split(' ');
  return {
    realm,
    position: Number(position),
    clientId: clientId.join(' '),
    revokedBefore: Number(revokedBefore) as NumericDate,
    expiresAt: Number(expiresAt) as NumericDate,
  };
}

/** From which position a commit took the realm to which. */
export const describePosition = ({ previous, position }: RevocationPosition): string =>
  `${previous} ${position}`;

export function readPosition(realm: string, id: string): RevocationPosition {
  const [previous, position] = id.split(' ');
  return { realm, previous: Number(previous), position: Number(position) };
}

/** Neither is the name of a list. */
const NONE = '-';
const UNKNOWN = '?';

const describeList = ({ statusList }: RevokedToken): string =>
  statusList === undefined ? NONE : statusList === UNKNOWN_LIST ? UNKNOWN : statusList;
