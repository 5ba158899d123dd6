import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AuthorizationHeader,
  CREDENTIAL_LENGTH_MAX,
  isClientId,
  readCredentials,
} from './client-credentials.ts';
import { decode, readForm } from './parameters.ts';

const JWT_BEARER = 'client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ABSENT: AuthorizationHeader = { kind: 'absent' };
const basic = (text: string): AuthorizationHeader => ({ kind: 'basic', text });

function read(header: AuthorizationHeader, body = '') {
  const form = readForm(body);
  if (!form.ok) throw new Error(`the form is refused: ${form.refusal.reason}`);
  return readCredentials(header, form.value);
}

const reasonOf = (header: AuthorizationHeader, body = '') => {
  const credentials = read(header, body);
  return credentials.ok ? undefined : credentials.refusal.reason;
};

describe('§2.3 the method of a request', () => {
  test.each([
    ['nothing', ABSENT, '', { method: 'nothing' }],
    ['a client_id alone', ABSENT, 'client_id=c', { method: 'client_id_only', clientId: 'c' }],
    [
      'an empty secret',
      ABSENT,
      'client_id=c&client_secret=',
      {
        method: 'client_id_only',
        clientId: 'c',
      },
    ],
    [
      'a secret in the form',
      ABSENT,
      'client_id=c&client_secret=s',
      {
        method: 'client_secret_post',
        readings: [{ clientId: 'c', secret: 's' }],
      },
    ],
    [
      'an assertion',
      ABSENT,
      `client_assertion=a.b.c&${JWT_BEARER}`,
      {
        method: 'client_assertion',
        clientId: undefined,
        assertion: 'a.b.c',
        assertionType: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      },
    ],
    [
      'an assertion with its client',
      ABSENT,
      'client_assertion=a&client_id=c&client_assertion_type=' +
        'urn:ietf:params:oauth:client-assertion-type:jwt-spiffe',
      {
        method: 'client_assertion',
        clientId: 'c',
        assertion: 'a',
        assertionType: 'urn:ietf:params:oauth:client-assertion-type:jwt-spiffe',
      },
    ],
    [
      'Basic',
      basic('c:s'),
      '',
      {
        method: 'client_secret_basic',
        readings: [{ clientId: 'c', secret: 's' }],
      },
    ],
    [
      'Basic with the same client_id',
      basic('c:s'),
      'client_id=c',
      {
        method: 'client_secret_basic',
        readings: [{ clientId: 'c', secret: 's' }],
      },
    ],
    [
      'Basic with an empty client_secret',
      basic('c:s'),
      'client_secret=',
      {
        method: 'client_secret_basic',
        readings: [{ clientId: 'c', secret: 's' }],
      },
    ],
  ] as const)('§2.3 %s', (_, header, body, value) => {
    expect(read(header, body)).toEqual({ ok: true, value });
  });

  test.each([
    ['Basic and a secret', basic('c:s'), 'client_secret=s'],
    ['Basic and an assertion', basic('c:s'), 'client_assertion=a'],
    ['a secret and an assertion', ABSENT, 'client_id=c&client_secret=s&client_assertion=a'],
    ['Bearer and a secret', { kind: 'bearer', token: 't' }, 'client_id=c&client_secret=s'],
    ['a broken header and a secret', { kind: 'malformed' }, 'client_id=c&client_secret=s'],
  ] as const)('§2.3 %s are two methods', (_, header, body) => {
    expect(reasonOf(header, body)).toBe('authentication_methods_several');
  });

  test.each([
    ['two Authorization headers', { kind: 'repeated' }, '', 'authorization_repeated'],
    ['a header that cannot be read', { kind: 'malformed' }, '', 'authorization_malformed'],
    ['Bearer', { kind: 'bearer', token: 't' }, '', 'authorization_malformed'],
    ['Basic for another client', basic('c:s'), 'client_id=d', 'client_id_mismatched'],
    ['Basic without a colon', basic('foo'), '', 'authorization_malformed'],
    ['Basic without anything', basic(''), '', 'authorization_malformed'],
    ['Basic without an id', basic(':s'), '', 'authorization_malformed'],
    ['Basic without a secret', basic('c:'), '', 'authorization_malformed'],
    ['Basic with a line feed in the id', basic('c\nd:s'), '', 'client_id_malformed'],
    ['Basic with an encoded line feed', basic('c%0Ad:s'), '', 'client_id_malformed'],
    ['a tab in client_id', ABSENT, 'client_id=a%09b', 'client_id_malformed'],
    ['a secret without a client', ABSENT, 'client_secret=s', 'client_id_missing'],
  ] as const)('§2.3 %s is refused', (_, header, body, reason) => {
    expect(reasonOf(header, body)).toBe(reason);
  });
});

