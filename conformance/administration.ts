/*
 * The administration API as the tests use it: signed in as the first administrator, and what the
 * tests need to put into a realm.
 */
import { type Answer, send } from './wire.ts';

type Json = Readonly<Record<string, unknown>>;

export type Administration = {
  /** One call; whatever it answers. */
  call(method: string, path: string, body?: unknown, headers?: Json): Promise<Answer>;
  /** One call with a body that need not be JSON. */
  send(method: string, path: string, body: string, headers?: Json): Promise<Answer>;
  /** One call that must succeed. */
  perform<T = Json>(method: string, path: string, body?: unknown): Promise<T>;
  /** Changes what a path shows, on the revision it has now. */
  change<T = Json>(path: string, patch: Json): Promise<T>;
  /** Deletes what a path shows, at the revision it has now. */
  remove(path: string): Promise<void>;
};

/** Signs in with a one-time password and replaces it, as the server wants it. */
export async function signInAsAdministrator(
  port: number,
  oneTimePassword: string,
  password: string,
  publicUrl = `http://127.0.0.1:${port}`,
): Promise<Administration> {
  const ask = (method: string, path: string, body: string | undefined, headers: Json) =>
    send(port, {
      method,
      path,
      headers: {
        origin: publicUrl,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(headers as Record<string, string>),
      },
      ...(body !== undefined && { body }),
    });
  const open = async (path: string, body: Json, cookie: string): Promise<string> => {
    const answer = await ask('POST', path, JSON.stringify(body), { cookie });
    const [set] = answer.headers['set-cookie'] ?? [];
    if (answer.status !== 200 || set === undefined)
      throw new Error(`cannot sign in: ${answer.status} ${answer.text}`);
    return set.split(';', 1)[0] ?? '';
  };

  const first = await open('/api/session', { userName: 'admin', password: oneTimePassword }, '');
  const change = { currentPassword: oneTimePassword, newPassword: password };
  const cookie = await open('/api/session/password', change, first);
  return administration((method, path, body, headers) =>
    ask(method, path, body, { cookie, ...headers }),
  );
}

type Ask = (
  method: string,
  path: string,
  body: string | undefined,
  headers: Json,
) => Promise<Answer>;

export function administration(ask: Ask): Administration {
  const call: Administration['call'] = (method, path, body, headers = {}) =>
    ask(method, path, body === undefined ? undefined : JSON.stringify(body), headers);
  const succeed = async (method: string, path: string, body?: unknown, headers?: Json) => {
    const answer = await call(method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  };
  return {
    call,
    send: (method, path, body, headers = {}) => ask(method, path, body, headers),
    perform: async <T>(method: string, path: string, body?: unknown) =>
      (await succeed(method, path, body)).json as T,
    change: async <T>(path: string, patch: Json) => {
      const { headers } = await succeed('GET', path);
      const changed = await succeed('PATCH', path, patch, { 'if-match': headers.etag ?? '' });
      return changed.json as T;
    },
    remove: async (path) => {
      const { headers } = await succeed('GET', path);
      await succeed('DELETE', path, undefined, { 'if-match': headers.etag ?? '' });
    },
  };
}
