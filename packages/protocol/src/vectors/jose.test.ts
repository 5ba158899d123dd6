import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodeBase64url } from '../base64url.ts';
import { readCompactJws } from '../compact-jws.ts';
import { keyFits } from '../jws-algorithm.ts';
import { formatThumbprintInput, readVerificationKey } from '../verification-key.ts';

/* Examples that the specifications publish: RFC 7515, RFC 7520, RFC 7638 §3.2 and §3.3, RFC 8037 §2. */

function thumbprint(jwk: object): string {
  const key = readVerificationKey(jwk);
  if (!key.ok) throw new Error(`the key is refused: ${key.refusal.reason}`);
  return createHash('sha256').update(formatThumbprintInput(key.value)).digest('base64url');
}

describe('§3.1 of RFC 7638: the thumbprint of an RSA key', () => {
  const RSA = {
    kty: 'RSA',
    n:
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebW' +
      'KRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQM' +
      'icAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcR' +
      'wr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
    e: 'AQAB',
  };

  test('§3.2 of RFC 7638: optional members are no part of it', () => {
    const jwk = { ...RSA, alg: 'RS256', kid: '2011-04-29' };
    expect(thumbprint(jwk)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  test('§3.3 of RFC 7638: the order of the members is that of their names', () => {
    const key = readVerificationKey(RSA);
    expect(key.ok && formatThumbprintInput(key.value)).toBe(
      `{"e":"AQAB","kty":"RSA","n":"${RSA.n}"}`,
    );
  });
});

describe('App. A of RFC 8037: Ed25519', () => {
  const ED25519 = {
    kty: 'OKP',
    crv: 'Ed25519',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  };

  test('App. A.3 of RFC 8037: the thumbprint', () => {
    expect(thumbprint(ED25519)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  test('App. A.4 of RFC 8037: the signature, over what is no JWT', () => {
    const jws =
      'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg' +
      '3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';
    const [header = '', payload = '', signed = ''] = jws.split('.');
    const signature = decodeBase64url(signed) ?? new Uint8Array();
    const key = createPublicKey({ key: ED25519, format: 'jwk' });
    expect(verify(null, Buffer.from(`${header}.${payload}`), key, signature)).toBe(true);
    expect(Buffer.from(decodeBase64url(payload) ?? []).toString()).toBe(
      'Example of Ed25519 signing',
    );
    expect(readCompactJws(jws, 1000)).toBeUndefined();
  });
});

describe('RFC 7515 App. A and E', () => {
  const CLAIMS =
    'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cn' +
    'VlfQ';

  test('App. A.3 of RFC 7515: a JWT with ES256 is read, its signature is 64 bytes and right', () => {
    const jws =
      `eyJhbGciOiJFUzI1NiJ9.${CLAIMS}.` +
      'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q';
    const read = readCompactJws(jws, 1000);
    expect(read?.claims).toEqual({
      iss: 'joe',
      exp: 1300819380,
      'http://example.com/is_root': true,
    });
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    };
    expect(readVerificationKey(jwk)).toEqual({ ok: true, value: jwk });
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    expect(
      verify(
        'sha256',
        Buffer.from(read?.signingInput ?? ''),
        { key, dsaEncoding: 'ieee-p1363' },
        read?.signature ?? new Uint8Array(),
      ),
    ).toBe(true);
  });

  test('App. A.5 of RFC 7515: what nobody signed is refused', () => {
    expect(readCompactJws(`eyJhbGciOiJub25lIn0.${CLAIMS}.`, 1000)).toBeUndefined();
  });

  test.each([
    // As it was published: unsigned and with a payload that is no JSON.
    'eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFt' +
      'cGxlLmNvbS9VTkRFRklORUQiOnRydWUNCn0.RkFJTA.',
    // Only the extension is left to refuse it for.
    `eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFt` +
      `cGxlLmNvbS9VTkRFRklORUQiOnRydWUNCn0.${CLAIMS}.RkFJTA`,
  ])('App. E of RFC 7515: a critical extension that nobody knows is refused: %s', (jws) => {
    expect(readCompactJws(jws, 1000)).toBeUndefined();
  });
});

describe('RFC 7520 §4', () => {
  const KID = 'bilbo.baggins@hobbiton.example';
  const PAYLOAD =
    'SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb2' +
    '50byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcg' +
    'd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4';
  const RSA = {
    kty: 'RSA',
    kid: KID,
    use: 'sig',
    n:
      'n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJ' +
      'mSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tp' +
      'e-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vn' +
      'iUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw',
    e: 'AQAB',
  };
  const P521 = {
    kty: 'EC',
    kid: KID,
    use: 'sig',
    crv: 'P-521',
    x: 'AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt',
    y: 'AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1',
  };
  const RS256 =
    'MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xu' +
    'glII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5a' +
    'AE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0' +
    'KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg';
  const ES512 =
    'AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQ' +
    'y3mtPBu_u_sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2';

  test.each([
    ['RFC 7520 §4.1', 'RS256', 'sha256', RSA, RS256],
    ['RFC 7520 §4.3', 'ES512', 'sha512', P521, ES512],
  ] as const)('%s: %s fits its key, and the signature is decoded', (_, alg, hash, jwk, signed) => {
    expect(readVerificationKey(jwk)).toEqual({ ok: true, value: jwk });
    expect(keyFits(alg, jwk)).toBe(true);
    const header = Buffer.from(JSON.stringify({ alg, kid: KID })).toString('base64url');
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const signature = decodeBase64url(signed) ?? new Uint8Array();
    expect(
      verify(
        hash,
        Buffer.from(`${header}.${PAYLOAD}`),
        { key, dsaEncoding: 'ieee-p1363' },
        signature,
      ),
    ).toBe(true);
  });

  const DETACHED =
    'eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9..' +
    's0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0';
  const FLATTENED = JSON.stringify({
    payload: PAYLOAD,
    protected: 'eyJhbGciOiJIUzI1NiJ9',
    header: { kid: '018c0ae5-4d9b-471b-bfd6-eef314bc7037' },
    signature: 'bWUSVaxorn7bEF1djytBd0kHv70Ly5pvbomzMWSOr20',
  });

  test.each([
    ['RFC 7520 §4.5', 'detached content', DETACHED],
    ['RFC 7520 §4.6', 'the JSON serialization', FLATTENED],
  ])('%s: %s is refused', (_, __, jws) => {
    expect(readCompactJws(jws, 2000)).toBeUndefined();
  });
});
