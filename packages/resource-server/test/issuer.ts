import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { type Listening, listen } from './authorization-server.ts';

/** An authorization server of which a test can change everything. */
export type Issuer = Listening & {
  /** Answers by path; what is not there is 404. Functions are called for each request. */
  readonly pages: Map<string, Page>;
  /** The paths that were asked for, in order. */
  readonly asked: string[];
  /** Whether anything is answered; otherwise connections are cut. */
  up: boolean;
  /** Puts another key in the place of the one that signs; `publish` puts it into the key set. */
  rotate(publish?: boolean): void;
  /** A signed JWT: an access token unless the header says otherwise. */
  sign(claims?: Members, header?: Members, key?: SigningKey): string;
  /** The claims of a good token, from now on. */
  claims(more?: Members): Members;
  /** A status list token over these bytes. */
  signList(uri: string, bits: number, list: Uint8Array, more?: Members): string;
  key: SigningKey;
};

export type Members = Readonly<Record<string, unknown>>;

type Answer = {
  readonly status?: number;
  readonly type?: string;
  readonly etag?: string;
  readonly body: string;
};
export type Page = Answer | ((asked: { readonly body: string; headers: Members }) => Answer);

export type SigningKey = {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: Members;
};

const NOT_FOUND: Answer = { status: 404, body: '' };

export const AUDIENCE = 'https://api.example/orders';

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

export const json = (value: unknown): Answer => ({
  type: 'application/json',
  body: JSON.stringify(value),
});

export function newKey(kid: string = randomUUID()): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256' } };
}

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export function signJwt(header: Members, claims: Members, { privateKey }: SigningKey): string {
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(input), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${input}.${signature.toString('base64url')}`;
}

/** The thumbprint of a key of P-256. RFC 7638 §3 */
export const thumbprintOf = ({ jwk }: SigningKey): string => {
  const { crv, kty, x, y } = jwk;
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
};

/** A DPoP proof for a request. RFC 9449 §4.2 */
export function proveFor(
  key: SigningKey,
  token: string,
  claims: Members = {},
  header: Members = {},
): string {
  const { crv, kty, x, y } = key.jwk;
  return signJwt(
    { typ: 'dpop+jwt', alg: 'ES256', jwk: { crv, kty, x, y }, ...header },
    {
      jti: randomUUID(),
      htm: 'GET',
      htu: 'https://api.example/orders/1',
      iat: nowSeconds(),
      ath: createHash('sha256').update(token).digest('base64url'),
      ...claims,
    },
    key,
  );
}

export async function startIssuer(): Promise<Issuer> {
  const pages = new Map<string, Page>();
  const asked: string[] = [];
  const listening = await listen((request, response) => {
    if (!issuer.up) return void request.socket.destroy();
    const path = request.url ?? '';
    asked.push(path);
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const page = pages.get(path) ?? pages.get(path.split('?', 1)[0] ?? '');
      const answer = typeof page === 'function' ? page({ body, headers: request.headers }) : page;
      const { status = 200, type = 'text/plain', etag, body: text } = answer ?? NOT_FOUND;
      response
        .writeHead(status, { 'content-type': type, ...(etag !== undefined && { etag }) })
        .end(text);
    });
  });
  const { url } = listening;
  const issuer: Issuer = {
    ...listening,
    pages,
    asked,
    up: true,
    key: newKey(),
    rotate(publish = true) {
      issuer.key = newKey();
      if (publish) pages.set('/jwks', json({ keys: [issuer.key.jwk] }));
    },
    claims: (more = {}) => ({
      iss: url,
      sub: 'client-1',
      client_id: 'client-1',
      aud: AUDIENCE,
      scope: 'read write',
      iat: nowSeconds(),
      exp: nowSeconds() + 600,
      jti: randomUUID(),
      ...more,
    }),
    sign: (claims = {}, header = {}, key = issuer.key) =>
      signJwt({ typ: 'at+jwt', alg: 'ES256', kid: key.kid, ...header }, issuer.claims(claims), key),
    signList: (uri, bits, list, more = {}) =>
      signJwt(
        { typ: 'statuslist+jwt', alg: 'ES256', kid: issuer.key.kid },
        {
          iss: url,
          sub: uri,
          iat: nowSeconds(),
          exp: nowSeconds() + 600,
          ttl: 60,
          status_list: { bits, lst: deflateSync(list).toString('base64url') },
          ...more,
        },
        issuer.key,
      ),
  };
  pages.set('/.well-known/oauth-authorization-server', () =>
    json({
      issuer: url,
      jwks_uri: `${url}/jwks`,
      introspection_endpoint: `${url}/introspect`,
    }),
  );
  pages.set('/jwks', json({ keys: [issuer.key.jwk] }));
  return issuer;
}
