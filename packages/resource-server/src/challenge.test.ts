import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatChallenges } from './challenge.ts';

describe('RFC 9110 §5.6.4', () => {
  it('quotes and line breaks in a value forge nothing', () => {
    expect(formatChallenges([{ scheme: 'Bearer', realm: 'a", error="x\r\nSet-Cookie: y' }])).toBe(
      'Bearer realm="a\\", error=\\"x??Set-Cookie: y"',
    );
  });

  it('whatever the values, a challenge is one header of quoted strings', () => {
    const value = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });
    fc.assert(
      fc.property(value, value, value, (realm, scope, metadata) => {
        const challenge = formatChallenges([
          { scheme: 'Bearer', realm, error: 'invalid_token', scope },
          { scheme: 'DPoP', resource_metadata: metadata, algs: 'ES256' },
        ]);
        const parameters = String.raw`\w+="(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"`;
        const one = `(?: ${parameters}(?:, ${parameters})*)`;
        expect(challenge).toMatch(new RegExp(`^Bearer${one}, DPoP${one}$`));
        expect(new Headers({ 'www-authenticate': challenge }).get('www-authenticate')).toBe(
          challenge,
        );
      }),
    );
  });
});

describe('RFC 9110 §11.6.1', () => {
  it('challenges of several schemes follow each other', () => {
    expect(formatChallenges([{ scheme: 'Bearer' }, { scheme: 'DPoP', algs: 'ES256 PS256' }])).toBe(
      'Bearer, DPoP algs="ES256 PS256"',
    );
  });
});
