import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Refusal, RefusalReason } from './refusal.ts';
import { describeRefusal } from './wire-refusal.ts';

/* Shows RFC 6585 §4, RFC 6749 App. A.8, RFC 9110 §11.6.1. */

/** One refusal for each reason; a new reason does not compile before it has one here. */
const EXAMPLES: { readonly [R in RefusalReason]: Extract<Refusal, { reason: R }> } = {
  content_type_unsupported: { reason: 'content_type_unsupported' },
  content_encoding_unsupported: { reason: 'content_encoding_unsupported' },
  body_malformed: { reason: 'body_malformed' },
  body_too_large: { reason: 'body_too_large' },
  query_not_allowed: { reason: 'query_not_allowed' },
  method_not_allowed: { reason: 'method_not_allowed', allowed: 'POST', found: 'GET' },
  realm_unknown: { reason: 'realm_unknown' },
  status_list_unknown: { reason: 'status_list_unknown' },
  status_list_history_unsupported: { reason: 'status_list_history_unsupported' },
  response_type_unsupported: { reason: 'response_type_unsupported' },
  parameters_too_many: { reason: 'parameters_too_many', max: 100 },
  parameter_repeated: { reason: 'parameter_repeated', parameter: 'a"\\\n' },
  parameter_has_control_character: { reason: 'parameter_has_control_character' },
  encoding_malformed: { reason: 'encoding_malformed' },
  credentials_missing: { reason: 'credentials_missing' },
  credentials_too_long: { reason: 'credentials_too_long' },
  authorization_repeated: { reason: 'authorization_repeated' },
  authorization_malformed: { reason: 'authorization_malformed' },
  authentication_methods_several: { reason: 'authentication_methods_several' },
  authentication_method_unsupported: {
    reason: 'authentication_method_unsupported',
    method: 'client_assertion',
  },
  authentication_method_not_registered: {
    reason: 'authentication_method_not_registered',
    clientId: 'c"1',
    method: 'client_secret_post',
  },
  authentication_method_not_allowed: {
    reason: 'authentication_method_not_allowed',
    clientId: 'c"1',
    method: 'client_secret_basic',
  },
  credential_expired: { reason: 'credential_expired', clientId: 'c"1' },
  key_too_short: { reason: 'key_too_short', clientId: 'c"1', bits: 2048 },
  client_id_missing: { reason: 'client_id_missing' },
  client_id_malformed: { reason: 'client_id_malformed' },
  client_id_mismatched: { reason: 'client_id_mismatched' },
  client_unknown: { reason: 'client_unknown', clientId: 'c"1' },
  client_disabled: { reason: 'client_disabled', clientId: 'c"1' },
  secret_missing: { reason: 'secret_missing', clientId: 'c"1' },
  secret_wrong: { reason: 'secret_wrong', clientId: 'c"1' },
  secret_public: { reason: 'secret_public', clientId: 'c"1' },
  address_not_allowed: {
    reason: 'address_not_allowed',
    clientId: 'c"1',
    address: '192.0.2.7',
  },
  secret_expired: { reason: 'secret_expired', clientId: 'c"1' },
  failures_too_many: { reason: 'failures_too_many', clientId: 'c"1', retryAfter: 30 },
  verification_overloaded: { reason: 'verification_overloaded', retryAfter: 1 },
  client_public: { reason: 'client_public', clientId: 'c"1' },
  certificate_repeated: { reason: 'certificate_repeated' },
  certificate_malformed: { reason: 'certificate_malformed' },
  certificate_untrusted: { reason: 'certificate_untrusted', clientId: 'c"1' },
  certificate_expired: { reason: 'certificate_expired', clientId: 'c"1' },
  certificate_not_yet_valid: { reason: 'certificate_not_yet_valid', clientId: 'c"1' },
  certificate_usage_wrong: { reason: 'certificate_usage_wrong', clientId: 'c"1' },
  certificate_weak: { reason: 'certificate_weak', clientId: 'c"1' },
  certificate_unsupported: {
    reason: 'certificate_unsupported',
    clientId: 'c"1',
    extension: '2.5.29.30',
  },
  certificate_unknown: { reason: 'certificate_unknown', clientId: 'c"1' },
  certificate_subject_wrong: {
    reason: 'certificate_subject_wrong',
    clientId: 'c"1',
    subject: 'CN="',
  },
  client_assertion_type_missing: { reason: 'client_assertion_type_missing' },
  client_assertion_type_unknown: { reason: 'client_assertion_type_unknown' },
  client_assertion_missing: { reason: 'client_assertion_missing' },
  client_assertion_too_long: { reason: 'client_assertion_too_long' },
  assertion_malformed: { reason: 'assertion_malformed', part: 'exp' },
  assertion_type_wrong: { reason: 'assertion_type_wrong', clientId: 'c"1' },
  assertion_algorithm_unsupported: { reason: 'assertion_algorithm_unsupported', clientId: 'c"1' },
  assertion_algorithm_not_allowed: { reason: 'assertion_algorithm_not_allowed', clientId: 'c"1' },
  assertion_issuer_wrong: { reason: 'assertion_issuer_wrong', clientId: 'c"1' },
  assertion_subject_wrong: { reason: 'assertion_subject_wrong', clientId: 'c"1' },
  assertion_audience_wrong: { reason: 'assertion_audience_wrong', clientId: 'c"1' },
  assertion_expired: { reason: 'assertion_expired', clientId: 'c"1' },
  assertion_too_long_lived: { reason: 'assertion_too_long_lived', clientId: 'c"1' },
  assertion_not_yet_valid: { reason: 'assertion_not_yet_valid', clientId: 'c"1' },
  assertion_too_old: { reason: 'assertion_too_old', clientId: 'c"1' },
  assertion_identifier_missing: { reason: 'assertion_identifier_missing', clientId: 'c"1' },
  assertion_key_unknown: { reason: 'assertion_key_unknown', clientId: 'c"1' },
  assertion_signature_wrong: { reason: 'assertion_signature_wrong', clientId: 'c"1' },
  assertion_replayed: { reason: 'assertion_replayed', clientId: 'c"1' },
  proof_missing: { reason: 'proof_missing' },
  proof_repeated: { reason: 'proof_repeated' },
  proof_malformed: { reason: 'proof_malformed', part: 'htu' },
  proof_type_wrong: { reason: 'proof_type_wrong' },
  proof_algorithm_unsupported: { reason: 'proof_algorithm_unsupported' },
  proof_key_private: { reason: 'proof_key_private' },
  proof_key_unusable: { reason: 'proof_key_unusable' },
  proof_key_wrong: { reason: 'proof_key_wrong' },
  proof_signature_wrong: { reason: 'proof_signature_wrong' },
  proof_method_wrong: { reason: 'proof_method_wrong' },
  proof_target_wrong: { reason: 'proof_target_wrong' },
  proof_not_fresh: { reason: 'proof_not_fresh' },
  proof_hash_wrong: { reason: 'proof_hash_wrong' },
  proof_replayed: { reason: 'proof_replayed' },
  proof_nonce_missing: { reason: 'proof_nonce_missing' },
  proof_nonce_wrong: { reason: 'proof_nonce_wrong' },
  certificate_missing: { reason: 'certificate_missing' },
  binding_missing: { reason: 'binding_missing' },
  issuer_unknown: { reason: 'issuer_unknown', issuer: 'i"1' },
  issuer_keys_unavailable: { reason: 'issuer_keys_unavailable', issuer: 'i"1', retryAfter: 5 },
  workload_unknown: { reason: 'workload_unknown', issuer: 'i"1', subject: 's"1' },
  workload_ambiguous: {
    reason: 'workload_ambiguous',
    issuer: 'i"1',
    subject: 's"1',
    clientIds: ['c"1'],
  },
  grant_type_missing: { reason: 'grant_type_missing' },
  grant_type_unknown: { reason: 'grant_type_unknown' },
  grant_type_disabled_in_realm: { reason: 'grant_type_disabled_in_realm', grantType: 'g' },
  grant_type_not_allowed_to_client: {
    reason: 'grant_type_not_allowed_to_client',
    clientId: 'c"1',
    grantType: 'g',
  },
  grant_assertion_missing: { reason: 'grant_assertion_missing' },
  grant_assertion_refused: {
    reason: 'grant_assertion_refused',
    because: 'assertion_expired',
    clientId: 'c"1',
  },
  service_account_scope_unsupported: {
    reason: 'service_account_scope_unsupported',
    clientId: 'c"1',
    scope: ['a', 'b'],
  },
  exchange_parameter_missing: { reason: 'exchange_parameter_missing', parameter: 'subject_token' },
  exchange_token_type_unsupported: {
    reason: 'exchange_token_type_unsupported',
    parameter: 'requested_token_type',
  },
  subject_token_invalid: { reason: 'subject_token_invalid', because: 'revoked' },
  subject_token_unproven: { reason: 'subject_token_unproven', clientId: 'c"1' },
  actor_token_invalid: { reason: 'actor_token_invalid', because: 'expired' },
  actor_not_authorized: { reason: 'actor_not_authorized', clientId: 'c"1', actor: 'd"2' },
  actors_too_many: { reason: 'actors_too_many', max: 5 },
  jwt_not_available: { reason: 'jwt_not_available', clientId: 'c"1' },
  scope_malformed: { reason: 'scope_malformed' },
  scope_missing: { reason: 'scope_missing', clientId: 'c"1' },
  scope_not_granted: { reason: 'scope_not_granted', clientId: 'c"1', scope: ['a', 'b'] },
  scope_ambiguous: { reason: 'scope_ambiguous', scope: ['a', 'b'] },
  scope_too_long: { reason: 'scope_too_long', clientId: 'c"1' },
  authorization_details_malformed: { reason: 'authorization_details_malformed' },
  authorization_details_not_for_grant: {
    reason: 'authorization_details_not_for_grant',
    clientId: 'c"1',
  },
  detail_type_not_granted: { reason: 'detail_type_not_granted', clientId: 'c"1', type: 't' },
  detail_misfit: { reason: 'detail_misfit', clientId: 'c"1', type: 't' },
  detail_location_wrong: { reason: 'detail_location_wrong', clientId: 'c"1', type: 't' },
  authorization_details_ambiguous: { reason: 'authorization_details_ambiguous' },
  authorization_details_too_large: {
    reason: 'authorization_details_too_large',
    clientId: 'c"1',
  },
  resource_not_granted: { reason: 'resource_not_granted', clientId: 'c"1' },
  resources_too_many: { reason: 'resources_too_many', clientId: 'c"1' },
  claims_conflicting: { reason: 'claims_conflicting', clientId: 'c"1', claim: 'tier' },
  claims_too_large: { reason: 'claims_too_large', clientId: 'c"1' },
  claims_hook_unavailable: {
    reason: 'claims_hook_unavailable',
    clientId: 'c"1',
    apiId: 'orders',
    problem: 'timed_out',
    retryAfter: 1,
  },
  quota_exceeded: {
    reason: 'quota_exceeded',
    clientId: 'c',
    of: 'client',
    span: 'hour',
    limit: 1,
    retryAfter: 9,
  },
  status_lists_too_many: { reason: 'status_lists_too_many', retryAfter: 1 },
  introspections_too_many: { reason: 'introspections_too_many', clientId: 'c', retryAfter: 9 },
  token_missing: { reason: 'token_missing' },
  token_of_another_client: { reason: 'token_of_another_client', clientId: 'c"1' },
  token_of_another_grant: { reason: 'token_of_another_grant', clientId: 'c"1' },
  registration_disabled: { reason: 'registration_disabled' },
  initial_token_missing: { reason: 'initial_token_missing' },
  initial_token_unknown: { reason: 'initial_token_unknown' },
  initial_token_expired: { reason: 'initial_token_expired', tokenId: 't"1' },
  initial_token_used_up: { reason: 'initial_token_used_up', tokenId: 't"1' },
  registration_token_missing: { reason: 'registration_token_missing' },
  registration_token_wrong: { reason: 'registration_token_wrong', clientId: 'c"1' },
  registrations_too_many: { reason: 'registrations_too_many', retryAfter: 6 },
  registration_in_use: { reason: 'registration_in_use', clientId: 'c"1' },
  client_metadata_malformed: { reason: 'client_metadata_malformed' },
  client_metadata_too_large: { reason: 'client_metadata_too_large' },
  client_metadata_invalid: {
    reason: 'client_metadata_invalid',
    member: 'scope',
    detail: 'is more than clients of this registration may have',
  },
  redirect_uri_invalid: { reason: 'redirect_uri_invalid' },
  software_statement_invalid: { reason: 'software_statement_invalid', problem: 'p"1' },
  software_statement_unapproved: { reason: 'software_statement_unapproved', issuer: 'i"1' },
  client_document_unavailable: {
    reason: 'client_document_unavailable',
    clientId: 'c"1',
    problem: 'timed_out',
  },
  client_document_invalid: {
    reason: 'client_document_invalid',
    clientId: 'c"1',
    member: 'jwks',
    detail: 'd"1',
  },
  client_documents_too_many: { reason: 'client_documents_too_many', clientId: 'c"1' },
  bearer_token_missing: { reason: 'bearer_token_missing' },
  holder_unproven: { reason: 'holder_unproven', because: 'proof_missing' },
  holder_nonce_wrong: { reason: 'holder_nonce_wrong' },
  bearer_token_invalid: { reason: 'bearer_token_invalid' },
};

