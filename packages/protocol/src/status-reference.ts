import { isJsonObject } from './json.ts';

/** Where the status of a token is found: the list and the place in it. Token Status List §6.2 */
export type StatusReference = {
  readonly uri: string;
  readonly index: number;
};

/** The `status` of a JWT. Token Status List §6.1, §6.2 */
export type StatusClaim = {
  readonly status_list: { readonly idx: number; readonly uri: string };
};

/** Longer addresses are none that anybody has made for a list. */
const URI_LENGTH_MAX = 4_096;

export const describeStatusReference = ({ uri, index }: StatusReference): StatusClaim => ({
  status_list: { idx: index, uri },
});

/**
 * Reads the `status` of a token. `none`: it has no status list, although it may have a status of
 * another kind (§6.1). `malformed`: nothing can be said of the token, and it is to be refused (§8.3).
 */
export function readStatusReference(status: unknown): StatusReference | 'none' | 'malformed' {
  if (status === undefined) return 'none';
  if (!isJsonObject(status)) return 'malformed';
  const list = status['status_list'];
  if (list === undefined) return 'none';
  if (!isJsonObject(list)) return 'malformed';
  const { idx: index, uri } = list;
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0) return 'malformed';
  if (typeof uri !== 'string' || uri.length > URI_LENGTH_MAX || !URI.test(uri)) return 'malformed';
  return { uri, index };
}

/** Absolute, of characters that RFC 3986 App. A has, and without a fragment, which is never sent. */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=%]+$/;
