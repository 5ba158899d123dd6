import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkDpopProof, DPOP_WINDOW, type DpopProof, readDpopProof } from '../dpop.ts';
import { numericDate } from '../time.ts';
import { formatThumbprintInput } from '../verification-key.ts';

/* Examples that RFC 9449 publishes; §4.1, §5, §6.1 and §7. */

const HEADER =
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklD' +
  'UkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2' +
  'R1JEQSIsImNydiI6IlAtMjU2In19';

const TOKEN_PROOF =
  `${HEADER}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1w` +
  'bGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLX' +
  'iOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg';

const part = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url');

const REFRESH_PROOF = `${HEADER}.${part({
  jti: '-BwC3ESc6acc2lTc',
  htm: 'POST',
  htu: 'https://server.example.com/token',
  iat: 1562265296,
})}.pAqut2IRDm_De6PR93SYmGBPXpwrAk90e8cP2hjiaG5QsGSuKDYW7_X620BxqhvYC8ynrrvZLTk41mSRroapUA`;

const ACCESS_TOKEN = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU';

const RESOURCE_PROOF = `${HEADER}.${part({
  jti: 'e1j3V_bKic8-LAEB',
  htm: 'GET',
  htu: 'https://resource.example.org/protectedresource',
  iat: 1562262618,
  ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo',
})}.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA`;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

function readProof(text: string): DpopProof {
  const proof = readDpopProof(text);
  if (!proof.ok) throw new Error(`the proof is refused: ${proof.refusal.reason}`);
  return proof.value;
}

function isSigned({ key, signingInput, signature }: DpopProof): boolean {
  const imported = createPublicKey({ key: { ...key }, format: 'jwk' });
  const asIs = { key: imported, dsaEncoding: 'ieee-p1363' } as const;
  return verify('sha256', Buffer.from(signingInput), asIs, signature);
}

describe('RFC 9449 the proofs', () => {
  test.each([
    [
      'RFC 9449 §4.1 for a token',
      TOKEN_PROOF,
      'POST',
      'https://server.example.com/token',
      1562262616,
    ],
    [
      'RFC 9449 §5 to refresh it',
      REFRESH_PROOF,
      'POST',
      'https://server.example.com/token',
      1562265296,
    ],
    [
      'RFC 9449 §7 for a resource',
      RESOURCE_PROOF,
      'GET',
      'https://resource.example.org/protectedresource',
      1562262618,
    ],
  ])('%s', (_, text, method, url, issuedAt) => {
    const proof = readProof(text);
    expect(proof).toMatchObject({ algorithm: 'ES256', method, target: url, issuedAt });
    expect(isSigned(proof)).toBe(true);
    const expectation = { algorithms: ['ES256'], method, urls: [url], window: DPOP_WINDOW };
    expect(checkDpopProof(proof, expectation, numericDate(issuedAt + 10)).ok).toBe(true);
    expect(checkDpopProof(proof, expectation, numericDate(issuedAt + 3600)).ok).toBe(false);
  });

  test('RFC 9449 §7 the hash of the access token', () => {
    expect(readProof(RESOURCE_PROOF).accessTokenHash).toBe(sha256(ACCESS_TOKEN));
  });

  test('RFC 9449 §6.1 the thumbprint of the key', () => {
    expect(sha256(formatThumbprintInput(readProof(TOKEN_PROOF).key))).toBe(
      '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
    );
  });

  test('RFC 9449 §4.1 one letter of a signature changed, and it is wrong', () => {
    expect(isSigned(readProof(TOKEN_PROOF.replace('.2-GxA6', '.2-GxA7')))).toBe(false);
  });
});
