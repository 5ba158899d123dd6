import type { Ddl } from './ddl.ts';

/** From where a client may prove itself: from anywhere, unless somebody says otherwise. */
export const allowedAddresses = ({ text }: Ddl): readonly string[] => [
  `alter table clients add column allowed_addresses ${text} not null default '[]'`,
];
