import { createPrivateKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { publicHalf } from './accounts.ts';
import type { Address } from './connection.ts';
import { formatBasic, formatShowing } from './request.ts';
import { type ClientAccount, ISSUER } from './setting.ts';

/** What a client shows besides a secret, or in its place. */
export type Showing =
  | { readonly kind: 'assertion' }
  | { readonly kind: 'proof'; readonly target: string };

const ASSERTION_TYPE = encodeURIComponent('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');

/** Requests of one client, each with a JWT of its own that no other request has. */
export function signedRequests(
  address: Address,
  path: string,
  account: ClientAccount,
  form: string,
  showing: Showing,
): () => Buffer {
  if (account.key === undefined) throw new Error(`${account.clientId} has no key`);
  const key = createPrivateKey({ key: { ...account.key }, format: 'jwk' });
  const { clientId } = account;
  const identifiers = identifiersOfRun();
  if (showing.kind === 'assertion') {
    const header = encode({ alg: 'ES256', typ: 'client-authentication+jwt' });
    return () => {
      const iat = Math.floor(Date.now() / 1000);
      const claims = { iss: clientId, sub: clientId, aud: ISSUER, iat, exp: iat + 60 };
      const assertion = signJwt(header, { ...claims, jti: identifiers() }, key);
      const parameters = `&client_assertion_type=${ASSERTION_TYPE}&client_assertion=${assertion}`;
      return formatShowing(address, path, [], form + parameters);
    };
  }
  const header = encode({ alg: 'ES256', typ: 'dpop+jwt', jwk: publicHalf(account.key) });
  const authorization = `authorization: ${formatBasic(account)}`;
  return () => {
    const iat = Math.floor(Date.now() / 1000);
    const claims = { jti: identifiers(), htm: 'POST', htu: showing.target, iat };
    const proof = signJwt(header, claims, key);
    return formatShowing(address, path, [authorization, `dpop: ${proof}`], form);
  };
}

/** Unique in the run, and in all runs on one database. */
function identifiersOfRun(): () => string {
  const run = randomBytes(12).toString('base64url');
  let count = 0;
  return () => `${run}-${(++count).toString(36)}`;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function signJwt(header: string, claims: object, key: KeyObject): string {
  const input = `${header}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(input, 'latin1'), {
    key,
    dsaEncoding: 'ieee-p1363',
  });
  return `${input}.${signature.toString('base64url')}`;
}
