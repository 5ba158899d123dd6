/**
 * The name of a list of Tessera's: whose tokens it has, then which of their lists it is. All of it
 * is opaque, yet whoever knows the name of a holder sees which lists are of its tokens.
 */
export type StatusListName = {
  readonly holders: readonly string[];
  readonly series: string;
};

const HOLDER_SEPARATOR = '.';
const SERIES_SEPARATOR = '/';

/** The part of a list's address below the base that all lists of a realm have. */
export const formatListName = (holders: readonly string[], series: string): string =>
  holders.join(HOLDER_SEPARATOR) + SERIES_SEPARATOR + series;

/** Undefined for what is no such name. */
export function readListName(name: string): StatusListName | undefined {
  const [holders = '', series = '', ...more] = name.split(SERIES_SEPARATOR, 3);
  if (holders === '' || series === '' || more.length > 0) return undefined;
  return { holders: holders.split(HOLDER_SEPARATOR), series };
}