/** What the wire learns of a reason, with credentials in the header and without. */
const WIRED = Object.values(EXAMPLES).map(
  (refusal) =>
    [refusal.reason, [true, false].map((used) => describeRefusal(refusal, used))] as const,
);

/** Some of what a method can be made of, every sign among them. RFC 9110 §5.6.2 */
const METHOD_CHARACTERS = "!#$%&'*+-.^_`|~09AZaz".split('');

/** error-description = %x20-21 / %x23-5B / %x5D-7E. RFC 6749 §5.2 */
const DESCRIPTION = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/;

describe('§5.2 every refusal', () => {
  test.each(WIRED)('§5.2 %s keeps to the characters of the grammar', (_, wired) => {
    for (const { description, error } of wired) {
      expect(description).toMatch(DESCRIPTION);
      expect(error).toMatch(/^[a-z_]+$/);
    }
  });

  test.each(WIRED)('§5.2 %s challenges exactly when it is a 401', (_, wired) => {
    for (const { status, challenge } of wired) expect(challenge !== undefined).toBe(status === 401);
  });

  test.each(WIRED)('§5.2 %s is the fault of the caller, or asks to wait', (_, wired) => {
    for (const { status, retryAfter } of wired) {
      // 501 and 503 are the server's, and no faults of it.
      expect(status === 501 || status === 503 || (status >= 400 && status < 500)).toBe(true);
      expect(retryAfter !== undefined).toBe(status === 429 || status === 503);
    }
  });

  test.each(WIRED)('§15.5.6 %s says what is allowed exactly when it is a 405', (_, wired) => {
    for (const { status, allow } of wired) expect(allow).toBe(status === 405 ? 'POST' : undefined);
  });
});