/* Shows RFC 7523 §2.2. */
describe('RFC 7521 §4.2 an assertion and its type', () => {
  test.each([
    ['an assertion without a type', 'client_assertion=a.b.c', 'client_assertion_type_missing'],
    [
      'an empty type',
      'client_assertion=a.b.c&client_assertion_type=',
      'client_assertion_type_missing',
    ],
    ['a type alone', JWT_BEARER, 'client_assertion_missing'],
    ['a type and a client_id', `${JWT_BEARER}&client_id=c`, 'client_assertion_missing'],
    ['an empty assertion', `client_assertion=&${JWT_BEARER}`, 'client_assertion_missing'],
    [
      'the type of SAML',
      'client_assertion=a&client_assertion_type=' +
        'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
      'client_assertion_type_unknown',
    ],
    [
      'the type in capitals',
      `client_assertion=a&${JWT_BEARER.toUpperCase().replace(/^.*=/, 'client_assertion_type=')}`,
      'client_assertion_type_unknown',
    ],
    [
      'more than 16 KiB',
      `client_assertion=${'a'.repeat(16 * 1024 + 1)}&${JWT_BEARER}`,
      'client_assertion_too_long',
    ],
  ])('RFC 7521 §4.2 %s is refused', (_, body, reason) => {
    expect(reasonOf(ABSENT, body)).toBe(reason);
  });
});

describe('§2.3.1 Basic', () => {
  const readingsOf = (text: string) => {
    const credentials = read(basic(text));
    return credentials.ok && 'readings' in credentials.value
      ? credentials.value.readings.map(({ clientId, secret }) => [clientId, secret])
      : undefined;
  };

  test.each([
    ['unreserved characters have one reading', 'a-1:b_2', [['a-1', 'b_2']]],
    ['the first colon separates', 'c:s:t', [['c', 's:t']]],
    [
      'an encoded colon belongs to the id',
      'an%3Aidentifier:s',
      [
        ['an:identifier', 's'],
        ['an%3Aidentifier', 's'],
      ],
    ],
    [
      'a raw plus is a space, or itself',
      'c:a+b',
      [
        ['c', 'a b'],
        ['c', 'a+b'],
      ],
    ],
    ['a raw percent sign is itself', 'foo with %:foo with $', [['foo with %', 'foo with $']]],
    ['a half-encoded character is itself', 'c:%C3', [['c', '%C3']]],
    ['an encoded separator is the separator', 'myClient%3Aforgerock', [['myClient', 'forgerock']]],
  ])('§2.3.1 %s', (_, text, readings) => {
    expect(readingsOf(text)).toEqual(readings);
  });

  test('§2.3.1 client_id beside Basic chooses the reading that it names', () => {
    const credentials = read(basic('a%2Bb:s'), 'client_id=a%252Bb');
    expect(credentials).toEqual({
      ok: true,
      value: { method: 'client_secret_basic', readings: [{ clientId: 'a%2Bb', secret: 's' }] },
    });
  });

  test('§2.3.1 what a client encodes as it should is the first reading', () => {
    const encode = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
    const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter(isClientId);
    const secret = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(id, secret, (clientId, value) => {
        expect(readingsOf(`${encode(clientId)}:${encode(value)}`)?.[0]).toEqual([clientId, value]);
      }),
    );
  });

  test('§2.3.1 what a client sends raw is among the readings', () => {
    const printable = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 100 });
    const id = printable.filter((text) => !text.includes(':') && isClientId(decode(text) ?? text));
    fc.assert(
      fc.property(id, printable, (clientId, secret) => {
        expect(readingsOf(`${clientId}:${secret}`)).toContainEqual([clientId, secret]);
      }),
    );
  });

  test('§2.3.1 an id and secret longer than the bound are refused before anything is hashed', () => {
    const long = 'x'.repeat(CREDENTIAL_LENGTH_MAX + 1);
    expect(reasonOf(basic(`c:${long}`))).toBe('credentials_too_long');
    expect(reasonOf(basic(`${long}:s`))).toBe('credentials_too_long');
    expect(reasonOf(ABSENT, `client_id=c&client_secret=${long}`)).toBe('credentials_too_long');
    expect(reasonOf(ABSENT, `client_id=${long}&client_secret=s`)).toBe('client_id_malformed');
    expect(read(basic(`c:${long.slice(1)}`)).ok).toBe(true);
  });
});

