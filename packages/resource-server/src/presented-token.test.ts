import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PresentedRequest } from './presented-request.ts';
import { checkTokenForm, readPresentedToken } from './presented-token.ts';

/* Shows RFC 9110 §5.5, §11.2. */

type Presented = {
  readonly authorization?: string | readonly string[] | undefined;
  readonly query?: string;
  readonly form?: string;
};

const requestOf = ({ authorization, query, form }: Presented): PresentedRequest => ({
  method: 'GET',
  url: query === undefined ? '/a' : `/a?${query}`,
  headers: { authorization },
  form,
});

const read = (presented: Presented): string => {
  const found = readPresentedToken(requestOf(presented));
  if (!found.ok) return found.refusal.reason;
  const { scheme, token } = found.value;
  const form = checkTokenForm(token);
  if (form !== undefined) return form.refusal.reason;
  return scheme === 'Bearer' ? `token ${token}` : `${scheme} ${token}`;
};

describe('RFC 6750 §2.1', () => {
  it.each([
    [undefined, 'token_missing'],
    ['', 'token_missing'],
    ['Basic YTpi', 'token_missing'],
    ['Bearerx', 'token_missing'],
    ['Bearer a', 'token a'],
    ['bEARER a', 'token a'],
    ['Bearer   a', 'token a'],
    ['Bearer a ', 'token_malformed'],
    ['Bearer aZ09-._~+/==', 'token aZ09-._~+/=='],
    ['Bearer', 'token_malformed'],
    ['Bearer ', 'token_malformed'],
    ['Bearer =', 'token_malformed'],
    ['Bearer a=b', 'token_malformed'],
    ['Bearer a b', 'token_malformed'],
    ['Bearer\ta', 'token_missing'],
    ['Bearer a, Bearer b', 'authorization_repeated'],
    ['Bearer a,dpop b', 'authorization_repeated'],
    ['Bearer a, b', 'token_malformed'],
    ['DPoP a', 'DPoP a'],
    ['dpop   a', 'DPoP a'],
    ['DPoP', 'token_malformed'],
    ['constructor a', 'token_missing'],
    ['__proto__ a', 'token_missing'],
    ['Bearer "a"', 'token_malformed'],
    ['Bearer é', 'token_malformed'],
  ])('%j', (authorization, expected) => {
    expect(read({ authorization })).toBe(expected);
  });

  it('every token of the grammar is read as it is, whatever the case of the scheme', () => {
    const token = fc.stringMatching(/^[A-Za-z0-9._~+/-]{1,40}={0,2}$/);
    fc.assert(
      fc.property(fc.mixedCase(fc.constant('bearer')), token, (scheme, sent) => {
        expect(read({ authorization: `${scheme} ${sent}` })).toBe(`token ${sent}`);
      }),
    );
  });

  it('a token of more than 16384 characters is refused', () => {
    const longest = 'a'.repeat(16_384);
    expect(read({ authorization: `Bearer ${longest}` })).toBe(`token ${longest}`);
    expect(read({ authorization: `Bearer ${longest}a` })).toBe('token_malformed');
  });

  it('a long header costs no time', () => {
    const from = performance.now();
    for (const filler of [' ', '\t', '=', ' a', 'Bearer '])
      read({ authorization: `Bearer ${filler.repeat(200_000)}x` });
    expect(performance.now() - from).toBeLessThan(500);
  });
});

describe('RFC 6750 §2', () => {
  it('two headers are refused, even alike', () => {
    expect(read({ authorization: ['Bearer a', 'Bearer a'] })).toBe('authorization_repeated');
    expect(read({ authorization: ['Bearer a'] })).toBe('token a');
    expect(read({ authorization: [] })).toBe('token_missing');
  });

  it.each(['query', 'form'])('a token beside the one in the %s is refused', (place) => {
    expect(read({ authorization: 'Bearer a', [place]: 'x=1&access_token=b' })).toBe(
      'token_repeated',
    );
    expect(read({ authorization: 'Bearer a', [place]: 'access%5Ftoken=' })).toBe('token_repeated');
    expect(read({ authorization: 'Bearer a', [place]: 'my_access_token=b' })).toBe('token a');
  });

  it.each(['query', 'form'])('RFC 9700 §4.3.2 a token in the %s is none', (place) => {
    expect(read({ [place]: 'access_token=a' })).toBe('token_missing');
  });
});
