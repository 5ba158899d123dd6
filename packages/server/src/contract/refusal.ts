import type { Permission } from './permission.ts';
import type { InputProblem } from './read-input.ts';

/**
 * Every reason for which the administration API refuses. What leaves the server for each is one
 * row of the table in problem.ts.
 */
export type AdminRefusal =
  | TransportRefusal
  | CallerRefusal
  | UnknownRefusal
  | ConflictRefusal
  | RuleRefusal
  | FaultRefusal;

export type AdminRefusalReason = AdminRefusal['reason'];

/** What cannot be read. */
export type TransportRefusal =
  | { readonly reason: 'method_not_allowed'; readonly allowed: readonly string[] }
  | { readonly reason: 'media_type_unsupported' }
  | { readonly reason: 'body_too_large'; readonly limit: number }
  | { readonly reason: 'body_malformed'; readonly detail: string }
  | { readonly reason: 'body_unexpected' }
  | { readonly reason: 'input_malformed'; readonly problems: readonly InputProblem[] }
  | { readonly reason: 'precondition_malformed' }
  | { readonly reason: 'precondition_missing' }
  | { readonly reason: 'revision_stale' };

/** Who may not. */
export type CallerRefusal =
  | { readonly reason: 'credentials_missing' }
  | { readonly reason: 'credentials_invalid' }
  | { readonly reason: 'sign_in_failed' }
  | { readonly reason: 'failures_too_many'; readonly retryAfter: number }
  | { readonly reason: 'verification_overloaded'; readonly retryAfter: number }
  | { readonly reason: 'password_change_required' }
  | { readonly reason: 'session_required' }
  | { readonly reason: 'origin_mismatched' }
  | { readonly reason: 'permission_missing'; readonly permission: Permission }
  | {
      readonly reason: 'member_not_permitted';
      readonly members: readonly string[];
      readonly permission: Permission;
    }
  | { readonly reason: 'realm_out_of_reach' }
  | { readonly reason: 'not_owned' }
  | { readonly reason: 'right_not_held' };

/** What is not there. */
export type UnknownRefusal = {
  readonly reason:
    | 'address_unknown'
    | 'realm_unknown'
    | 'user_unknown'
    | 'session_unknown'
    | 'application_unknown'
    | 'client_unknown'
    | 'initial_access_token_unknown'
    | 'secret_unknown'
    | 'key_unknown'
    | 'certificate_unknown'
    | 'trusted_authority_unknown'
    | 'workload_unknown'
    | 'trusted_issuer_unknown'
    | 'api_unknown'
    | 'client_grant_unknown'
    | 'signing_key_unknown';
};

/** What the present state does not allow. */
export type ConflictRefusal =
  | { readonly reason: 'realm_name_taken' }
  | { readonly reason: 'id_taken' }
  | { readonly reason: 'user_name_taken' }
  | { readonly reason: 'client_id_taken' }
  | { readonly reason: 'api_id_taken' }
  | { readonly reason: 'api_identifier_taken' }
  | { readonly reason: 'api_has_grants'; readonly clientIds: readonly string[] }
  | { readonly reason: 'client_has_application'; readonly applicationIds: readonly string[] }
  | { readonly reason: 'client_has_credentials' }
  | { readonly reason: 'key_taken' }
  | { readonly reason: 'workload_taken' }
  | { readonly reason: 'workload_overlapping' }
  | { readonly reason: 'issuer_taken' }
  | { readonly reason: 'issuer_has_workloads'; readonly clientIds: readonly string[] }
  | { readonly reason: 'trusted_issuers_too_many'; readonly limit: number }
  | { readonly reason: 'initial_access_tokens_too_many'; readonly limit: number }
  | { readonly reason: 'certificate_taken' }
  | { readonly reason: 'trusted_authority_taken' }
  | { readonly reason: 'trusted_authorities_too_many'; readonly limit: number }
  | { readonly reason: 'credentials_too_many'; readonly limit: number }
  | { readonly reason: 'administrator_last' }
  | { readonly reason: 'root_realm_protected' }
  | { readonly reason: 'admin_api_protected' };

/** What can be read and yet makes no sense. */
export type RuleRefusal =
  | { readonly reason: 'confirmation_mismatched'; readonly expected: string }
  | { readonly reason: 'realm_name_reserved' }
  | { readonly reason: 'realm_file_refused'; readonly problems: readonly InputProblem[] }
  | { readonly reason: 'realm_file_busy' }
  | { readonly reason: 'realm_file_too_long'; readonly changes: number; readonly limit: number }
  | { readonly reason: 'realm_file_too_slow'; readonly made: number; readonly changes: number }
  | { readonly reason: 'realm_too_large'; readonly limit: number }
  | { readonly reason: 'audience_reserved' }
  | { readonly reason: 'signing_algorithm_not_allowed' }
  | { readonly reason: 'application_client_ambiguous' }
  | { readonly reason: 'owner_unknown'; readonly pointers: readonly string[] }
  | { readonly reason: 'introspection_client_unknown'; readonly pointers: readonly string[] }
  | { readonly reason: 'client_to_attach_unknown' }
  | { readonly reason: 'scope_unknown'; readonly pointers: readonly string[] }
  | { readonly reason: 'detail_type_taken'; readonly pointers: readonly string[] }
  | { readonly reason: 'client_type_mismatched' }
  | { readonly reason: 'client_public_with_grant' }
  | { readonly reason: 'secret_in_generated_form'; readonly pointer: string }
  | { readonly reason: 'secret_public'; readonly pointer: string }
  | { readonly reason: 'secret_too_short'; readonly pointer: string }
  | {
      readonly reason: 'secret_lifetime_too_long';
      readonly pointer: string;
      /** Seconds. */
      readonly limit: number;
    }
  | { readonly reason: 'key_unusable'; readonly pointer: string; readonly detail: string }
  | { readonly reason: 'certificate_unusable'; readonly detail: string }
  | { readonly reason: 'address_not_allowed'; readonly pointer: string }
  | { readonly reason: 'issuer_malformed' }
  | { readonly reason: 'issuer_not_discovered'; readonly detail: string }
  | { readonly reason: 'issuer_audience_unsafe' }
  | { readonly reason: 'issuer_to_rely_on_unknown' }
  | { readonly reason: 'workload_not_pinned'; readonly detail: string }
  | { readonly reason: 'client_public_with_credential' }
  | { readonly reason: 'expiry_past' }
  | { readonly reason: 'token_unknown' }
  | { readonly reason: 'password_wrong' }
  | { readonly reason: 'password_guessable'; readonly pointer: string };

/** No fault of the caller. */
export type FaultRefusal =
  | { readonly reason: 'store_unavailable'; readonly retryAfter: number }
  | { readonly reason: 'server_faulty' };
