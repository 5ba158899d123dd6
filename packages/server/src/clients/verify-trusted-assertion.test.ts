import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { VerificationKey } from '@tessera/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalIssuer, startIssuer } from '../../test/local-issuer.ts';
import { createWorld, type World } from '../../test/world.ts';
import type { TrustedIssuerUse } from '../model/trusted-issuer.ts';
import { spendIdentifiers } from './spend-identifiers.ts';
import { verifyTrustedAssertion } from './verify-trusted-assertion.ts';

/* Shows RFC 7521 §3, §5.2, RFC 7523 §2.1, §3, RFC 8693 §2.1, RFC 7591 §2.3. */

let world: World;
let forge: LocalIssuer;
let other: LocalIssuer;

beforeAll(async () => {
  world = await createWorld();
  for (const realm of ['alpha', 'bravo']) await world.createRealm(realm);
  forge = await startIssuer();
  other = await startIssuer();
  await world.addTrustedIssuer('alpha', { issuer: forge.url, jwksUri: forge.jwksUri });
  await world.addTrustedIssuer('alpha', { issuer: other.url, jwksUri: other.jwksUri });
  await world.addTrustedIssuer('bravo', { issuer: forge.url, jwksUri: forge.jwksUri });
});
afterAll(async () => {
  await world.close();
  await Promise.all([forge.close(), other.close()]);
});

const claimsOf = (claims: object = {}, realm = 'alpha') => {
  const now = world.env.clock.now();
  return {
    iss: forge.url,
    sub: 'workload',
    aud: world.env.addresses.issuer(realm),
    iat: now,
    exp: now + 300,
    jti: randomUUID(),
    ...claims,
  };
};

async function verify(text: string, use: TrustedIssuerUse = 'client', realm = 'alpha') {
  const caller = await world.callerOf(realm);
  return verifyTrustedAssertion(world.env, caller, text, use, caller.now);
}

/** `believed` once everything is spent, or why not. */
async function outcomeOf(text: string, use: TrustedIssuerUse = 'client', realm = 'alpha') {
  const verified = await verify(text, use, realm);
  if (!verified.ok) return verified.refusal.reason;
  const spent = await spendIdentifiers(world.env, verified.value.spends);
  return spent.ok ? 'believed' : spent.refusal.reason;
}

describe('RFC 7523 §3 an assertion of an issuer that the realm trusts', () => {
  it('is believed, with all that it says', async () => {
    const claims = claimsOf({ repository: 'acme/app' });
    expect(await verify(forge.sign(claims))).toMatchObject({
      ok: true,
      value: {
        issuer: { issuer: forge.url },
        subject: 'workload',
        claims: { repository: 'acme/app' },
        expiresAt: claims.exp,
      },
    });
  });

  it('is signed as the security profile of the realm allows', async () => {
    await world.createRealm('strict', { securityProfile: 'fapi2' });
    await world.addTrustedIssuer('strict', { issuer: forge.url, jwksUri: forge.jwksUri });
    const text = forge.sign(claimsOf({}, 'strict'));
    expect(await outcomeOf(text, 'grant', 'strict')).toBe('assertion_algorithm_not_allowed');
  });

  it('is believed once, whatever it is used for', async () => {
    const text = forge.sign(claimsOf());
    expect(await outcomeOf(text)).toBe('believed');
    expect(await outcomeOf(text)).toBe('assertion_replayed');
    expect(await outcomeOf(text, 'grant')).toBe('assertion_replayed');
  });

  it('has a jti of its own issuer and realm', async () => {
    const jti = 'the same for all';
    expect(await outcomeOf(forge.sign(claimsOf({ jti })))).toBe('believed');
    expect(await outcomeOf(other.sign(claimsOf({ jti, iss: other.url })))).toBe('believed');
    const text = forge.sign(claimsOf({ jti }, 'bravo'));
    expect(await outcomeOf(text, 'client', 'bravo')).toBe('believed');
  });

  it('is believed until its end where it may be shown again, also without jti', async () => {
    const issuer = 'https://cluster.example';
    const jwks = [forge.jwk as VerificationKey];
    await world.addTrustedIssuer('alpha', { issuer, jwks, assertionReuse: 'until_expiry' });
    const text = forge.sign(claimsOf({ iss: issuer, jti: undefined }));
    for (const _ of [1, 2, 3]) expect(await outcomeOf(text)).toBe('believed');
    expect(await outcomeOf(forge.sign(claimsOf({ jti: undefined })))).toBe(
      'assertion_identifier_missing',
    );
    world.pass(311);
    expect(await outcomeOf(text)).toBe('assertion_expired');
  });

  it('of an issuer that is not trusted is not, and the name counts to the byte', async () => {
    for (const iss of ['https://evil.example', `${forge.url}/`, forge.url.toUpperCase()])
      expect(await verify(forge.sign(claimsOf({ iss })))).toMatchObject({
        refusal: { reason: 'issuer_unknown', issuer: iss },
      });
  });

  it('that another issuer signed in its name is not', async () => {
    expect(await verify(other.sign(claimsOf(), { kid: 'key-1' }))).toEqual({
      ok: false,
      refusal: { reason: 'assertion_signature_wrong', issuer: forge.url },
    });
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const header = { jwk: publicKey.export({ format: 'jwk' }), jku: other.jwksUri };
    expect(await outcomeOf(forge.sign(claimsOf(), header, privateKey))).toBe(
      'assertion_signature_wrong',
    );
  });

  it('for another audience is not', async () => {
    for (const aud of [
      'https://kubernetes.default.svc',
      world.env.addresses.issuer('bravo'),
      [world.env.addresses.issuer('alpha'), 'https://other.example'],
      `${world.env.addresses.issuer('alpha')}/access_token`,
    ])
      expect(await outcomeOf(forge.sign(claimsOf({ aud })))).toBe('assertion_audience_wrong');
  });

  it('names the audience that was agreed upon, and then no other', async () => {
    const [issuer, audience] = ['https://agreed.example', 'api://tessera'];
    await world.addTrustedIssuer('alpha', {
      issuer,
      audience,
      jwks: [forge.jwk as VerificationKey],
    });
    expect(await outcomeOf(forge.sign(claimsOf({ iss: issuer, aud: [audience] })))).toBe(
      'believed',
    );
    expect(await outcomeOf(forge.sign(claimsOf({ iss: issuer })))).toBe('assertion_audience_wrong');
  });

  it('lives no longer than its issuer may let it', async () => {
    const exp = world.env.clock.now() + 3_601;
    expect(await outcomeOf(forge.sign(claimsOf({ exp })))).toBe('assertion_too_long_lived');
  });

  it('is signed as its issuer may sign', async () => {
    await world.addTrustedIssuer('alpha', {
      issuer: 'https://strict.example',
      jwks: [forge.jwk as VerificationKey],
      algorithms: ['ES256'],
    });
    expect(await outcomeOf(forge.sign(claimsOf({ iss: 'https://strict.example' })))).toBe(
      'assertion_algorithm_not_allowed',
    );
  });
});