describe('§5.2 client authentication', () => {
  const indistinct = [
    EXAMPLES.client_unknown,
    EXAMPLES.secret_wrong,
    EXAMPLES.client_disabled,
    EXAMPLES.secret_expired,
    EXAMPLES.secret_missing,
    EXAMPLES.authentication_method_not_registered,
    ...Object.values(EXAMPLES).filter(({ reason }) => reason.startsWith('assertion_')),
  ];

  test.each(indistinct)('§5.2 $reason reads like any other failure', (refusal) => {
    for (const usedHeader of [true, false])
      expect(JSON.stringify(describeRefusal(refusal, usedHeader))).toBe(
        JSON.stringify(describeRefusal(EXAMPLES.client_unknown, usedHeader)),
      );
  });

  test('§5.2 credentials in the header are refused with 401 and Basic, in the form with 400', () => {
    expect(describeRefusal(EXAMPLES.secret_wrong, true)).toEqual({
      status: 401,
      error: 'invalid_client',
      description: 'Client authentication failed',
      challenge: 'Basic',
      retryAfter: undefined,
      allow: undefined,
    });
    expect(describeRefusal(EXAMPLES.secret_wrong, false)).toMatchObject({
      status: 400,
      error: 'invalid_client',
      challenge: undefined,
    });
  });

  test('§5.2 whoever presents nothing is told how to', () => {
    expect(describeRefusal(EXAMPLES.credentials_missing, false)).toMatchObject({
      status: 401,
      error: 'invalid_client',
      challenge: 'Basic',
    });
  });

  test('§10.10 a guesser is asked to wait', () => {
    expect(describeRefusal(EXAMPLES.failures_too_many, true)).toMatchObject({
      status: 429,
      retryAfter: 30,
    });
  });
});

