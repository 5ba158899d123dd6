import { describe, expect, test } from 'vitest';
import { describeSignedIntrospection, wantsSignedIntrospection } from './signed-introspection.ts';
import { numericDate } from './time.ts';

const JWT = 'application/token-introspection+jwt';

describe('RFC 9701 §4 the signed answer, RFC 9110 §12.5.1', () => {
  test.each([
    [JWT],
    [JWT.toUpperCase()],
    [`${JWT};q=0.2`],
    [`application/json;q=0.5, ${JWT};q=0.9`],
    [`*/*;q=0.1, ${JWT}`],
    [`text/html , ${JWT} ; q=0.5`],
  ])('§12.5.1 is wanted by %s', (accept) => {
    expect(wantsSignedIntrospection(accept)).toBe(true);
  });

  test.each([
    [undefined],
    [''],
    ['*/*'],
    ['application/*'],
    ['application/json'],
    ['application/jwt'],
    ['text/html'],
    [`application/json, ${JWT}`],
    [`${JWT}, */*`],
    [`${JWT};q=0`],
    [`${JWT};q=0.5, application/*;q=0.6`],
    [`${JWT}x`],
    [','.repeat(16_000)],
  ])('§12.5.1 is not wanted by %j', (accept) => {
    expect(wantsSignedIntrospection(accept)).toBe(false);
  });

  test.each(['2', '-1', 'x', '1.5', '0.1234'])('§12.4.2 a weight of %s counts for nothing', (q) => {
    expect(wantsSignedIntrospection(`${JWT};q=${q}`)).toBe(false);
  });
});

test('RFC 9701 §5 it is for whoever asked, with nothing beside it that a token has', () => {
  expect(
    describeSignedIntrospection({ active: false }, 'https://as', 'api', numericDate(9)),
  ).toEqual({ iss: 'https://as', aud: 'api', iat: 9, token_introspection: { active: false } });
});
