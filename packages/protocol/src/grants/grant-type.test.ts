import { describe, expect, test } from 'vitest';
import { readForm } from '../parameters.ts';
import { seconds } from '../time.ts';
import type { Allowance } from './allowance.ts';
import { selectGrantType } from './grant-type.ts';

const ALLOWANCE: Allowance = {
  clientId: 'myClient',
  clientType: 'confidential',
  providerGrantTypes: ['client_credentials', 'password'],
  clientGrantTypes: ['client_credentials', 'password'],
  apis: [
    {
      identifier: 'urn:api',
      scopes: new Set(['write']),
      withheldScopes: [],
      detailTypes: new Map(),
      tokenFormat: 'jwt',
      signingAlgorithm: 'ES256',
      accessTokenLifetime: seconds(3600),
      tokenBinding: 'optional',
    },
  ],
  tokenBindings: [],
  defaultScopes: [],
};

function select(body: string, over: Partial<Allowance> = {}) {
  const form = readForm(body);
  if (!form.ok) throw new Error(`the form is refused: ${form.refusal.reason}`);
  return selectGrantType(form.value, { ...ALLOWANCE, ...over });
}

const CLIENT_CREDENTIALS = 'grant_type=client_credentials';

describe('§5.2 the grant type', () => {
  test('§5.2 is chosen when named, known, enabled and allowed', () => {
    expect(select(CLIENT_CREDENTIALS)).toEqual({ ok: true, value: 'client_credentials' });
  });

  test.each([
    ['missing', '', 'grant_type_missing'],
    ['empty', 'grant_type=', 'grant_type_missing'],
    ['unknown', 'grant_type=foo', 'grant_type_unknown'],
    ['enabled, yet not served', 'grant_type=password', 'grant_type_unknown'],
    ['in other letters', 'grant_type=Client_Credentials', 'grant_type_unknown'],
    ['followed by a space', 'grant_type=client_credentials+', 'grant_type_unknown'],
    ['a name of Object', 'grant_type=__proto__', 'grant_type_unknown'],
  ])('§5.2 is refused when %s', (_, body, reason) => {
    expect(select(body)).toEqual({ ok: false, refusal: { reason } });
  });

  test('§5.2 is refused when the realm has it disabled, whatever the client has', () => {
    expect(select(CLIENT_CREDENTIALS, { providerGrantTypes: [], clientGrantTypes: [] })).toEqual({
      ok: false,
      refusal: { reason: 'grant_type_disabled_in_realm', grantType: 'client_credentials' },
    });
  });

  test('§5.2 is refused when the client may not use it', () => {
    expect(select(CLIENT_CREDENTIALS, { clientGrantTypes: ['password'] })).toEqual({
      ok: false,
      refusal: {
        reason: 'grant_type_not_allowed_to_client',
        grantType: 'client_credentials',
        clientId: 'myClient',
      },
    });
  });
});