describe('§5.2 the codes of the grant', () => {
  test.each([
    ['grant_type_missing', 'invalid_request'],
    ['grant_type_unknown', 'unsupported_grant_type'],
    ['grant_type_disabled_in_realm', 'unsupported_grant_type'],
    ['grant_type_not_allowed_to_client', 'unauthorized_client'],
    ['client_public', 'unauthorized_client'],
    ['scope_malformed', 'invalid_scope'],
    ['scope_missing', 'invalid_scope'],
    ['scope_not_granted', 'invalid_scope'],
    ['scope_ambiguous', 'invalid_scope'],
    ['resource_not_granted', 'invalid_target'],
    ['parameter_repeated', 'invalid_request'],
  ] as const)('§5.2 %s is 400 %s', (reason, error) => {
    expect(describeRefusal(EXAMPLES[reason], true)).toMatchObject({ status: 400, error });
  });

  test('§5.2 an unknown grant type and a disabled one are one answer', () => {
    expect(describeRefusal(EXAMPLES.grant_type_disabled_in_realm, true)).toEqual(
      describeRefusal(EXAMPLES.grant_type_unknown, true),
    );
  });

  test('§5.2 the scopes that were not granted are named, and bounded', () => {
    const describe = (scope: readonly string[]) =>
      describeRefusal({ reason: 'scope_not_granted', clientId: 'c', scope }, true).description;
    expect(describe(['x', 'y'])).toBe('Unknown/invalid scope(s): [x, y]');
    expect(describe(Array.from({ length: 99 }, () => 's'.repeat(99))).length).toBeLessThan(240);
  });
});

