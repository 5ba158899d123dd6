import { expect, test } from 'vitest';
import { GRANT_TYPES, isGrantType } from './client.ts';

test('§2 the names of grant types are compared to the byte', () => {
  for (const grantType of GRANT_TYPES) expect(isGrantType(grantType)).toBe(true);
  for (const other of ['', 'Client_Credentials', 'client_credentials ', 'password', 'toString'])
    expect(isGrantType(other)).toBe(false);
});
