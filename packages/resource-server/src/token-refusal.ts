import type { DpopProblem } from '@tessera/protocol';

/**
 * Why a request is not admitted: for the operator, who may log it. It never holds the token.
 */
export type TokenRefusal =
  // What was presented. RFC 6750 §2, §3.1
  | { readonly reason: 'token_missing' }
  | { readonly reason: 'authorization_repeated' }
  | { readonly reason: 'token_repeated' }
  | { readonly reason: 'token_malformed' }
  // What a JWT says, and who signed it. RFC 9068 §4
  | { readonly reason: 'token_not_jwt' }
  | { readonly reason: 'token_type_wrong' }
  | { readonly reason: 'token_algorithm_not_allowed' }
  | { readonly reason: 'key_unknown' }
  | { readonly reason: 'signature_wrong' }
  | { readonly reason: 'claim_missing'; readonly claim: string }
  | { readonly reason: 'claim_malformed'; readonly claim: string }
  | { readonly reason: 'token_expired' }
  | { readonly reason: 'token_not_yet_valid' }
  | { readonly reason: 'token_issued_in_future' }
  // What the authorization server said of it. RFC 7662 §2.2, Token Status List §8.3
  | { readonly reason: 'token_inactive' }
  | { readonly reason: 'token_revoked'; readonly clientId: string | undefined }
  | { readonly reason: 'token_suspended'; readonly clientId: string | undefined }
  | { readonly reason: 'token_status_unknown'; readonly status: number }
  | { readonly reason: 'token_status_malformed' }
  | { readonly reason: 'token_not_in_status_list' }
  // Whose and for whom it is, however it was validated.
  | { readonly reason: 'token_of_another_issuer' }
  | { readonly reason: 'token_for_another_audience' }
  // The keys that it is bound to. RFC 9449 §7, RFC 8705 §3
  | { readonly reason: 'confirmation_unsupported' }
  | { readonly reason: 'token_not_bound'; readonly clientId: string | undefined }
  | { readonly reason: 'bound_token_as_bearer'; readonly clientId: string | undefined }
  | { readonly reason: 'certificate_missing'; readonly clientId: string | undefined }
  | { readonly reason: 'certificate_wrong'; readonly clientId: string | undefined }
  | DpopProblem
  // What the operation needs.
  | {
      readonly reason: 'scope_insufficient';
      /** All that is required, as the challenge names it. */
      readonly required: readonly string[];
      readonly clientId: string | undefined;
    }
  | {
      readonly reason: 'authorization_details_insufficient';
      readonly type: string;
      readonly clientId: string | undefined;
    }
  | { readonly reason: 'subject_not_allowed'; readonly clientId: string | undefined }
  // Why it could not be judged: no token is let through unseen.
  | { readonly reason: 'own_credentials_unavailable' }
  | { readonly reason: 'authorization_server_unreachable' }
  | {
      readonly reason: 'authorization_server_refused';
      /** 400 or 401: this API's own credentials are wrong. */
      readonly status: number;
      readonly retryAfter: number | undefined;
    }
  | { readonly reason: 'authorization_server_answer_malformed' }
  | { readonly reason: 'validations_too_many' }
  | { readonly reason: 'status_unavailable' }
  | { readonly reason: 'replays_unavailable' };
