import { describe, expect, it } from 'vitest';
import { issuerOfEachTest, present } from '../test/open-api.ts';
import { resourceServer as onNode } from './node.ts';
import { resourceServer as onTheWeb } from './web.ts';

/* Shows RFC 8725 §3.11. */

const { issuer, openApi } = issuerOfEachTest();

const AM = { tokenName: 'access_token', scope: ['read', 'write'] };
const TYP = { typ: 'JWT' };

describe.each([
  ['node', onNode],
  ['web', onTheWeb],
] as const)('PingOne §8.1 a JWT in the shape of PingAM, on %s', (_platform, resourceServer) => {
  const api = () => openApi({ profile: 'pingone' }, resourceServer);

  it('is no access token unless the API says that it takes such', async () => {
    const token = issuer().sign(AM, TYP);
    expect(await present(openApi({}, resourceServer), token)).toBe('401 token_type_wrong');
    expect(await present(api(), token)).toBe('admitted');
  });

  it('has the scopes of its array', async () => {
    const admitted = await api().admit({
      method: 'GET',
      url: '/orders/1',
      headers: new Headers({ authorization: `Bearer ${issuer().sign(AM, TYP)}` }),
    });
    expect(admitted).toMatchObject({ ok: true, value: { scope: ['read', 'write'] } });
  });

  it.each([
    ['an ID token', { tokenName: 'id_token' }, TYP, '401 token_type_wrong'],
    ['no word of what it is', { tokenName: undefined }, TYP, '401 token_type_wrong'],
    ['another type', {}, { typ: 'logout+jwt' }, '401 token_type_wrong'],
    ['no type', {}, { typ: undefined }, '401 token_type_wrong'],
    ['another audience', { aud: 'client-1' }, TYP, '401 token_for_another_audience'],
    ['two scopes as one', { scope: ['read write'] }, TYP, '401 claim_malformed'],
    ['a scope that is no text', { scope: ['read', 7] }, TYP, '401 claim_malformed'],
    ['an array in the token of RFC 9068', {}, { typ: 'at+jwt' }, '401 claim_malformed'],
  ])('is refused with %s', async (_, claims, header, expected) => {
    expect(await present(api(), issuer().sign({ ...AM, ...claims }, header))).toBe(expected);
  });

  it('is taken beside those of RFC 9068', async () => {
    expect(await present(api(), issuer().sign())).toBe('admitted');
  });
});

it('a profile that nobody knows is a TypeError', () => {
  const profile = 'ping' as 'pingone';
  expect(() => openApi({ profile })).toThrow(TypeError);
});
