// @ts-check
import {
  dpop,
  dpopKey,
  fetchWithToken,
  OAuthError,
  privateKeyJwt,
  secretBasic,
  tokenSource,
} from '@tessera/client';

/**
 * What the core of the package does, in whatever runs it: keys, signatures, proofs, requests.
 *
 * @param {{ issuer: string, api: string, key: import('@tessera/client').Jwk }} given
 */
export async function runCore({ issuer, api, key }) {
  const source = tokenSource({
    issuer,
    clientId: 'signer',
    authenticate: privateKeyJwt({ key }),
    scope: 'read',
    dpop: await dpop(await dpopKey()),
  });
  const tokens = await Promise.all(Array.from({ length: 20 }, () => source.token()));
  const call = fetchWithToken(source, { origins: [api] });
  const answer = await call(new Request(`${api}/orders`, { method: 'POST', body: 'x' }));
  const wrong = tokenSource({ issuer, clientId: 'basic', authenticate: secretBasic('wrong') });
  const refusal = await wrong.token().catch((/** @type {unknown} */ error) => error);
  return JSON.stringify({
    tokens: new Set(tokens).size,
    status: answer.status,
    heard: await answer.json(),
    refusal: refusal instanceof OAuthError ? refusal.error : String(refusal),
  });
}
