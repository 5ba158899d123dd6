import { DatabaseError } from 'pg';
import { StoreUnavailable } from '../environment.ts';

/**
 * Classes of SQLSTATE that mean the database, not the statement, is at fault; PostgreSQL,
 * appendix A: 08 connection exception, 53 insufficient resources, 57 operator intervention
 * (shutdown, time limit), 58 system error.
 */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57', '58']);

/**
 * Single codes: a database that takes no connections, a standby that refuses to write, a serialization failure or deadlock (ours has
 * been rolled back), a lock that nobody gave up in time, a login that no longer works.
 */
const UNAVAILABLE_CODES = new Set([
  '25006',
  '40001',
  '40P01',
  '55000',
  '55P03',
  '28000',
  '28P01',
  '3D000',
]);

/** The one place where a failure of PostgreSQL is judged. */
export function faultOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error instanceof DatabaseError) {
    const code = error.code ?? '';
    return UNAVAILABLE_CLASSES.has(code.slice(0, 2)) || UNAVAILABLE_CODES.has(code)
      ? new StoreUnavailable(`PostgreSQL: ${error.message}`)
      : error;
  }
  // A value that cannot be bound never left this process.
  if (error instanceof TypeError) return error;
  // Without an SQLSTATE it did not come from the server: no connection, or none any more.
  return new StoreUnavailable(`PostgreSQL: ${error.message || describeCode(error)}`);
}

/** After these the connection may still owe an answer, or be gone. */
export const breaksConnection = (error: unknown): boolean =>
  !(error instanceof DatabaseError || error instanceof TypeError) ||
  (error instanceof DatabaseError && (error.code ?? '').startsWith('57P'));

const describeCode = (error: Error): string =>
  'code' in error ? String(error.code) : 'no connection';
