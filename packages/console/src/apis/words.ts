import { TOKEN_FORMATS } from '../parts/labels.ts';

/** The server counts no further. */
const COUNTED_MAX = 1_000;

/** A number that was counted up to a bound. */
export const formatCounted = (count: number): string =>
  count >= COUNTED_MAX ? `${COUNTED_MAX.toLocaleString()}+` : count.toLocaleString();

export const nameFormat = (format: 'jwt' | 'opaque'): string =>
  TOKEN_FORMATS.find(({ value }) => value === format)?.label ?? format;
