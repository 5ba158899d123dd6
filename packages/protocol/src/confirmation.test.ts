import { describe, expect, test } from 'vitest';
import type { TokenBinding } from './client.ts';
import {
  combineBindings,
  describeConfirmation,
  type Possession,
  readConfirmation,
  selectConfirmation,
} from './confirmation.ts';

/* Shows RFC 7800 §3.1, RFC 8705 §3.1 and §3.2, RFC 9449 §5, §6 and §6.1. */

const JKT = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';
const CERTIFICATE = 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0';

describe('RFC 7800 §3.1 the claim cnf', () => {
  test.each([
    ['a key', { jkt: JKT }, { jkt: JKT }],
    ['a certificate', { certificateThumbprint: CERTIFICATE }, { 'x5t#S256': CERTIFICATE }],
    [
      'both',
      { jkt: JKT, certificateThumbprint: CERTIFICATE },
      { jkt: JKT, 'x5t#S256': CERTIFICATE },
    ],
  ])('RFC 7800 §3.1 %s is written and read', (_, confirmation, claim) => {
    expect(describeConfirmation(confirmation)).toEqual(claim);
    expect(readConfirmation(claim)).toEqual(confirmation);
    expect(readConfirmation({ ...claim, kid: 'k' })).toEqual(confirmation);
  });

  test.each([
    undefined,
    null,
    'jkt',
    [],
    {},
    { jwk: {} },
    { kid: 'k' },
    { jkt: 1 },
    { jkt: '' },
    { jkt: `${JKT}A` },
    { jkt: `${JKT.slice(0, -1)}J` },
    { jkt: JKT, 'x5t#S256': null },
    { jkt: null, 'x5t#S256': CERTIFICATE },
    { 'x5t#S256': CERTIFICATE.replace('4', '+') },
  ])('RFC 7800 §3.1 by %j nothing can be confirmed', (cnf) => {
    expect(readConfirmation(cnf)).toBeUndefined();
  });
});

const PROOF: Possession = { jkt: JKT };
const AUTHENTICATED: Possession = {
  certificate: { thumbprint: CERTIFICATE, authenticated: true },
};
const BESIDE: Possession = { certificate: { thumbprint: CERTIFICATE, authenticated: false } };

const BY_PROOF = { jkt: JKT };
const BY_CERTIFICATE = { certificateThumbprint: CERTIFICATE };

const select = (settings: readonly TokenBinding[], possession: Possession) => {
  const selected = selectConfirmation(combineBindings(settings), possession);
  return selected.ok ? selected.value : selected.refusal.reason;
};

describe('RFC 9449 §5 to what a token is bound', () => {
  test.each<[readonly TokenBinding[], string, Possession, unknown]>([
    [[], 'nothing', {}, undefined],
    [['optional'], 'nothing', {}, undefined],
    [['optional'], 'a proof', PROOF, BY_PROOF],
    [['optional'], 'the certificate of the client', AUTHENTICATED, BY_CERTIFICATE],
    [['optional'], 'a certificate of the connection', BESIDE, undefined],
    [['optional'], 'a proof and the certificate', { ...PROOF, ...AUTHENTICATED }, BY_PROOF],
    [['dpop'], 'nothing', {}, 'proof_missing'],
    [['dpop'], 'a proof', PROOF, BY_PROOF],
    [['dpop'], 'a certificate', AUTHENTICATED, 'proof_missing'],
    [['dpop'], 'both', { ...PROOF, ...AUTHENTICATED }, BY_PROOF],
    [['certificate'], 'nothing', {}, 'certificate_missing'],
    [['certificate'], 'a proof', PROOF, 'certificate_missing'],
    [['certificate'], 'a certificate of the connection', BESIDE, BY_CERTIFICATE],
    [['certificate'], 'both', { ...PROOF, ...BESIDE }, BY_CERTIFICATE],
    [['either'], 'nothing', {}, 'binding_missing'],
    [['either'], 'a proof', PROOF, BY_PROOF],
    [['either'], 'a certificate of the connection', BESIDE, BY_CERTIFICATE],
    [['either'], 'both', { ...PROOF, ...BESIDE }, BY_PROOF],
    [['dpop', 'certificate'], 'a proof', PROOF, 'certificate_missing'],
    [['dpop', 'certificate'], 'a certificate', BESIDE, 'proof_missing'],
    [['dpop', 'certificate'], 'both', { ...PROOF, ...BESIDE }, { ...BY_PROOF, ...BY_CERTIFICATE }],
    [['optional', 'dpop', 'either'], 'both', { ...PROOF, ...BESIDE }, BY_PROOF],
    [['certificate', 'either'], 'a proof', PROOF, 'certificate_missing'],
  ])('RFC 9449 §5 where %j is set and the caller has %s', (settings, _, possession, outcome) => {
    expect(select(settings, possession)).toEqual(outcome);
  });

  test('RFC 9449 §5 what is required is never left out, whatever the order of the settings', () => {
    const settings: readonly TokenBinding[] = ['optional', 'dpop', 'certificate', 'either'];
    for (const one of settings)
      for (const other of settings)
        for (const possession of [{}, PROOF, AUTHENTICATED, BESIDE, { ...PROOF, ...BESIDE }]) {
          const selected = select([one, other], possession);
          expect(select([other, one], possession)).toEqual(selected);
          if (typeof selected === 'string') continue;
          if (one === 'dpop') expect(selected).toMatchObject(BY_PROOF);
          if (one === 'certificate') expect(selected).toMatchObject(BY_CERTIFICATE);
          if (one === 'either') expect(selected).toBeDefined();
        }
  });
});