test('RFC 9449 §8 a proof without a good nonce asks for one, every other is an invalid proof', () => {
  for (const [reason, [wired]] of WIRED.filter(([name]) => name.startsWith('proof_')))
    expect(wired).toMatchObject({
      status: 400,
      error: reason.startsWith('proof_nonce_') ? 'use_dpop_nonce' : 'invalid_dpop_proof',
    });
});

test('§3.1 a bearer token is challenged for with Bearer', () => {
  expect(describeRefusal(EXAMPLES.bearer_token_missing, false).challenge).toBe('Bearer');
  expect(describeRefusal(EXAMPLES.bearer_token_invalid, true)).toMatchObject({
    status: 401,
    error: 'invalid_token',
    challenge: 'Bearer',
  });
});

test('§15.5.6 a wrong method is named in the words of the grammar, whatever it is', () => {
  const method = fc.string({ minLength: 1, unit: fc.constantFrom(...METHOD_CHARACTERS) });
  fc.assert(
    fc.property(method, (found) => {
      const refusal = { reason: 'method_not_allowed', allowed: 'GET, HEAD', found } as const;
      expect(describeRefusal(refusal, false)).toMatchObject({ status: 405, allow: 'GET, HEAD' });
      expect(describeRefusal(refusal, false).description).toMatch(DESCRIPTION);
    }),
  );
});

test('docs/refusals.md has a line for each reason, with its status and error', () => {
  const text = readFileSync(new URL('../../../docs/refusals.md', import.meta.url), 'utf8');
  const lines = Object.values(EXAMPLES).map((refusal) => {
    const [byHeader, byForm] = [describeRefusal(refusal, true), describeRefusal(refusal, false)];
    const statuses = [...new Set([byHeader.status, byForm.status])].join(', ');
    return `| \`${refusal.reason}\` | ${statuses} | \`${byHeader.error}\` |`;
  });
  const found = text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(0, 4).join('|').concat('|'));
  expect(found).toEqual(lines);
});