test('§2.3 every request has one method or one reason', () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', ':', '%', '3', 'A', '+', '\n', 'é') }),
    fc.string({ unit: 'binary' }),
  );
  const header = fc.oneof(
    text.map(basic),
    fc.constantFrom<AuthorizationHeader>(
      { kind: 'absent' },
      { kind: 'malformed' },
      { kind: 'repeated' },
      { kind: 'bearer', token: 't' },
    ),
  );
  const single = fc
    .dictionary(fc.constantFrom('client_id', 'client_secret', 'client_assertion', 'scope'), text)
    .map((parameters) => new Map(Object.entries(parameters).filter(([, value]) => value !== '')));
  fc.assert(
    fc.property(header, single, (presented, parameters) => {
      const credentials = readCredentials(presented, {
        single: parameters,
        resource: [],
        audience: [],
      });
      if (!credentials.ok || !('readings' in credentials.value)) return;
      expect(credentials.value.readings.length).toBeGreaterThan(0);
      for (const { clientId, secret } of credentials.value.readings) {
        expect(isClientId(clientId)).toBe(true);
        expect(secret).not.toBe('');
        expect(secret.length).toBeLessThanOrEqual(CREDENTIAL_LENGTH_MAX);
      }
    }),
  );
});

describe('§2.3.1 limits', () => {
  const form = { single: new Map<string, string>(), resource: [], audience: [] };

  test.each([
    ['é'.repeat(60), 'secret'],
    ['client', 'ü'.repeat(200)],
  ])('hold for what an encoded text stands for, not for the encoding', (clientId, secret) => {
    const text = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`;
    expect(readCredentials({ kind: 'basic', text }, form)).toMatchObject({
      ok: true,
      value: { readings: [{ clientId, secret }] },
    });
  });
});

describe('App. A.1 a client identifier', () => {
  test.each(['myClient', 'a', 'an:identifier', ' %&+£€', 'x'.repeat(255), '🔑', '__proto__'])(
    'App. A.1 %j can be one',
    (value) => {
      expect(isClientId(value)).toBe(true);
    },
  );

  test.each([
    ['nothing', ''],
    ['256 characters', 'x'.repeat(256)],
    ['NUL', 'a\0'],
    ['a line feed', 'a\nb'],
    ['DEL', 'a\x7f'],
    ['a C1 control', 'a\x85'],
    ['a line separator', 'a\u2028'],
    ['a paragraph separator', 'a\u2029'],
    ['a high surrogate alone', 'a\ud800'],
    ['a low surrogate alone', '\udc00a'],
    ['surrogates in the wrong order', '\udc00\ud800'],
  ])('App. A.1 %s can not', (_, value) => {
    expect(isClientId(value)).toBe(false);
  });

  test('App. A.1 every text is one exactly when it is short, whole and without controls', () => {
    const unit = fc.oneof(
      fc.constantFrom('\ud800', '\udc00', '\x85', '\n', 'a', '🔑'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit }), fc.string({ unit: 'binary' })), (value) => {
        const whole = !/\p{Surrogate}/u.test(value);
        const plain = !/[\p{Control}\u2028\u2029]/u.test(value);
        expect(isClientId(value)).toBe(value.length > 0 && value.length <= 255 && whole && plain);
      }),
    );
  });
});
