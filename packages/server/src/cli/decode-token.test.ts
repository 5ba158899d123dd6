import { describe, expect, it } from 'vitest';
import { run } from '../../test/terminal.ts';
import { decodeToken, describeDecoded } from './decode-token.ts';

/* Shows RFC 7519 §3. */

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADER = { typ: 'at+jwt', alg: 'ES256' };
const CLAIMS = { iss: 'https://id.example.com', exp: 1_800_000_060, typ: 'other' };
const TOKEN = `${part(HEADER)}.${part(CLAIMS)}.c2ln`;

describe('a JWT is read and not believed', () => {
  it('header and claims are told apart, instants as what they mean now', () => {
    expect(decodeToken(TOKEN)).toEqual({ header: HEADER, claims: CLAIMS });
    expect(describeDecoded(decodeToken(TOKEN), 1_800_000_000)).toEqual({
      typ: 'at+jwt',
      alg: 'ES256',
      iss: 'https://id.example.com',
      exp: '2027-01-15T08:01:00Z (in 1 min)',
      'claim typ': 'other',
    });
  });

  it.each([
    ['opaque', 'tsa_kX0w'],
    ['two parts', 'a.b'],
    ['five parts, as an encrypted one has', `${TOKEN}.x.y`],
    ['no JSON', 'a.b.c'],
    ['JSON that is no object', `${part([])}.${part(CLAIMS)}.c2ln`],
    ['another alphabet', `${part(HEADER)}.${part(CLAIMS)}=.c2ln`],
  ])('%s is refused', (_, token) => {
    expect(() => decodeToken(token)).toThrow('no JWT');
  });
});

describe('tessera token decode', () => {
  it('reads what token get --header prints, and says that nothing was verified', async () => {
    const { code, output, errors } = await run(['token', 'decode', '-o', 'json'], {
      input: `Authorization: Bearer ${TOKEN}\n`,
    });
    expect({ code, decoded: JSON.parse(output) as unknown }).toEqual({
      code: 0,
      decoded: { header: HEADER, claims: CLAIMS },
    });
    expect(errors).toContain('Not verified');
  });
});
