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
};

/** Between a model, as the code has it, and a row: `undefined` is NULL, all else as declared. */
export function rowCodec<M>(declared: Columns<M>): RowCodec<M> {
  const columns = Object.entries<AnyKind>(declared).map(([member, kind]) => ({
    member,
    name: snakeCase(member),
    kind,
  }));
  return {
    columns,
    toValues: (model) => columns.map(({ member, kind }) => toValue(kind, model[member as keyof M])),
    fromRow(row) {
      const model: Record<string, unknown> = {};
      for (const { member, name, kind } of columns) model[member] = fromValue(kind, row[name]);
      return model as M;
    },
  };
}

export const snakeCase = (member: string): string =>
  member.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function toValue(kind: AnyKind, value: unknown): SqlValue {
  if (value === undefined) return null;
  if (kind === 'json') return JSON.stringify(value);
  if (kind === 'boolean') return value === true ? 1 : 0;
  return value as string | number;
}

function fromValue(kind: AnyKind, value: SqlValue | undefined): unknown {
  if (value === null || value === undefined) return undefined;
  if (kind === 'json') return JSON.parse(String(value));
  if (kind === 'boolean') return value === 1;
  return value;
}
