/**
 * Why a request of the OAuth 2.0 endpoints was refused. For the operator: it goes into events and
 * logs. What the caller learns of it is in `wire-refusal.ts`.
 */
export type Refusal =
  // The request itself. RFC 6749 §3.2
  | { readonly reason: 'content_type_unsupported' }
  | { readonly reason: 'content_encoding_unsupported' }
  | { readonly reason: 'body_malformed' }
  | { readonly reason: 'body_too_large' }
  | { readonly reason: 'query_not_allowed' }
  | { readonly reason: 'method_not_allowed'; readonly allowed: string; readonly found: string }
  | { readonly reason: 'realm_unknown' }
  // Token Status List §8.1, §8.4
  | { readonly reason: 'status_list_unknown' }
  | { readonly reason: 'status_list_history_unsupported' }
  | { readonly reason: 'response_type_unsupported' }
  | { readonly reason: 'parameters_too_many'; readonly max: number }
  | { readonly reason: 'parameter_repeated'; readonly parameter: string }
  | { readonly reason: 'parameter_has_control_character' }
  | { readonly reason: 'encoding_malformed' }
  // Client authentication. RFC 6749 §2.3
  | { readonly reason: 'credentials_missing' }
  | { readonly reason: 'credentials_too_long' }
  | { readonly reason: 'authorization_repeated' }
  | { readonly reason: 'authorization_malformed' }
  | { readonly reason: 'authentication_methods_several' }
  | { readonly reason: 'authentication_method_unsupported'; readonly method: string }
  | {
      readonly reason: 'authentication_method_not_registered';
      readonly clientId: string;
      readonly method: string;
    }
  | {
      readonly reason: 'authentication_method_not_allowed';
      readonly clientId: string;
      readonly method: string;
    }
  | { readonly reason: 'credential_expired'; readonly clientId: string }
  | { readonly reason: 'key_too_short'; readonly clientId: string; readonly bits: number }
  | { readonly reason: 'client_id_missing' }
  | { readonly reason: 'client_id_malformed' }
  | { readonly reason: 'client_id_mismatched' }
  | { readonly reason: 'client_unknown'; readonly clientId: string }
  | { readonly reason: 'client_disabled'; readonly clientId: string }
  | { readonly reason: 'secret_missing'; readonly clientId: string }
  | { readonly reason: 'secret_wrong'; readonly clientId: string }
  | { readonly reason: 'secret_expired'; readonly clientId: string }
  | { readonly reason: 'secret_public'; readonly clientId: string }
  /** Whatever it proved: nobody has looked. */
  | {
      readonly reason: 'address_not_allowed';
      readonly clientId: string;
      readonly address: string;
    }
  | {
      readonly reason: 'failures_too_many';
      readonly clientId: string;
      /** Seconds until the next try is looked at. */
      readonly retryAfter: number;
    }
  | { readonly reason: 'verification_overloaded'; readonly retryAfter: number }
  | { readonly reason: 'client_public'; readonly clientId: string }
  // A client's certificate. RFC 8705 §2.1
  | { readonly reason: 'certificate_repeated' }
  | { readonly reason: 'certificate_malformed' }
  | { readonly reason: 'certificate_untrusted'; readonly clientId: string }
  | { readonly reason: 'certificate_expired'; readonly clientId: string }
  | { readonly reason: 'certificate_not_yet_valid'; readonly clientId: string }
  | { readonly reason: 'certificate_usage_wrong'; readonly clientId: string }
  | { readonly reason: 'certificate_weak'; readonly clientId: string }
  | {
      readonly reason: 'certificate_unsupported';
      readonly clientId: string;
      readonly extension: string;
    }
  | { readonly reason: 'certificate_unknown'; readonly clientId: string }
  | {
      readonly reason: 'certificate_subject_wrong';
      readonly clientId: string;
      readonly subject: string;
    }
  // Client assertions. RFC 7521 §4.2, RFC 7523 §3
  | { readonly reason: 'client_assertion_type_missing' }
  | { readonly reason: 'client_assertion_type_unknown' }
  | { readonly reason: 'client_assertion_missing' }
  | { readonly reason: 'client_assertion_too_long' }
  | (OfAssertion<'assertion_malformed'> & { readonly part: string })
  | OfAssertion<'assertion_type_wrong'>
  | OfAssertion<'assertion_algorithm_unsupported'>
  | OfAssertion<'assertion_algorithm_not_allowed'>
  | OfAssertion<'assertion_issuer_wrong'>
  | OfAssertion<'assertion_subject_wrong'>
  | OfAssertion<'assertion_audience_wrong'>
  | OfAssertion<'assertion_expired'>
  | OfAssertion<'assertion_too_long_lived'>
  | OfAssertion<'assertion_not_yet_valid'>
  | OfAssertion<'assertion_too_old'>
  | OfAssertion<'assertion_identifier_missing'>
  | OfAssertion<'assertion_key_unknown'>
  | OfAssertion<'assertion_signature_wrong'>
  | OfAssertion<'assertion_replayed'>
  // To which key the token is bound. RFC 9449 §4.3, §8; RFC 8705 §3
  | { readonly reason: 'proof_missing' }
  | { readonly reason: 'proof_repeated' }
  | { readonly reason: 'proof_malformed'; readonly part: string }
  | { readonly reason: 'proof_type_wrong' }
  | { readonly reason: 'proof_algorithm_unsupported' }
  | { readonly reason: 'proof_key_private' }
  | { readonly reason: 'proof_key_unusable' }
  | { readonly reason: 'proof_key_wrong' }
  | { readonly reason: 'proof_signature_wrong' }
  | { readonly reason: 'proof_method_wrong' }
  | { readonly reason: 'proof_target_wrong' }
  | {
      readonly reason: 'proof_not_fresh';
      /** How old it says to be; negative: it is from the future. */
      readonly seconds?: number;
    }
  | { readonly reason: 'proof_hash_wrong' }
  | { readonly reason: 'proof_replayed' }
  | { readonly reason: 'proof_nonce_missing' }
  | { readonly reason: 'proof_nonce_wrong' }
  | { readonly reason: 'certificate_missing' }
  | { readonly reason: 'binding_missing' }
  // Other issuers and their workloads. RFC 7521 §3, §4.2
  | { readonly reason: 'issuer_unknown'; readonly issuer: string }
  | {
      readonly reason: 'issuer_keys_unavailable';
      readonly issuer: string;
      readonly retryAfter: number;
    }
  | {
      readonly reason: 'workload_unknown';
      readonly issuer: string;
      readonly subject: string;
      readonly clientId?: string;
    }
  | {
      readonly reason: 'workload_ambiguous';
      readonly issuer: string;
      readonly subject: string;
      /** Each of which it may be, so that operators see what to choose from. */
      readonly clientIds: readonly string[];
    }
  // The grant. RFC 6749 §4.4, §5.2, §3.3; RFC 8707 §2
  | { readonly reason: 'grant_type_missing' }
  | { readonly reason: 'grant_type_unknown' }
  | { readonly reason: 'grant_type_disabled_in_realm'; readonly grantType: string }
  | {
      readonly reason: 'grant_type_not_allowed_to_client';
      readonly clientId: string;
      readonly grantType: string;
    }
  // Assertions as grants, token exchange. RFC 7523 §3.1, RFC 8693 §2.2.2
  | { readonly reason: 'grant_assertion_missing' }
  | {
      readonly reason: 'grant_assertion_refused';
      /** The reason for which it would be refused as a client's, or a trusted issuer's. */
      readonly because: string;
      readonly clientId?: string;
    }
  | {
      readonly reason: 'service_account_scope_unsupported';
      readonly clientId: string;
      readonly scope: readonly string[];
    }
  | { readonly reason: 'exchange_parameter_missing'; readonly parameter: string }
  | { readonly reason: 'exchange_token_type_unsupported'; readonly parameter: string }
  | { readonly reason: 'subject_token_invalid'; readonly because: string }
  | { readonly reason: 'subject_token_unproven'; readonly clientId: string }
  | { readonly reason: 'actor_token_invalid'; readonly because: string }
  | { readonly reason: 'actor_not_authorized'; readonly clientId: string; readonly actor: string }
  | { readonly reason: 'actors_too_many'; readonly max: number }
  | { readonly reason: 'jwt_not_available'; readonly clientId: string }
  | { readonly reason: 'scope_malformed' }
  | { readonly reason: 'scope_missing'; readonly clientId: string }
  | {
      readonly reason: 'scope_not_granted';
      readonly clientId: string;
      readonly scope: readonly string[];
    }
  | { readonly reason: 'scope_ambiguous'; readonly scope: readonly string[] }
  | { readonly reason: 'scope_too_long'; readonly clientId: string }
  | { readonly reason: 'authorization_details_malformed' }
  | { readonly reason: 'authorization_details_not_for_grant'; readonly clientId: string }
  | { readonly reason: 'detail_type_not_granted'; readonly clientId: string; readonly type: string }
  | { readonly reason: 'detail_misfit'; readonly clientId: string; readonly type: string }
  | { readonly reason: 'detail_location_wrong'; readonly clientId: string; readonly type: string }
  | { readonly reason: 'authorization_details_ambiguous' }
  | { readonly reason: 'authorization_details_too_large'; readonly clientId: string }
  | { readonly reason: 'resource_not_granted'; readonly clientId: string }
  | { readonly reason: 'resources_too_many'; readonly clientId: string }
  // Custom claims of the APIs that a token is for. RFC 8707 §2
  | { readonly reason: 'claims_conflicting'; readonly clientId: string; readonly claim: string }
  | { readonly reason: 'claims_too_large'; readonly clientId: string }
  | {
      readonly reason: 'claims_hook_unavailable';
      readonly clientId: string;
      /** The API whose hook it is. */
      readonly apiId: string;
      readonly problem: string;
      readonly retryAfter: number;
    }
  // Quotas and budgets. RFC 6585 §4
  | {
      readonly reason: 'quota_exceeded';
      readonly clientId: string;
      /** Whose quota it is. */
      readonly of: 'client' | 'realm';
      readonly span: 'hour' | 'day';
      readonly limit: number;
      /** Seconds until the hour or the day is over. */
      readonly retryAfter: number;
    }
  | {
      readonly reason: 'introspections_too_many';
      readonly clientId: string;
      readonly retryAfter: number;
    }
  | { readonly reason: 'status_lists_too_many'; readonly retryAfter: number }
  // Introspection, revocation, tokeninfo. RFC 7662 §2.1, RFC 7009 §2.1, RFC 6750 §3.1
  | { readonly reason: 'token_missing' }
  | { readonly reason: 'token_of_another_client'; readonly clientId: string }
  | { readonly reason: 'token_of_another_grant'; readonly clientId: string }
  // Registration. RFC 7591 §3.2.2, RFC 7592 §2
  | { readonly reason: 'registration_disabled' }
  | { readonly reason: 'initial_token_missing' }
  | { readonly reason: 'initial_token_unknown' }
  | { readonly reason: 'initial_token_expired'; readonly tokenId: string }
  | { readonly reason: 'initial_token_used_up'; readonly tokenId: string }
  | { readonly reason: 'registration_token_missing' }
  | { readonly reason: 'registration_token_wrong'; readonly clientId: string }
  | { readonly reason: 'registrations_too_many'; readonly retryAfter: number }
  | { readonly reason: 'registration_in_use'; readonly clientId: string }
  | { readonly reason: 'client_metadata_malformed' }
  | { readonly reason: 'client_metadata_too_large' }
  | {
      readonly reason: 'client_metadata_invalid';
      /** One of ours, never text that somebody sent. */
      readonly member: string;
      readonly detail: string;
    }
  | { readonly reason: 'redirect_uri_invalid' }
  | { readonly reason: 'software_statement_invalid'; readonly problem: string }
  | { readonly reason: 'software_statement_unapproved'; readonly issuer: string }
  // Client id metadata documents
  | {
      readonly reason: 'client_document_unavailable';
      readonly clientId: string;
      readonly problem: string;
    }
  | {
      readonly reason: 'client_document_invalid';
      readonly clientId: string;
      readonly member: string;
      readonly detail: string;
    }
  | { readonly reason: 'client_documents_too_many'; readonly clientId: string }
  | { readonly reason: 'bearer_token_missing' }
  | { readonly reason: 'bearer_token_invalid' }
  /** It is bound to a key that the caller did not show to hold. RFC 9449 §7.1, RFC 8705 §3 */
  | { readonly reason: 'holder_unproven'; readonly because: string }
  | { readonly reason: 'holder_nonce_wrong' };

/** About an assertion of a client, or of an issuer that is trusted. */
type OfAssertion<Reason extends `assertion_${string}`> = {
  readonly reason: Reason;
  readonly clientId?: string;
  readonly issuer?: string;
  /** Where it is a matter of time: by how many seconds it misses. */
  readonly seconds?: number;
};

export type RefusalReason = Refusal['reason'];

export type ErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'invalid_scope'
  | 'invalid_target'
  | 'invalid_authorization_details'
  | 'invalid_token'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'
  | 'invalid_client_metadata'
  | 'invalid_redirect_uri'
  | 'invalid_software_statement'
  | 'unapproved_software_statement'
  | 'access_denied'
  | 'not_found'
  | 'not_implemented'
  | 'method_not_allowed'
  | 'temporarily_unavailable';
