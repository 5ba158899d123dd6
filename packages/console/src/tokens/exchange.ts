import { digest, type SigningKeyPair, signJwt } from './signatures.ts';

/** How the client proves itself; `key` is one that this page has made. RFC 6749 §2.3, RFC 7523 §2.2 */
export type Authentication =
  | { readonly method: 'client_secret_basic' | 'client_secret_post'; readonly secret: string }
  | { readonly method: 'private_key_jwt'; readonly key: SigningKeyPair };

export type Caller = {
  readonly issuer: string;
  readonly clientId: string;
  readonly authentication: Authentication;
  /** With it, tokens are bound to it. RFC 9449 §5 */
  readonly proofKey: SigningKeyPair | undefined;
};

type Pair = readonly [name: string, value: string];

/** A request as it went over the wire. */
export type Sent = {
  readonly method: 'GET' | 'POST';
  readonly address: string;
  readonly headers: readonly Pair[];
  readonly form: readonly Pair[];
};

export type Exchange = {
  readonly sent: Sent;
  readonly status: number;
  readonly milliseconds: number;
  readonly headers: readonly Pair[];
  readonly body: string;
  /** The body, where it is a JSON object. */
  readonly value: Readonly<Record<string, unknown>> | undefined;
  /** Sent once more with the nonce that the first answer gave. RFC 9449 §8 */
  readonly withNonce: boolean;
};

/** A form to an endpoint that asks clients who they are. */
export async function sendForm(
  caller: Caller,
  path: 'access_token' | 'introspect' | 'token/revoke',
  parameters: readonly Pair[],
): Promise<Exchange> {
  const address = `${caller.issuer}/${path}`;
  const send = async (nonce: string | undefined) => {
    const { headers, form } = await authenticate(caller);
    const proof = path === 'access_token' ? await prove(caller, 'POST', address, { nonce }) : [];
    return exchange({
      method: 'POST',
      address,
      headers: [
        ['Content-Type', 'application/x-www-form-urlencoded'],
        ['Accept', 'application/json'],
        ...headers,
        ...proof,
      ],
      form: [...parameters, ...form],
    });
  };
  return withNonce(send);
}

/** What the token says of itself, as its holder asks it. */
export function askTokenInfo(caller: Caller, token: string): Promise<Exchange> {
  const address = `${caller.issuer}/tokeninfo`;
  const scheme = caller.proofKey === undefined ? 'Bearer' : 'DPoP';
  return withNonce(async (nonce) => {
    const proof = await prove(caller, 'GET', address, { nonce, token });
    const headers: Pair[] = [
      ['Accept', 'application/json'],
      ['Authorization', `${scheme} ${token}`],
    ];
    return exchange({ method: 'GET', address, headers: [...headers, ...proof], form: [] });
  });
}

async function withNonce(send: (nonce: string | undefined) => Promise<Exchange>) {
  const first = await send(undefined);
  const [, nonce] = first.headers.find(([name]) => name === 'dpop-nonce') ?? [];
  const asked =
    first.value?.['error'] === 'use_dpop_nonce' ||
    first.headers.some(([name, value]) => name === 'www-authenticate' && value.includes('nonce'));
  return nonce !== undefined && asked ? { ...(await send(nonce)), withNonce: true } : first;
}

async function authenticate({
  issuer,
  clientId,
  authentication,
}: Caller): Promise<{ readonly headers: readonly Pair[]; readonly form: readonly Pair[] }> {
  switch (authentication.method) {
    case 'client_secret_basic': {
      // RFC 6749 §2.3.1: both are form-encoded before they are joined.
      const text = `${encodeForm(clientId)}:${encodeForm(authentication.secret)}`;
      return { headers: [['Authorization', `Basic ${btoa(text)}`]], form: [] };
    }
    case 'client_secret_post':
      return {
        headers: [],
        form: [
          ['client_id', clientId],
          ['client_secret', authentication.secret],
        ],
      };
    case 'private_key_jwt': {
      const now = Math.floor(Date.now() / 1_000);
      const assertion = await signJwt(
        authentication.key,
        { typ: 'client-authentication+jwt' },
        {
          iss: clientId,
          sub: clientId,
          aud: issuer,
          jti: crypto.randomUUID(),
          iat: now,
          exp: now + 60,
        },
      );
      return {
        headers: [],
        form: [
          ['client_id', clientId],
          ['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
          ['client_assertion', assertion],
        ],
      };
    }
  }
}

/** A proof for one request, with the hash of the token that it presents. RFC 9449 §4.2 */
async function prove(
  { proofKey }: Caller,
  method: string,
  address: string,
  { nonce, token }: { readonly nonce?: string | undefined; readonly token?: string },
): Promise<readonly Pair[]> {
  if (proofKey === undefined) return [];
  const proof = await signJwt(
    proofKey,
    { typ: 'dpop+jwt', jwk: proofKey.publicJwk },
    {
      jti: crypto.randomUUID(),
      htm: method,
      htu: address,
      iat: Math.floor(Date.now() / 1_000),
      ...(token !== undefined && { ath: await digest(token) }),
      ...(nonce !== undefined && { nonce }),
    },
  );
  return [['DPoP', proof]];
}

async function exchange(sent: Sent): Promise<Exchange> {
  const started = performance.now();
  // By path: the page and its endpoints are one server, whatever name it was called by.
  const response = await fetch(new URL(sent.address).pathname, {
    method: sent.method,
    headers: sent.headers.map(([name, value]) => [name, value] as [string, string]),
    credentials: 'omit',
    cache: 'no-store',
    ...(sent.method === 'POST' && { body: encodePairs(sent.form) }),
  });
  const body = await response.text();
  return {
    sent,
    status: response.status,
    milliseconds: performance.now() - started,
    headers: [...response.headers].filter(([name]) => SHOWN.has(name)),
    body,
    value: readObject(body),
    withNonce: false,
  };
}

/** Headers of an answer that say something of the protocol. */
const SHOWN: ReadonlySet<string> = new Set([
  'content-type',
  'cache-control',
  'www-authenticate',
  'dpop-nonce',
  'retry-after',
  'ratelimit',
  'ratelimit-policy',
]);

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const encodePairs = (pairs: readonly Pair[]): string =>
  new URLSearchParams(pairs.map(([name, value]) => [name, value] as [string, string])).toString();

const encodeForm = (text: string): string => new URLSearchParams({ t: text }).toString().slice(2);