describe('RFC 7521 §3 what an issuer is trusted for', () => {
  it('is decided for each use, and ends when it is disabled', async () => {
    const issuer = 'https://narrow.example';
    const jwks = [forge.jwk as VerificationKey];
    await world.addTrustedIssuer('alpha', { issuer, jwks, uses: ['software'] });
    const text = forge.sign(claimsOf({ iss: issuer }));
    expect(await outcomeOf(text, 'client')).toBe('issuer_unknown');
    expect(await outcomeOf(text, 'grant')).toBe('issuer_unknown');
    expect(await outcomeOf(text, 'software')).toBe('believed');

    await world.addTrustedIssuer('alpha', { issuer: 'https://off.example', jwks, enabled: false });
    expect(await outcomeOf(forge.sign(claimsOf({ iss: 'https://off.example' })))).toBe(
      'issuer_unknown',
    );
  });

  it('is nothing in another realm', async () => {
    const text = other.sign(claimsOf({ iss: other.url }, 'bravo'));
    expect(await outcomeOf(text, 'client', 'bravo')).toBe('issuer_unknown');
  });
});

describe('JWT-SVID §3 a trust domain', () => {
  const svidOf = (claims: object = {}) =>
    claimsOf({ iss: undefined, jti: undefined, sub: 'spiffe://example.org/billing', ...claims });

  beforeAll(async () => {
    await world.addTrustedIssuer('alpha', {
      preset: 'spiffe',
      issuer: 'spiffe://example.org',
      jwksUri: other.jwksUri,
      assertionReuse: 'until_expiry',
    });
  });

  it('is that of the subject, whatever iss there is', async () => {
    for (const iss of [undefined, 'https://spire.example', forge.url])
      expect(await outcomeOf(other.sign(svidOf({ iss })))).toBe('believed');
  });

  it('is never that which another issuer names', async () => {
    expect(await outcomeOf(forge.sign(svidOf({ iss: forge.url })))).toBe(
      'assertion_signature_wrong',
    );
    expect(await outcomeOf(other.sign(svidOf({ sub: 'spiffe://evil.org/billing' })))).toBe(
      'issuer_unknown',
    );
    expect(await outcomeOf(other.sign(svidOf({ iss: 'spiffe://example.org', sub: 'x' })))).toBe(
      'issuer_unknown',
    );
  });
});

describe('the keys of an issuer', () => {
  it('are fetched anew when it signs with another', async () => {
    expect(await outcomeOf(forge.sign(claimsOf()))).toBe('believed');
    forge.rotate();
    expect(await outcomeOf(forge.sign(claimsOf()))).toBe('believed');
  });

  it('that nobody has are nobody’s', async () => {
    const asked = forge.asked;
    for (const kid of ['a', 'b', 'c'])
      expect(await outcomeOf(forge.sign(claimsOf(), { kid }))).toBe('assertion_key_unknown');
    expect(forge.asked - asked).toBeLessThanOrEqual(1);
  });

  it('are needed: without them it is not the workload who is wrong', async () => {
    const away = await startIssuer();
    away.setUp(false);
    await world.addTrustedIssuer('alpha', { issuer: away.url, jwksUri: away.jwksUri });
    expect(await verify(away.sign(claimsOf({ iss: away.url })))).toEqual({
      ok: false,
      refusal: { reason: 'issuer_keys_unavailable', issuer: away.url, retryAfter: 5 },
    });
    await away.close();
  });
});
