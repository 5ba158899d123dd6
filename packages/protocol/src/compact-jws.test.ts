import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJwtType, readCompactJws } from './compact-jws.ts';

/* Shows RFC 7515 §3.1, §4, §4.1.9, §4.1.11, §5.2, RFC 7797 §3. */

const part = (value: string | object): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const jws = (header: string | object, claims: string | object = {}, signature = 'c2ln'): string =>
  `${part(header)}.${part(claims)}.${signature}`;

const ES256 = { alg: 'ES256' };

const read = (text: string) => readCompactJws(text, 10_000);

test('§3.1 a signed JWT is taken apart', () => {
  const text = jws({ ...ES256, kid: 'k' }, { iss: 'é' });
  expect(read(text)).toEqual({
    header: { alg: 'ES256', kid: 'k' },
    claims: { iss: 'é' },
    signingInput: text.slice(0, text.lastIndexOf('.')),
    signature: new Uint8Array(Buffer.from('sig')),
  });
});

describe('§5.2 what is no signed JWT', () => {
  const whole = jws(ES256);
  test.each([
    ['nothing', ''],
    ['text', 'abc'],
    ['two parts', 'e30.e30'],
    ['four parts', `${whole}.c2ln`],
    ['five parts, an encrypted JWT', `${part({ alg: 'dir', enc: 'A128GCM' })}..AA.AA.AA`],
    ['periods alone', '..'],
    ['the JSON serialization', '{"payload":"e30","protected":"e30","signature":"c2ln"}'],
    ['no header', `.${part({})}.c2ln`],
    ['no signature', jws(ES256, {}, '')],
    ['no claims', jws(ES256, '')],
    ['a space before it', ` ${whole}`],
    ['a line break after it', `${whole}\n`],
    ['padding', `${part(ES256)}=.${part({})}.c2ln`],
    ['bits that belong to no byte', jws(ES256, {}, 'c2lnbR')],
    ['a header that is null', jws('null')],
    ['a header that is an array', jws('["alg"]')],
    ['a header that is a string', jws('"alg"')],
    ['a header with a member twice', jws('{"alg":"none","alg":"ES256"}')],
    ['a header without alg', jws({ typ: 'JWT' })],
    ['a header whose alg is null', jws('{"alg":null}')],
    ['a header whose alg is a number', jws('{"alg":256}')],
    [
      'a header that is no UTF-8',
      `${Buffer.from('{"alg":"\xff"}', 'latin1').toString('base64url')}.e30.c2ln`,
    ],
    ['claims that are an array', jws(ES256, '[]')],
    ['claims that are text', jws(ES256, 'hello')],
    ['claims with a member twice', jws(ES256, '{"sub":"a","sub":"b"}')],
    ['claims that nest too deep', jws(ES256, `{"a":${'['.repeat(40)}${']'.repeat(40)}}`)],
  ])('§5.2 %s is refused', (_, text) => {
    expect(read(text)).toBeUndefined();
  });
});

test.each([
  ['one that nobody knows', { crit: ['http://example.invalid/UNDEFINED'] }],
  ['none', { crit: [] }],
  ['exp', { crit: ['exp'], exp: 1 }],
  ['null', { crit: null }],
])('§4.1.11 crit is refused, whatever it names: %s', (_, extension) => {
  expect(read(jws({ ...ES256, ...extension }))).toBeUndefined();
});

test.each([
  ['false', { b64: false }],
  ['true', { b64: true }],
  ['false and critical', { b64: false, crit: ['b64'] }],
])('RFC 7797 §3 b64 is refused: %s', (_, extension) => {
  expect(read(jws({ ...ES256, ...extension }))).toBeUndefined();
});

test('§5.2 what is too long is refused, one character less is not', () => {
  const text = jws(ES256, { a: 'a'.repeat(500) });
  expect(readCompactJws(text, text.length)).toBeDefined();
  expect(readCompactJws(text, text.length - 1)).toBeUndefined();
});

test('§3.1 every signed JWT is read, and none once a character is put in or taken out of its form', () => {
  const claims = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
  fc.assert(
    fc.property(
      claims,
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      fc.nat(),
      (said, made, at) => {
        const text = jws(ES256, said, Buffer.from(made).toString('base64url'));
        const whole = readCompactJws(text, Number.MAX_SAFE_INTEGER);
        expect(whole?.claims).toEqual(JSON.parse(JSON.stringify(said)));
        expect(whole?.signature).toEqual(made);
        const place = at % text.length;
        for (const stray of ['.', '=', ' ', '\n', '+'])
          expect(
            readCompactJws(
              text.slice(0, place) + stray + text.slice(place),
              Number.MAX_SAFE_INTEGER,
            ),
          ).toBeUndefined();
      },
    ),
  );
});

test('§5.2 no text makes it throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      for (const text of [a, `${part(a)}.${part(b)}.c2ln`, jws(ES256, a), jws(a, b, b)])
        expect(() => read(text)).not.toThrow();
    }),
  );
});

describe('§4.1.9 the type of a JWT', () => {
  test.each(['JWT', 'jwt', 'application/jwt', 'APPLICATION/JWT', 'dpop+jwt', 'DPOP+JWT'])(
    '§4.1.9 %s is one of jwt and dpop+jwt',
    (typ) => {
      expect(isJwtType(typ, ['jwt', 'dpop+jwt'])).toBe(true);
    },
  );

  test.each([
    undefined,
    null,
    1,
    ['jwt'],
    '',
    ' jwt',
    'jwt ',
    'at+jwt',
    'text/jwt',
    'x/application/jwt',
    'application/application/jwt',
  ])('§4.1.9 %j is none', (typ) => {
    expect(isJwtType(typ, ['jwt'])).toBe(false);
  });
});
