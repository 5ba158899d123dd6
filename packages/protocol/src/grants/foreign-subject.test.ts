import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatForeignSubject, isForeignSubject } from './foreign-subject.ts';

const ISSUER_ID = '0193a1c2-7f00-7000-8000-0123456789ab';

test('§5 a subject of another issuer is told from every client and user of the realm', () => {
  fc.assert(
    fc.property(fc.string(), (subject) => {
      expect(isForeignSubject(formatForeignSubject(ISSUER_ID, subject))).toBe(true);
    }),
  );
});

test('§5 two issuers never name the same subject', () => {
  expect(formatForeignSubject('a', 'b|c')).not.toBe(formatForeignSubject('b', 'a|c'));
  const id = fc.stringMatching(/^[A-Za-z0-9._~-]{1,64}$/);
  fc.assert(
    fc.property(id, fc.string(), id, fc.string(), (one, here, other, there) => {
      fc.pre(one !== other || here !== there);
      expect(formatForeignSubject(one, here)).not.toBe(formatForeignSubject(other, there));
    }),
  );
});

test.each([
  'myClient',
  'https://client.example/metadata|x',
  'spiffe://example.org/a|b',
  'curl user|x',
  '|x',
])('§5 %j can be the id of a client', (clientId) => {
  expect(isForeignSubject(clientId)).toBe(false);
});
