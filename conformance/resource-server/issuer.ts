/*
 * An issuer that says whatever a test wants: a real one signs no token with the wrong `typ`, names
 * no other issuer in its metadata and never answers half a key set. Real HTTP, real signatures.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type ClientKey, newKey, now, signJws } from '../signed.ts';

type Members = Readonly<Record<string, unknown>>;
type Answerer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export type Issuer = {
  readonly url: string;
  readonly key: ClientKey;
  /** How often each path was asked for. */
  readonly asked: Map<string, number>;
  /** The keys in its JWKS; a test that rotates replaces them. */
  keys: readonly ClientKey[];
  /** What of the metadata is said otherwise. */
  metadata: Members;
  /** Takes the place of the usual answer to a path, until it is deleted again. */
  readonly answers: Map<string, Answerer>;
  /** An opaque token that introspection knows, good but for what is said otherwise. RFC 7662 §2.2 */
  opaque(members?: Members): string;
  /** A good access token for `audience`, but for what is said otherwise. RFC 9068 §2 */
  token(claims?: Members, header?: Members, key?: ClientKey): string;
  close(): Promise<void>;
  /** Listens again at the same address. */
  open(): Promise<void>;
};

export const json =
  (value: unknown, status = 200): Answerer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };

/** Who may ask about tokens. */
export const ASKER = { clientId: 'orders-api', clientSecret: 'orders-api-secret' } as const;

const claimsOf = (iss: string, aud: string): Members => ({
  iss,
  aud,
  sub: 'robot',
  client_id: 'robot',
  scope: 'orders:read orders:write',
  iat: now(),
  exp: now() + 300,
  jti: randomUUID(),
});

export async function openIssuer(audience: string): Promise<Issuer> {
  const key = newKey();
  const asked = new Map<string, number>();
  const answers = new Map<string, Answerer>();
  const known = new Map<string, Members>();

  const usual: Readonly<Record<string, () => unknown>> = {
    '/.well-known/oauth-authorization-server': () => ({
      issuer: issuer.url,
      token_endpoint: `${issuer.url}/token`,
      introspection_endpoint: `${issuer.url}/introspect`,
      jwks_uri: `${issuer.url}/jwks`,
      ...issuer.metadata,
    }),
    '/jwks': () => ({
      keys: issuer.keys.map(({ publicJwk, algorithm }) => ({ ...publicJwk, alg: algorithm })),
    }),
  };

  /** RFC 7662 §2.2; who asks has to be known. */
  const introspect: Answerer = async (request, response) => {
    if (
      request.headers.authorization !== `Basic ${btoa(`${ASKER.clientId}:${ASKER.clientSecret}`)}`
    )
      return json({ error: 'invalid_client' }, 401)(request, response);
    const form = new URLSearchParams(await text(request));
    const members = known.get(form.get('token') ?? '');
    await json(members ?? { active: false })(request, response);
  };

  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    asked.set(path, (asked.get(path) ?? 0) + 1);
    const answer = answers.get(path) ?? (path === '/introspect' ? introspect : undefined);
    const document = usual[path];
    if (answer !== undefined) void answer(request, response);
    else if (document !== undefined) void json(document())(request, response);
    else void json({ error: 'not_found' }, 404)(request, response);
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);

  const issuer: Issuer = {
    url: `http://127.0.0.1:${port}`,
    key,
    asked,
    keys: [key],
    metadata: {},
    answers,
    token: (claims = {}, header = {}, signer = key) =>
      signJws(
        { typ: 'at+jwt', alg: signer.algorithm, kid: signer.kid, ...header },
        { ...claimsOf(issuer.url, audience), ...claims },
        signer,
      ),
    opaque(members = {}) {
      const token = randomBytes(32).toString('base64url');
      known.set(token, { active: true, ...claimsOf(issuer.url, audience), ...members });
      return token;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    async open() {
      await listen(port);
    },
  };
  return issuer;
}
