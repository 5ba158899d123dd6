import { createLocalJWKSet, jwtVerify } from 'jose';
import type { Address } from './connection.ts';
import { formatBasic, formatRequest } from './request.ts';
import { type ClientAccount, ISSUER, SCOPE, TOKEN_LIFETIME_SECONDS } from './setting.ts';
import { type Showing, signedRequests } from './signed-request.ts';
import {
  type Callers,
  type IntrospectionTraffic,
  manyClientId,
  type TokenTraffic,
  type Traffic,
} from './traffic.ts';

/** One request on its way, and what is wrong with its answer. */
export type Exchange = {
  readonly request: Buffer;
  /** What is wrong, or undefined. Every answer is looked at. */
  check(status: number, body: string): string | undefined;
};

/**
 * Makes requests and judges their answers. A figure for wrong answers is worth nothing, so every
 * one is checked as far as that costs little, and some are kept to be verified afterwards.
 */
export type Exchanges = {
  next(): Exchange;
  /** Verifies the answers that were kept; what is wrong, or undefined. */
  verifyKept(): Promise<string | undefined>;
};

const KEEP_EVERY = 256;
const KEPT_MAX = 400;
const OPAQUE_LENGTH_MIN = 32;

export const createExchanges = (address: Address, traffic: Traffic): Exchanges =>
  traffic.kind === 'token'
    ? createTokenExchanges(address, traffic)
    : createIntrospectionExchanges(address, traffic);

type TokenAnswer = {
  readonly access_token?: unknown;
  readonly scope?: unknown;
  readonly token_type?: unknown;
  readonly expires_in?: unknown;
};

type KeptToken = { readonly token: string; readonly account: ClientAccount };

function createTokenExchanges(address: Address, traffic: TokenTraffic): Exchanges {
  const { callers, showing } = traffic;
  const expectedType = showing?.kind === 'proof' ? 'DPoP' : 'Bearer';
  const kept: KeptToken[] = [];
  let answers = 0;
  let last = '';

  const check = (account: ClientAccount, status: number, body: string): string | undefined => {
    if (status !== 200) return `status ${status}: ${body}`;
    const { access_token: token, scope, token_type, expires_in } = JSON.parse(body) as TokenAnswer;
    if (
      typeof token !== 'string' ||
      scope !== SCOPE ||
      token_type !== expectedType ||
      typeof expires_in !== 'number' ||
      expires_in < TOKEN_LIFETIME_SECONDS - 2 ||
      expires_in > TOKEN_LIFETIME_SECONDS
    )
      return `not the token response expected: ${body}`;
    if (token === last) return 'the same token twice';
    last = token;
    if (answers++ % KEEP_EVERY === 0 && kept.length < KEPT_MAX) kept.push({ token, account });
    return undefined;
  };

  const exchangeOf = (account: ClientAccount): Exchange => ({
    request: formatRequest(address, traffic.path, account, traffic.form),
    check: (status, body) => check(account, status, body),
  });

  return {
    next:
      showing === undefined
        ? chooseCaller(callers, exchangeOf)
        : signExchanges(address, traffic, showing, check),
    verifyKept: () =>
      traffic.format === 'jwt'
        ? verifyJwts(traffic, kept)
        : verifyOpaque(address, traffic, kept.slice(-20)),
  };
}

/** Every request has a signature of its own. */
function signExchanges(
  address: Address,
  { path, form, callers }: TokenTraffic,
  showing: Showing,
  check: (account: ClientAccount, status: number, body: string) => string | undefined,
): () => Exchange {
  if (callers.kind !== 'one') throw new Error('one client signs');
  const { account } = callers;
  const next = signedRequests(address, path, account, form, showing);
  return () => ({
    request: next(),
    check: (status, body) => check(account, status, body),
  });
}

/** One client's request is made once; those of many are made as they are sent. */
function chooseCaller(
  callers: Callers,
  exchangeOf: (account: ClientAccount) => Exchange,
): () => Exchange {
  if (callers.kind === 'one') {
    const only = exchangeOf(callers.account);
    return () => only;
  }
  const { count, secret } = callers;
  return () => exchangeOf({ clientId: manyClientId(Math.floor(Math.random() * count)), secret });
}

async function verifyJwts(
  traffic: TokenTraffic,
  kept: readonly KeptToken[],
): Promise<string | undefined> {
  const keys = createLocalJWKSet(traffic.jwks);
  const seen = new Set<unknown>();
  for (const { token, account } of kept) {
    const { payload } = await jwtVerify(token, keys, {
      issuer: ISSUER,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['sub', 'aud', 'client_id', 'iat', 'exp', 'jti'],
    });
    if (payload['client_id'] !== account.clientId || payload['scope'] !== SCOPE)
      return `a token of another client or scope: ${JSON.stringify(payload)}`;
    seen.add(payload.jti);
  }
  return seen.size === kept.length ? undefined : 'two tokens with one jti';
}

async function verifyOpaque(
  address: Address,
  traffic: TokenTraffic,
  kept: readonly KeptToken[],
): Promise<string | undefined> {
  for (const { token, account } of kept) {
    if (token.length < OPAQUE_LENGTH_MIN || token.includes('.')) return `not opaque: ${token}`;
    const response = await fetch(
      `http://${address.host}:${address.port}${traffic.introspectionPath}`,
      {
        method: 'POST',
        headers: { authorization: formatBasic(account) },
        body: new URLSearchParams({ token }),
      },
    );
    const body = await response.text();
    const why = checkActive(response.status, body, account.clientId);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** Whether an introspection response says that a token of this client is good. RFC 7662 §2.2. */
export function checkActive(status: number, body: string, clientId: string): string | undefined {
  const answer = status === 200 ? JSON.parse(body) : undefined;
  return answer?.active === true &&
    answer.client_id === clientId &&
    answer.scope === SCOPE &&
    answer.iss === ISSUER &&
    typeof answer.exp === 'number'
    ? undefined
    : `not the introspection response expected: ${status} ${body}`;
}

function createIntrospectionExchanges(address: Address, traffic: IntrospectionTraffic): Exchanges {
  const exchanges = traffic.tokens.map(
    ({ form, answer }): Exchange => ({
      request: formatRequest(address, traffic.path, traffic.account, form),
      check: (status, body) =>
        status === 200 && body === answer ? undefined : `status ${status}: ${body}`,
    }),
  );
  const first = exchanges[0];
  if (first === undefined) throw new Error('there are no tokens to introspect');
  return {
    next: () => exchanges[Math.floor(Math.random() * exchanges.length)] ?? first,
    verifyKept: async () => undefined,
  };
}
