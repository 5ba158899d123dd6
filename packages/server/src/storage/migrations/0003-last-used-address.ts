import type { Ddl } from './ddl.ts';

/** From where a credential was believed last: unknown of uses before. */
export const lastUsedAddress = ({ text }: Ddl): readonly string[] => [
  `alter table credentials add column last_used_address ${text}`,
];
