import { expect, test } from 'vitest';
import { readCredentials } from '../client-credentials.ts';
import { decode, readForm } from '../parameters.ts';

/* Examples that the specifications publish. Some other code had to agree with each of them. */

const NO_FORM = { single: new Map<string, string>(), resource: [], audience: [] };

const readingsOf = (base64: string) => {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  const credentials = readCredentials({ kind: 'basic', text }, NO_FORM);
  return credentials.ok && 'readings' in credentials.value ? credentials.value.readings : [];
};

test('§2.3.1 of RFC 6749: the Basic credentials of the example', () => {
  expect(readingsOf('czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3')).toEqual([
    { clientId: 's6BhdRkqt3', secret: '7Fjfp0ZBr1KtDRbnfVdmIw' },
  ]);
});

test('§2.3.1 of RFC 6749: the form of the example', () => {
  const form = readForm(
    'grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA' +
      '&client_id=s6BhdRkqt3&client_secret=7Fjfp0ZBr1KtDRbnfVdmIw',
  );
  expect(form.ok && readCredentials({ kind: 'absent' }, form.value)).toEqual({
    ok: true,
    value: {
      method: 'client_secret_post',
      readings: [{ clientId: 's6BhdRkqt3', secret: '7Fjfp0ZBr1KtDRbnfVdmIw' }],
    },
  });
});

test('§4.4.2 of RFC 6749: the client credentials request', () => {
  expect(readingsOf('czZCaGRSa3F0MzpnWDFmQmF0M2JW')).toEqual([
    { clientId: 's6BhdRkqt3', secret: 'gX1fBat3bV' },
  ]);
  const form = readForm('grant_type=client_credentials');
  expect(form.ok && form.value.single.get('grant_type')).toBe('client_credentials');
});

test('App. B of RFC 6749: space, percent, ampersand, plus, pound, euro', () => {
  expect(decode('+%25%26%2B%C2%A3%E2%82%AC')).toBe(' %&+£€');
});

test('§6.2 of RFC 9449: a raw colon and a raw plus in the secret', () => {
  expect(readingsOf('cnM6cnM6TWt1LTZnX2xDektJZHo0ZnNON2tZY3lhK1Rp')).toEqual([
    { clientId: 'rs', secret: 'rs:Mku-6g_lCzKIdz4fsN7kYcya Ti' },
    { clientId: 'rs', secret: 'rs:Mku-6g_lCzKIdz4fsN7kYcya+Ti' },
  ]);
});
