import { setTimeout as wait } from 'node:timers/promises';
import { type ResourceServer, resourceServer } from '@tessera/resource-server';
import type { RevocationResult } from './findings.ts';
import { SERVER_CORE } from './pinning.ts';
import { type ClientAccount, ISSUER, PUBLIC_URL, REALM_PATH, SCOPE } from './setting.ts';
import type { Subject } from './subject.ts';

/** Tokens that are revoked, one after the other, each at another place in the API's second. */
const TOKENS = 100;
const BETWEEN_MILLISECONDS = 83;

/** How often the API is called with a token that was revoked. */
const LOOK_AGAIN_MILLISECONDS = 5;
const GIVE_UP_MILLISECONDS = 30_000;

/**
 * How long an API that asks nobody about a token goes on admitting it after its revocation was
 * acknowledged: the library as it is by default, with tokens that it has seen before.
 */
export async function measureRevocation(
  subject: Subject,
  pinned: boolean,
): Promise<RevocationResult> {
  const server = await subject.start(pinned ? SERVER_CORE : undefined, []);
  const { host, port } = server.address;
  const reach = (address: string, init: RequestInit): Promise<Response> =>
    fetch(address.replace(PUBLIC_URL, `http://${host}:${port}`), init);
  const api = resourceServer({ issuer: ISSUER, audience: ISSUER, fetch: reach });
  try {
    const { jwt } = subject.accounts;
    const post = (path: string, form: Readonly<Record<string, string>>) =>
      postAs(jwt, PUBLIC_URL + path, form, reach);
    const revocations = Array.from({ length: TOKENS }, async (_, index) => {
      const answer = await post(subject.paths.token, {
        grant_type: 'client_credentials',
        scope: SCOPE,
      });
      const { access_token: token } = (await answer.json()) as { readonly access_token: string };
      const before = await judge(api, token);
      if (before !== 'admitted') throw new Error(`a new token is refused: ${before}`);
      await wait(index * BETWEEN_MILLISECONDS);
      await post(`${REALM_PATH}/token/revoke`, { token });
      return untilRefused(api, token);
    });
    const delays = (await Promise.all(revocations)).sort((a, b) => a - b);
    const at = (share: number): number =>
      delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? Number.NaN;
    return { tokens: TOKENS, p50: at(0.5), p99: at(0.99) };
  } finally {
    api.close();
    await server.stop();
  }
}

async function untilRefused(api: ResourceServer, token: string): Promise<number> {
  const revokedAt = performance.now();
  for (;;) {
    const outcome = await judge(api, token);
    const delay = performance.now() - revokedAt;
    if (outcome === 'token_revoked') return delay;
    if (outcome !== 'admitted') throw new Error(`a revoked token is refused as ${outcome}`);
    if (delay > GIVE_UP_MILLISECONDS) throw new Error('a revoked token is admitted for ever');
    await wait(LOOK_AGAIN_MILLISECONDS);
  }
}

async function judge(api: ResourceServer, token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const admitted = await api.admit({ method: 'GET', url: '/', headers });
  return admitted.ok ? 'admitted' : admitted.refusal.cause.reason;
}

async function postAs(
  { clientId, secret }: ClientAccount,
  address: string,
  form: Readonly<Record<string, string>>,
  reach: (address: string, init: RequestInit) => Promise<Response>,
): Promise<Response> {
  const answer = await reach(address, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
    body: new URLSearchParams(form),
  });
  if (!answer.ok) throw new Error(`POST ${address}: status ${answer.status}`);
  return answer;
}
