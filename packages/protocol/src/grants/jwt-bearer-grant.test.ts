import { describe, expect, test } from 'vitest';
import { JWT_BEARER_GRANT } from '../client.ts';
import { readForm } from '../parameters.ts';
import { seconds } from '../time.ts';
import type { Allowance } from './allowance.ts';
import { decideJwtBearer, decideServiceAccount } from './jwt-bearer-grant.ts';

const ALLOWANCE: Allowance = {
  clientId: 'robot',
  clientType: 'confidential',
  providerGrantTypes: [JWT_BEARER_GRANT],
  clientGrantTypes: [JWT_BEARER_GRANT],
  apis: [
    {
      identifier: 'urn:default',
      scopes: new Set(['fr:am:*', 'fr:idm:*']),
      withheldScopes: [],
      detailTypes: new Map(),
      tokenFormat: 'jwt',
      signingAlgorithm: 'ES256',
      accessTokenLifetime: seconds(900),
      tokenBinding: 'optional',
    },
  ],
  tokenBindings: [],
  defaultScopes: ['fr:am:*'],
};

function formOf(body: string) {
  const form = readForm(body);
  if (!form.ok) throw new Error(form.refusal.reason);
  return form.value;
}

describe('RFC 7523 §2.1 an assertion as a grant', () => {
  test('§2.1 gives its subject what the client is allowed, and no more', () => {
    expect(decideJwtBearer(ALLOWANCE, formOf('scope=fr:idm:*'), 'idp|ada')).toEqual({
      ok: true,
      value: {
        grantType: JWT_BEARER_GRANT,
        clientId: 'robot',
        subject: 'idp|ada',
        actors: [],
        audience: ['urn:default'],
        scope: ['fr:idm:*'],
        tokenFormat: 'jwt',
        signingAlgorithm: 'ES256',
        lifetime: 900,
        tokenBindings: ['optional'],
        expiresBy: undefined,
      },
    });
    expect(decideJwtBearer(ALLOWANCE, formOf(''), 'idp|ada')).toMatchObject({
      value: { scope: ['fr:am:*'] },
    });
    expect(decideJwtBearer(ALLOWANCE, formOf('scope=admin'), 'idp|ada')).toMatchObject({
      refusal: { reason: 'scope_not_granted', scope: ['admin'] },
    });
    expect(decideJwtBearer(ALLOWANCE, formOf('resource=urn:x'), 'idp|ada')).toMatchObject({
      refusal: { reason: 'resource_not_granted' },
    });
  });

  test('§2.1 a service account speaks for itself', () => {
    expect(decideServiceAccount(ALLOWANCE, formOf(''), 'standard')).toMatchObject({
      value: { clientId: 'robot', subject: 'robot' },
    });
  });

  test('a service account of PingOne is told in its words which scopes it may not have', () => {
    const form = formOf('scope=fr:am:*+fr:iga:*+fr:idc:esv:*');
    const refusal = { clientId: 'robot', scope: ['fr:iga:*', 'fr:idc:esv:*'] };
    expect(decideServiceAccount(ALLOWANCE, form, 'pingone')).toEqual({
      ok: false,
      refusal: { reason: 'service_account_scope_unsupported', ...refusal },
    });
    expect(decideServiceAccount(ALLOWANCE, form, 'standard')).toEqual({
      ok: false,
      refusal: { reason: 'scope_not_granted', ...refusal },
    });
    expect(decideServiceAccount(ALLOWANCE, formOf('scope=a++b'), 'pingone')).toMatchObject({
      refusal: { reason: 'scope_malformed' },
    });
  });
});
