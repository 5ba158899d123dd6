/** What the two databases spell differently in a table definition. */
export type Ddl = {
  /** Compared by code point, whatever the database's locale: the order of every list. */
  readonly text: string;
  /** 64 bits. */
  readonly integer: string;
  /** A primary key that counts up and never gives a number twice. */
  readonly sequence: string;
  /** A default that is a different number for every row, within what JavaScript counts exactly. */
  readonly random: string;
  /** After the closing parenthesis of a table. */
  readonly table: string;
  /** The same, for a table that is best kept in the order of its primary key. */
  readonly clustered: string;
};

export const SQLITE_DDL: Ddl = {
  text: 'text',
  integer: 'integer',
  sequence: 'integer primary key autoincrement',
  random: '(abs(random() % 9007199254740991))',
  table: ' strict',
  clustered: ' strict, without rowid',
};

export const POSTGRES_DDL: Ddl = {
  text: 'text collate "C"',
  integer: 'bigint',
  sequence: 'bigint generated always as identity primary key',
  random: 'floor(random() * 9007199254740991)::bigint',
  table: '',
  clustered: '',
};
