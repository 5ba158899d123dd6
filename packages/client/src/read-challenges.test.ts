import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChallenges, tokenErrorsOf } from './read-challenges.ts';

/** Challenges in a form that is easy to compare. */
const read = (header: string) =>
  readChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

describe('RFC 9110 §11.6.1 a challenge', () => {
  it.each<[string, unknown]>([
    ['', []],
    [' , ,', []],
    ['Bearer', [['bearer', {}]]],
    ['Bearer realm="a"', [['bearer', { realm: 'a' }]]],
    ['BEARER Error=invalid_token', [['bearer', { error: 'invalid_token' }]]],
    ['Bearer realm="a, b", error = "x"', [['bearer', { realm: 'a, b', error: 'x' }]]],
    ['Bearer realm="say \\"hi\\" \\\\"', [['bearer', { realm: 'say "hi" \\' }]]],
    ['Bearer realm=""', [['bearer', { realm: '' }]]],
    ['Bearer a=1, a=2', [['bearer', { a: '1' }]]],
    [
      'Negotiate YII+/a==, Bearer error="x"',
      [
        ['negotiate', {}],
        ['bearer', { error: 'x' }],
      ],
    ],
    [
      'Bearer, DPoP',
      [
        ['bearer', {}],
        ['dpop', {}],
      ],
    ],
    [
      'DPoP error="use_dpop_nonce", algs="ES256 PS256", Bearer realm="x",error="y"',
      [
        ['dpop', { error: 'use_dpop_nonce', algs: 'ES256 PS256' }],
        ['bearer', { realm: 'x', error: 'y' }],
      ],
    ],
    [
      'Basic realm="a",, Bearer',
      [
        ['basic', { realm: 'a' }],
        ['bearer', {}],
      ],
    ],
  ])('%j is %j', (header, expected) => {
    expect(read(header)).toEqual(expected);
  });

  it.each([
    '=',
    '"Bearer"',
    'Bearer realm="a',
    'Bearer a="b" c="d"',
    'Bearer a=1, c=,',
    'Be(arer',
    'Bearer a="b"c',
  ])('%j leaves the grammar and is none', (header) => {
    expect(read(header)).toEqual([]);
  });

  it('a longer one than any API sends is none', () => {
    expect(read(`Bearer realm="${'x'.repeat(9000)}"`)).toEqual([]);
  });

  it('what was written is what is read', () => {
    const token = fc.stringMatching(/^[a-z][a-z\d-]{0,8}$/);
    const value = fc.string({ unit: fc.constantFrom(...' abc",=\\'), maxLength: 8 });
    const challenge = fc.tuple(
      token,
      fc.dictionary(token, value, { maxKeys: 3, noNullPrototype: true }),
    );
    const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 3 }), (written) => {
        const header = written
          .map(([scheme, parameters]) =>
            [
              scheme,
              Object.entries(parameters)
                .map(([n, v]) => `${n}=${quote(v)}`)
                .join(', '),
            ]
              .join(' ')
              .trimEnd(),
          )
          .join(', ');
        expect(read(header)).toEqual(written);
      }),
    );
  });

  it('whatever is sent, reading ends, soon and without a fault', () => {
    const hostile = fc.string({ unit: fc.constantFrom(...'aB=",\\ \t;()é\0'), maxLength: 2000 });
    fc.assert(fc.property(hostile, (header) => Array.isArray(readChallenges(header))));
    const started = performance.now();
    readChallenges(`a ${'a = '.repeat(2000)}`);
    readChallenges(`a ${'a="\\'.repeat(1600)}`);
    readChallenges('a,'.repeat(4000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('RFC 6750 §3 the error', () => {
  it('is that of a challenge for tokens, not of another, nor of words within a value', () => {
    expect(tokenErrorsOf('Basic error="invalid_token", Bearer realm="a"')).toEqual([]);
    expect(tokenErrorsOf('Bearer realm="error=invalid_token"')).toEqual([]);
    expect(tokenErrorsOf('Bearer error="invalid_token", DPoP error="use_dpop_nonce"')).toEqual([
      'invalid_token',
      'use_dpop_nonce',
    ]);
  });
});
