import type { Row, SqlValue } from './schema.ts';

/** How a member of a model is kept; the compiler holds the word to the member's type. */
type Kind<T> = [T] extends [boolean]
  ? 'boolean'
  : [T] extends [number]
    ? 'integer'
    : [T] extends [string]
      ? 'text'
      : 'json';

export type AnyKind = 'boolean' | 'integer' | 'text' | 'json';

/** Every member of a model with its kind: one that is missing or wrong does not compile. */
export type Columns<M> = { readonly [K in keyof M & string]-?: Kind<Exclude<M[K], undefined>> };

export type Column = { readonly member: string; readonly name: string; readonly kind: AnyKind };

export type RowCodec<M> = {
  readonly columns: readonly Column[];
  /** In the order of `columns`. */
  toValues(model: M): SqlValue[];
  fromRow(row: Row): M;
  /** The same from the values in the order of `columns`. */
  fromValues(values: readonly SqlValue[]): M;
};

/** Between a model, as the code has it, and a row: `undefined` is NULL, all else as declared. */
export function rowCodec<M>(declared: Columns<M>): RowCodec<M> {
  const columns = Object.entries<AnyKind>(declared).map(([member, kind]) => ({
    member,
    name: snakeCase(member),
    kind,
  }));
  const fromValues = (values: readonly SqlValue[]): M => {
    const model: Record<string, unknown> = {};
    columns.forEach(({ member, kind }, index) => {
      model[member] = fromValue(kind, values[index]);
    });
    return model as M;
  };
  return {
    columns,
    toValues: (model) => columns.map(({ member, kind }) => toValue(kind, model[member as keyof M])),
    fromRow: (row) => fromValues(columns.map(({ name }) => row[name] ?? null)),
    fromValues,
  };
}

const snakeCase = (member: string): string =>
  member.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function toValue(kind: AnyKind, value: unknown): SqlValue {
  if (value === undefined) return null;
  if (kind === 'json') return JSON.stringify(value);
  if (kind === 'boolean') return value === true ? 1 : 0;
  return value as string | number;
}

function fromValue(kind: AnyKind, value: SqlValue | undefined): unknown {
  if (value === null || value === undefined) return undefined;
  if (kind === 'json') return parseShared(String(value));
  if (kind === 'boolean') return value === 1;
  return value;
}

/** Short lists of words recur in row after row. */
const SHARED_LENGTH_MAX = 200;
const SHARED_MAX = 1_000;
const shared = new Map<string, unknown>();

/** Rows with the same list share one, frozen: it is read once and kept once. */
function parseShared(text: string): unknown {
  const known = shared.get(text);
  if (known !== undefined) return known;
  const value: unknown = JSON.parse(text);
  if (text.length > SHARED_LENGTH_MAX || !isListOfTexts(value)) return value;
  if (shared.size >= SHARED_MAX) shared.clear();
  shared.set(text, Object.freeze(value));
  return value;
}

const isListOfTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
