import { ADDRESSES } from 'virtual:admin-routes';
import type { Answer, Body, RouteName } from '@tessera/server/contract';
import { connection } from './connection.ts';
import { ProblemError, UnreachableError } from './problem.ts';

/** What an operation is asked with. */
export type Asked<Name extends RouteName> = {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: Body<Name>;
  /** The revision that the change was made from. RFC 9110 §13.1.1 */
  readonly revision?: number;
  readonly signal?: AbortSignal;
};

/** Method and address of an operation, with its parameters filled in. */
export function describeRequest<Name extends RouteName>(
  name: Name,
  { params = {}, query = {} }: Pick<Asked<Name>, 'params' | 'query'>,
): { readonly method: string; readonly address: string } {
  const [method = 'GET', path = ''] = (ADDRESSES[name] ?? '').split(' ');
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, key: string) =>
    encodeURIComponent(params[key] ?? ''),
  );
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== '') search.set(key, String(value));
  const text = search.toString();
  return { method, address: text === '' ? filled : `${filled}?${text}` };
}

/** Calls an operation of the administration API. Throws `ProblemError` or `UnreachableError`. */
export async function call<Name extends RouteName>(
  name: Name,
  asked: Asked<Name> = {},
): Promise<Answer<Name>> {
  const { method, address } = describeRequest(name, asked);
  const headers = new Headers({ accept: 'application/json' });
  if (asked.body !== undefined) headers.set('content-type', 'application/json');
  if (asked.revision !== undefined) headers.set('if-match', `"${asked.revision}"`);
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      headers,
      credentials: 'same-origin',
      ...(asked.body !== undefined && { body: JSON.stringify(asked.body) }),
      ...(asked.signal && { signal: asked.signal }),
    });
  } catch (cause) {
    if (asked.signal?.aborted) throw cause;
    connection.tellLost();
    throw new UnreachableError('the server does not answer', { cause });
  }
  // A proxy answers in its own words when nobody behind it does.
  const foreign = response.headers.get('content-type')?.includes('json') !== true;
  if (!response.ok && foreign) {
    connection.tellLost();
    throw new UnreachableError(`status ${response.status}`);
  }
  connection.tellFound();
  const text = await response.text();
  const value: unknown = text === '' ? undefined : JSON.parse(text);
  if (response.ok) return value as Answer<Name>;
  const problem = value as ProblemError['problem'];
  if (problem.status === 401 && name !== 'openSession') sessionEnd.dispatchEvent(new Event('end'));
  throw new ProblemError(problem);
}

/** Tells of an answer that only somebody who is not signed in gets, whoever asked and why. */
export const sessionEnd = new EventTarget();
