import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodeBase64url } from '../base64url.ts';
import { readCompactJws } from '../compact-jws.ts';
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
