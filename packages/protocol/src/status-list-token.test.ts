import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeStatusListToken, readStatusListToken } from './status-list-token.ts';
import { numericDate, seconds } from './time.ts';

/* draft-ietf-oauth-status-list §5.1, §8.3 */

const NOW = numericDate(1_800_000_000);
const URI = 'https://as.example/status-lists/1';

const publish = (list: Uint8Array) =>
  describeStatusListToken({
    issuer: 'https://as.example',
    uri: URI,
    bits: 1,
    compressed: deflateSync(list).toString('base64url'),
    aggregationUri: 'https://as.example/status-lists',
    issuedAt: NOW,
    expiresAt: numericDate(NOW + 3_600),
    ttl: seconds(60),
    version: 12,
  });

test('§5.1 what is published is read back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1_000 }), (list) => {
      const claims: unknown = JSON.parse(JSON.stringify(publish(list)));
      const read = readStatusListToken(claims as Record<string, unknown>, URI, NOW);
      if (!read.ok) throw new Error(read.refusal.reason);
      expect(new Uint8Array(inflateSync(read.value.compressed))).toEqual(list);
      expect(read.value).toMatchObject({
        bits: 1,
        issuedAt: NOW,
        expiresAt: NOW + 3_600,
        ttl: 60,
        version: 12,
        aggregationUri: 'https://as.example/status-lists',
      });
    }),
  );
});

test('§8.3 a list speaks of the address that tokens name and of no other, to the byte', () => {
  const claims = publish(new Uint8Array(1));
  for (const uri of ['https://as.example/status-lists/2', `${URI}/`, URI.toUpperCase()])
    expect(readStatusListToken(claims, uri, NOW)).toEqual({
      ok: false,
      refusal: { reason: 'status_list_of_another_uri', found: URI },
    });
});

test('§8.3 a list that has expired says nothing', () => {
  const claims = publish(new Uint8Array(1));
  expect(readStatusListToken(claims, URI, numericDate(NOW + 3_599)).ok).toBe(true);
  expect(readStatusListToken(claims, URI, numericDate(NOW + 3_600))).toEqual({
    ok: false,
    refusal: { reason: 'status_list_expired', expiredAt: NOW + 3_600 },
  });
});

test('§5.1 `exp` and `ttl` may be absent', () => {
  const { exp: _exp, ttl: _ttl, ...claims } = publish(new Uint8Array(1));
  expect(readStatusListToken(claims, URI, NOW)).toMatchObject({
    ok: true,
    value: { expiresAt: undefined, ttl: undefined },
  });
});

test.each([
  ['sub', { sub: undefined }],
  ['sub', { sub: 1 }],
  ['iat', { iat: undefined }],
  ['iat', { iat: '1' }],
  ['exp', { exp: '1' }],
  ['ttl', { ttl: 0 }],
  ['ttl', { ttl: -1 }],
  ['ttl', { ttl: '60' }],
  ['status_list', { status_list: undefined }],
  ['status_list', { status_list: [] }],
  ['bits', { status_list: { bits: 3, lst: 'eNpjAAAAAQAB' } }],
  ['bits', { status_list: { lst: 'eNpjAAAAAQAB' } }],
  ['lst', { status_list: { bits: 1 } }],
  ['lst', { status_list: { bits: 1, lst: 'eNpjAAAAAQAB==' } }],
  ['aggregation_uri', { status_list: { bits: 1, lst: 'eNpjAAAAAQAB', aggregation_uri: 1 } }],
])('§5.1 a wrong or missing `%s` is refused', (member, changed) => {
  const claims = { ...publish(new Uint8Array(1)), ...changed };
  expect(readStatusListToken(claims, URI, NOW)).toEqual({
    ok: false,
    refusal: { reason: 'status_list_malformed', member },
  });
});
