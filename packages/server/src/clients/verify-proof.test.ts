import { generateKeyPairSync, sign } from 'node:crypto';
import { ok } from '@tessera/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, START, type World } from '../../test/world.ts';
import { addresses } from '../system/addresses.ts';
import { verifyProof } from './verify-proof.ts';

/* Shows RFC 9449 §11.1, RFC 8705 §5. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.createRealm('alpha');
});
afterAll(() => world.close());

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function makeProof(htu: string): string {
  const jwk = publicKey.export({ format: 'jwk' });
  const header = encode({ typ: 'dpop+jwt', alg: 'ES256', jwk });
  const input = `${header}.${encode({ jti: 'once', htm: 'GET', htu, iat: START })}`;
  const options = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${input}.${sign('sha256', Buffer.from(input), options).toString('base64url')}`;
}

it('RFC 9449 §11.1 a proof that is good at two listeners is good for one time', async () => {
  const { provider } = await world.callerOf('alpha');
  const { hasher } = world.env;
  const here = { accepted: true, url: 'https://mtls.example.com' };
  const env = { hasher, addresses: addresses('https://main.example.com', '/am', here) };
  const path = '/am/oauth2/realms/root/realms/alpha/tokeninfo';
  const [main, alias] = [`https://main.example.com${path}`, `https://mtls.example.com${path}`];

  const proofs = [makeProof(alias)];
  const spent = [main, alias].map((called) =>
    verifyProof(env, provider, { proofs, method: 'GET', called }, START),
  );
  const [one, other] = spent.map((proof) => proof.ok && proof.value?.spends[0]?.digest);
  expect(one).toMatch(/^[\w-]{43}$/);
  expect(other).toBe(one);
  expect(verifyProof(env, provider, { proofs: [], method: 'GET', called: main }, START)).toEqual(
    ok(undefined),
  );
});
