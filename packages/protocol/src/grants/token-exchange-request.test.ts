import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readForm } from '../parameters.ts';
import { readTokenExchange } from './token-exchange-request.ts';

const TYPE = 'urn:ietf:params:oauth:token-type:';
const SUBJECT = { subject_token: 't', subject_token_type: `${TYPE}access_token` };

function read(parameters: Record<string, string>, more = '') {
  const grant_type = 'urn:ietf:params:oauth:grant-type:token-exchange';
  const form = readForm(new URLSearchParams({ grant_type, ...parameters }).toString() + more);
  if (!form.ok) throw new Error(form.refusal.reason);
  return readTokenExchange(form.value);
}

const refusalOf = (parameters: Record<string, string>) => {
  const request = read(parameters);
  return request.ok ? undefined : request.refusal;
};

describe('RFC 8693 §2.1 the request', () => {
  test('§2.1 has targets by two names, in the order of each', () => {
    expect(
      read({ ...SUBJECT, scope: 'a b' }, '&audience=urn:a&resource=urn:b&audience=urn:c'),
    ).toEqual({
      ok: true,
      value: {
        subjectToken: { text: 't', kind: 'access_token' },
        actorToken: undefined,
        requestedTokenType: `${TYPE}access_token`,
        scope: 'a b',
        targets: ['urn:b', 'urn:a', 'urn:c'],
      },
    });
  });

  test.each(['jwt', 'id_token'])('§3 a subject token of type %s is an assertion', (type) => {
    expect(read({ ...SUBJECT, subject_token_type: TYPE + type })).toMatchObject({
      value: { subjectToken: { kind: 'assertion' } },
    });
  });

  test.each([
    ['subject_token', { subject_token_type: `${TYPE}access_token` }],
    ['subject_token', { subject_token: '', subject_token_type: `${TYPE}access_token` }],
    ['subject_token_type', { subject_token: 't' }],
    ['actor_token', { ...SUBJECT, actor_token_type: `${TYPE}access_token` }],
    ['actor_token_type', { ...SUBJECT, actor_token: 't' }],
  ])('§2.1 %s is missing', (parameter, parameters) => {
    expect(refusalOf(parameters as Record<string, string>)).toEqual({
      reason: 'exchange_parameter_missing',
      parameter,
    });
  });

  test.each([
    ['subject_token_type', 'refresh_token'],
    ['subject_token_type', 'saml2'],
    ['subject_token_type', 'Access_Token'],
    ['actor_token_type', 'jwt'],
    ['requested_token_type', 'refresh_token'],
    ['requested_token_type', 'id_token'],
  ])('§3 %s %s is not served', (parameter, type) => {
    const actor = parameter === 'actor_token_type' ? { actor_token: 't' } : {};
    expect(refusalOf({ ...SUBJECT, ...actor, [parameter]: TYPE + type })).toEqual({
      reason: 'exchange_token_type_unsupported',
      parameter,
    });
  });

  test('§2.1 every request is read or refused', () => {
    const name = fc.constantFrom(
      'subject_token',
      'subject_token_type',
      'actor_token',
      'actor_token_type',
      'requested_token_type',
      '__proto__',
    );
    const value = fc.oneof(
      fc.constantFrom(`${TYPE}access_token`, `${TYPE}jwt`, 't', ''),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (parameters) => {
        const form = readForm(new URLSearchParams(parameters).toString());
        if (!form.ok) return;
        const request = readTokenExchange(form.value);
        if (request.ok) expect(request.value.subjectToken.text).not.toBe('');
      }),
    );
  });
});
