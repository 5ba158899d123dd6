import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSoleAudience, readRegisteredClaims } from './registered-claims.ts';

/* Shows RFC 7519 §4.1. */

const CLAIMS = { aud: 'us', exp: 60, nbf: 1, iat: 2.5, jti: 'j' };

describe('RFC 7519 §4.1 the registered claims', () => {
  test('§4.1 are read as they were written', () => {
    expect(readRegisteredClaims(CLAIMS)).toEqual({
      ok: true,
      value: { audience: 'us', expiresAt: 60, notBefore: 1, issuedAt: 2.5, identifier: 'j' },
    });
    expect(readRegisteredClaims({ aud: ['us'], exp: 60 })).toEqual({
      ok: true,
      value: {
        audience: ['us'],
        expiresAt: 60,
        notBefore: undefined,
        issuedAt: undefined,
        identifier: undefined,
      },
    });
  });

  test.each(['aud', 'exp', 'nbf', 'iat', 'jti'] as const)(
    '§4.1 a claim %s of another type is named',
    (name) => {
      const values = [null, {}, true, [], ...(name === 'aud' ? [] : [''])];
      for (const value of values)
        expect(readRegisteredClaims({ ...CLAIMS, [name]: value })).toEqual({
          ok: false,
          refusal: name,
        });
    },
  );

  test('§4.1 only aud and exp have to be there', () => {
    expect(readRegisteredClaims({ exp: 60 })).toEqual({ ok: false, refusal: 'aud' });
    expect(readRegisteredClaims({ aud: 'us' })).toEqual({ ok: false, refusal: 'exp' });
  });

  test('§4.1 a list of audiences names one of ours only if it names nobody else', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('us', 'them')), (audience) => {
        const alone = audience.length === 1 && audience[0] === 'us';
        expect(isSoleAudience(audience, ['us'], 'string_or_single')).toBe(alone);
        expect(isSoleAudience(audience, ['us'], 'string')).toBe(false);
      }),
    );
  });
});
