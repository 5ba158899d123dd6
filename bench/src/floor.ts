/**
 * The least that an authorization server can do in this runtime: a bare `node:http` server that
 * reads the form, checks one SHA-256 in constant time or one signature, and signs a JWT, remembers
 * a random string, or looks one up. No routes, no rules, no limits, no events, no storage. What a real server takes
 * beyond this is what its work costs.
 */
import {
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  randomBytes,
  randomUUID,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { calculateJwkThumbprint } from 'jose';
import { publicHalf, readAccounts } from './accounts.ts';
import { announce } from './announce.ts';
import {
  CLIENT_KINDS,
  type ClientAccounts,
  ISSUER,
  SCOPE,
  TOKEN_LIFETIME_SECONDS,
} from './setting.ts';

type KnownClient = {
  readonly digest: Buffer;
  readonly opaque: boolean;
  readonly key: KeyObject | undefined;
};

type Claims = {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly client_id: string;
  readonly scope: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
};

type Signer = { readonly header: string; readonly key: KeyObject; readonly jwks: string };

const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');

const signer = await createSigner();
const clients = knowClients(readAccounts());
const tokens = new Map<string, Claims>();
const spent = new Set<string>();
let answers = 0;

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    send(response, 200, signer.jwks);
    return;
  }
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString('latin1');
  });
  request.on('end', () => answer(request, response, readForm(body)));
});
server.listen(0, '127.0.0.1', () => announce(server));

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  form: ReadonlyMap<string, string>,
): void {
  const clientId = authenticate(request, form);
  const client = clientId === undefined ? undefined : clients.get(clientId);
  if (clientId === undefined || client === undefined) {
    send(response, 401, '{"error":"invalid_client"}');
    return;
  }
  const proof = request.headers['dpop'];
  if (typeof proof === 'string' && !verifyOnce(proof, client.key)) {
    send(response, 400, '{"error":"invalid_dpop_proof"}');
    return;
  }
  if (request.url === '/introspect') {
    send(response, 200, introspect(form.get('token') ?? ''));
    return;
  }
  if (form.get('grant_type') !== 'client_credentials') {
    send(response, 400, '{"error":"unsupported_grant_type"}');
    return;
  }
  const claims = describeClaims(clientId, form.get('scope') ?? SCOPE);
  const token = client.opaque ? randomBytes(32).toString('base64url') : signToken(claims);
  // A JWT is found again by what is in it; here one lookup stands for that too.
  if (client.opaque || request.url === '/token-to-introspect') tokens.set(token, claims);
  send(
    response,
    200,
    JSON.stringify({
      access_token: token,
      scope: claims.scope,
      token_type: proof === undefined ? 'Bearer' : 'DPoP',
      expires_in: TOKEN_LIFETIME_SECONDS - 1,
    }),
  );
}

/** Who calls: by one SHA-256, or by one signature over a JWT that was not seen before. */
function authenticate(
  { headers }: IncomingMessage,
  form: ReadonlyMap<string, string>,
): string | undefined {
  const assertion = form.get('client_assertion');
  if (assertion !== undefined) {
    const { sub } = readClaims(assertion);
    return sub !== undefined && verifyOnce(assertion, clients.get(sub)?.key) ? sub : undefined;
  }
  const basic = (headers.authorization ?? '').slice('Basic '.length);
  const text = Buffer.from(basic, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  const clientId = text.slice(0, colon);
  const digest = clients.get(clientId)?.digest;
  return digest !== undefined && timingSafeEqual(sha256(text.slice(colon + 1)), digest)
    ? clientId
    : undefined;
}

function readClaims(jwt: string): { readonly sub?: string; readonly jti?: string } {
  const payload = jwt.slice(jwt.indexOf('.') + 1, jwt.lastIndexOf('.'));
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
}

function verifyOnce(jwt: string, key: KeyObject | undefined): boolean {
  const { jti } = readClaims(jwt);
  if (key === undefined || jti === undefined || spent.has(jti)) return false;
  const end = jwt.lastIndexOf('.');
  const signed = verify(
    'sha256',
    Buffer.from(jwt.slice(0, end), 'latin1'),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(jwt.slice(end + 1), 'base64url'),
  );
  if (signed) spent.add(jti);
  return signed;
}

function readForm(body: string): ReadonlyMap<string, string> {
  const form = new Map<string, string>();
  for (const pair of body.split('&')) {
    const equals = pair.indexOf('=');
    form.set(readComponent(pair.slice(0, equals)), readComponent(pair.slice(equals + 1)));
  }
  return form;
}

function readComponent(component: string): string {
  const spaced = component.includes('+') ? component.replaceAll('+', ' ') : component;
  return spaced.includes('%') ? decodeURIComponent(spaced) : spaced;
}

function describeClaims(clientId: string, scope: string): Claims {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: ISSUER,
    sub: clientId,
    aud: ISSUER,
    client_id: clientId,
    scope,
    iat: now,
    exp: now + TOKEN_LIFETIME_SECONDS,
    jti: randomUUID(),
  };
}

function signToken(claims: Claims): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  const input = `${signer.header}.${payload}`;
  const signature = sign('sha256', Buffer.from(input, 'latin1'), {
    key: signer.key,
    dsaEncoding: 'ieee-p1363',
  });
  return `${input}.${signature.toString('base64url')}`;
}

function introspect(token: string): string {
  const claims = tokens.get(token);
  if (claims === undefined || claims.exp * 1000 <= Date.now()) return '{"active":false}';
  return JSON.stringify({
    active: true,
    scope: claims.scope,
    client_id: claims.client_id,
    token_type: 'Bearer',
    exp: claims.exp,
    iat: claims.iat,
    sub: claims.sub,
    aud: claims.aud,
    iss: claims.iss,
    jti: claims.jti,
  });
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'x-content-type-options': 'nosniff',
    'x-request-id': `AAAAAAAA-${(++answers).toString(36)}`,
    'content-type': 'application/json;charset=UTF-8',
    'cache-control': 'no-store',
    pragma: 'no-cache',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

async function createSigner(): Promise<Signer> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = pair.publicKey.export({ format: 'jwk' });
  const kid = await calculateJwkThumbprint(jwk);
  const header = { alg: 'ES256', typ: 'at+jwt', kid };
  return {
    header: Buffer.from(JSON.stringify(header)).toString('base64url'),
    key: pair.privateKey,
    jwks: JSON.stringify({ keys: [{ ...jwk, kid, use: 'sig', alg: 'ES256' }] }),
  };
}

function knowClients(accounts: ClientAccounts): ReadonlyMap<string, KnownClient> {
  return new Map(
    CLIENT_KINDS.map((kind) => {
      const { clientId, secret, key } = accounts[kind];
      const known: KnownClient = {
        digest: sha256(secret),
        opaque: kind === 'opaque',
        key: key && createPublicKey({ key: { ...publicHalf(key) }, format: 'jwk' }),
      };
      return [clientId, known];
    }),
  );
}
