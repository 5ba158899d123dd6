import { CREDENTIAL_PROBLEMS } from './credential-problems.ts';
import { at, NOT_THERE, type ProblemRow } from './problem-row.ts';
import type { AdminRefusalReason } from './refusal.ts';
import { WORKLOAD_PROBLEMS } from './workload-problems.ts';

const FAILED_SIGN_IN = 'Realm, user name or password is wrong, or the user may not sign in.';
const READ_AGAIN = 'Read the object again and repeat the change with its new ETag.';
const TRY_LATER = 'Wait for the seconds that Retry-After names, then repeat the request.';

const SPLIT_THE_FILE =
  'Split the file, APIs and users first and then the clients in parts, and apply one part after the other without pruning.';

/** What leaves the server for each reason: no more than the caller may know. */
export const PROBLEMS: { readonly [Reason in AdminRefusalReason]: ProblemRow<Reason> } = {
  ...CREDENTIAL_PROBLEMS,
  ...WORKLOAD_PROBLEMS,

  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    detail: ({ allowed }) => `This address answers to ${allowed.join(', ')}.`,
  },
  media_type_unsupported: {
    status: 415,
    title: 'Media type not supported',
    detail: 'The body must be JSON.',
    remedy: 'Send Content-Type: application/json.',
  },
  body_too_large: {
    status: 413,
    title: 'Body too large',
    detail: ({ limit }) => `A body may have ${limit} bytes.`,
  },
  body_malformed: {
    status: 400,
    title: 'Body unreadable',
    detail: ({ detail }) => detail,
  },
  body_unexpected: {
    status: 400,
    title: 'Body not expected',
    detail: 'This operation takes no body.',
  },
  input_malformed: {
    status: 400,
    title: 'Input invalid',
    detail: ({ problems }) =>
      problems.length === 1
        ? 'One part of the input is invalid.'
        : 'Parts of the input are invalid.',
    remedy: 'Correct each part listed in errors.',
    errors: ({ problems }) => problems,
  },
  precondition_malformed: {
    status: 400,
    title: 'If-Match unreadable',
    detail: 'If-Match must be an ETag of this object, such as "3", several of them, or *.',
  },
  precondition_missing: {
    status: 428,
    title: 'If-Match required',
    detail: 'Changing this object takes the ETag that it had when it was read.',
    remedy: 'Send If-Match with the ETag of the object, or * to change it whatever it is now.',
  },
  revision_stale: {
    status: 412,
    title: 'Changed meanwhile',
    detail: 'The object has been changed since the revision that If-Match names.',
    remedy: READ_AGAIN,
  },

  credentials_missing: {
    status: 401,
    title: 'Not signed in',
    detail: 'This operation takes an access token or a session.',
    remedy: 'Sign in, or send Authorization: Bearer with an access token for urn:tessera:admin.',
  },
  credentials_invalid: {
    status: 401,
    title: 'Token or session not valid',
    detail: 'It has expired, was revoked, or was never valid for the administration API.',
    remedy: 'Sign in again, or request a new access token for urn:tessera:admin.',
  },
  sign_in_failed: { status: 401, title: 'Sign-in failed', detail: FAILED_SIGN_IN },
  failures_too_many: {
    status: 429,
    title: 'Too many failed attempts',
    detail: 'Further attempts are not looked at for a while.',
    remedy: TRY_LATER,
  },
  verification_overloaded: {
    status: 503,
    title: 'Server busy',
    detail: 'Too many passwords are being verified.',
    remedy: TRY_LATER,
  },
  password_change_required: {
    status: 403,
    title: 'Password must be replaced',
    detail: 'The password was chosen by somebody else and is good for one sign-in.',
    remedy: 'Choose a password of your own: POST /api/session/password.',
  },
  session_required: {
    status: 403,
    title: 'Session required',
    detail: 'Only people who signed in have a session and a password.',
  },
  origin_mismatched: {
    status: 403,
    title: 'Request from another site',
    detail: 'A change that a session makes must come from pages of this server.',
    remedy: 'Send Origin with the public URL of this server, or use an access token.',
  },
  permission_missing: {
    status: 403,
    title: 'Permission missing',
    detail: ({ permission }) => `This takes the permission ${permission}.`,
    remedy: 'Ask an administrator for a role, or for a token with a scope, that has it.',
  },
  member_not_permitted: {
    status: 403,
    title: 'Permission missing',
    detail: ({ permission }) => `Changing these members takes the permission ${permission}.`,
    remedy: 'Leave these members out, or ask an administrator to change them.',
    errors: ({ members, permission }) =>
      members.map((member) => ({ pointer: `/${member}`, detail: `takes ${permission}` })),
  },
  realm_out_of_reach: {
    status: 403,
    title: 'Realm out of reach',
    detail: 'There is no such realm, or you may not administer it.',
  },
  not_owned: {
    status: 403,
    title: 'Not yours',
    detail: 'There is no such thing, or it does not belong to an application that you own.',
  },
  right_not_held: {
    status: 403,
    title: 'Right not held',
    detail: 'This would give rights that you do not have yourself.',
    remedy: 'Ask an administrator who has these rights.',
  },

  address_unknown: {
    status: 404,
    title: 'Nothing here',
    detail: 'No operation of the administration API has this address.',
    remedy: 'See /api/openapi.json.',
  },
  realm_unknown: { status: 404, title: 'Realm unknown', detail: NOT_THERE },
  user_unknown: { status: 404, title: 'User unknown', detail: NOT_THERE },
  session_unknown: { status: 404, title: 'Session unknown', detail: NOT_THERE },
  application_unknown: { status: 404, title: 'Application unknown', detail: NOT_THERE },
  client_unknown: { status: 404, title: 'Client unknown', detail: NOT_THERE },
  initial_access_token_unknown: {
    status: 404,
    title: 'Initial access token unknown',
    detail: NOT_THERE,
  },
  api_unknown: { status: 404, title: 'API unknown', detail: NOT_THERE },
  client_grant_unknown: { status: 404, title: 'Client grant unknown', detail: NOT_THERE },
  signing_key_unknown: { status: 404, title: 'Signing key unknown', detail: NOT_THERE },

  realm_name_taken: {
    status: 409,
    title: 'Realm exists',
    detail: 'Another realm has this name.',
    errors: () => at(['/name'], 'is taken'),
  },
  realm_file_refused: {
    status: 409,
    title: 'File not applied',
    detail: 'What the file says cannot be. Nothing was changed.',
    remedy: 'Correct each part listed in errors and apply the file again.',
    errors: ({ problems }) => problems,
  },
  realm_file_busy: {
    status: 409,
    title: 'Another file is being applied',
    detail: 'One file at a time is applied to a realm. Nothing was changed.',
    remedy: 'Wait a few seconds, and apply the file again.',
  },
  realm_file_too_long: {
    status: 422,
    title: 'File too long',
    detail: ({ changes, limit }) =>
      `The file asks for ${changes} changes, and ${limit} are made at once. Nothing was changed.`,
    remedy: SPLIT_THE_FILE,
  },
  realm_file_too_slow: {
    status: 409,
    title: 'File took too long',
    detail: ({ made, changes }) =>
      `After 5 seconds ${made} of ${changes} changes were made, and nobody else can write meanwhile. All of them were undone.`,
    remedy: `Try again when the server has less to do. ${SPLIT_THE_FILE}`,
  },
  realm_too_large: {
    status: 409,
    title: 'Realm too large',
    detail: ({ limit }) =>
      `A file holds ${limit} users, clients and applications at most, and the realm has more.`,
    remedy: 'Change this realm by the operations on what it holds.',
  },
  id_taken: {
    status: 409,
    title: 'Id taken',
    detail: 'Another object of this kind has this id.',
    errors: () => at(['/id'], 'is taken'),
  },
  user_name_taken: {
    status: 409,
    title: 'User exists',
    detail: 'Another user of the realm has this user name.',
    errors: () => at(['/userName'], 'is taken'),
  },
  client_id_taken: {
    status: 409,
    title: 'Client exists',
    detail: 'Another client of the realm has this id.',
    errors: () => at(['/clientId'], 'is taken'),
  },
  api_id_taken: {
    status: 409,
    title: 'API exists',
    detail: 'Another API of the realm has this id.',
    errors: () => at(['/id'], 'is taken'),
  },
  api_identifier_taken: {
    status: 409,
    title: 'API exists',
    detail: 'Another API of the realm has this identifier, and tokens for one would fit the other.',
    errors: () => at(['/identifier'], 'is taken'),
  },
  api_has_grants: {
    status: 409,
    title: 'API in use',
    detail: ({ clientIds }) =>
      `Clients hold scopes at this API: ${clientIds.slice(0, 10).join(', ')}${clientIds.length > 10 ? ', …' : ''}`,
    remedy: 'Remove the client grants first, or delete them too with ?cascade=true.',
  },
  client_has_application: {
    status: 409,
    title: 'Client in use',
    detail: ({ applicationIds }) =>
      `It is the client of the application ${applicationIds.slice(0, 10).join(', ')}.`,
    remedy: 'Delete the application with ?withClient=true.',
  },
  initial_access_tokens_too_many: {
    status: 409,
    title: 'Too many initial access tokens',
    detail: ({ limit }) => `The realm has ${limit} of them, which is the most it may have.`,
    remedy: 'Revoke those that are not needed any more.',
  },
  administrator_last: {
    status: 409,
    title: 'Last administrator',
    detail: 'Nobody could administer this server any more.',
    remedy: 'Give somebody else in the root realm the role administrator first.',
  },
  root_realm_protected: {
    status: 409,
    title: 'Root realm',
    detail: 'The root realm can be neither disabled nor deleted.',
  },
  admin_api_protected: {
    status: 409,
    title: 'Administration API',
    detail: 'Its identifier, name and scopes are fixed, and it cannot be deleted.',
  },

  confirmation_mismatched: {
    status: 422,
    title: 'Confirmation missing',
    detail: 'Deleting a realm deletes everything in it.',
    remedy: 'Confirm with ?confirm= and the name of the realm.',
    errors: ({ expected }) => [{ parameter: 'confirm', detail: `must be ${expected}` }],
  },
  realm_name_reserved: {
    status: 422,
    title: 'Name reserved',
    detail: 'The name has a meaning of its own in the addresses of this server.',
    errors: () => at(['/name'], 'is reserved'),
  },
  audience_reserved: {
    status: 422,
    title: 'Audience reserved',
    detail: 'Tokens for an API are granted by client grants alone.',
    errors: () => at(['/defaultAudience'], 'must not be the identifier of an API'),
  },
  application_client_ambiguous: {
    status: 422,
    title: 'Which client?',
    detail: 'Either an existing client is named or a new one is described, not both.',
    errors: () => at(['/clientId', '/client'], 'must not be given together'),
  },
  owner_unknown: {
    status: 422,
    title: 'Owner unknown',
    detail: 'Owners must be users of the same realm.',
    errors: ({ pointers }) => at(pointers, 'is no user of this realm'),
  },
  introspection_client_unknown: {
    status: 422,
    title: 'Client unknown',
    detail: 'Clients that may introspect must be clients of the same realm.',
    errors: ({ pointers }) => at(pointers, 'is no client of this realm'),
  },
  client_to_attach_unknown: {
    status: 422,
    title: 'Client unknown',
    detail: 'The client of an application must be a client of the same realm.',
    errors: () => at(['/clientId'], 'is no client of this realm'),
  },
  scope_unknown: {
    status: 422,
    title: 'Scope or type unknown',
    detail: 'A client can only be given scopes and types that the API has.',
    errors: ({ pointers }) => at(pointers, 'is not of this API'),
  },
  detail_type_taken: {
    status: 422,
    title: 'Type taken',
    detail: 'A type of authorization details belongs to one API of the realm.',
    errors: ({ pointers }) => at(pointers, 'is a type of another API'),
  },
  client_type_mismatched: {
    status: 422,
    title: 'Client type and authentication method do not match',
    detail: 'A public client has the authentication method none, a confidential client another.',
    errors: () => at(['/type', '/authenticationMethod'], 'does not match the other'),
  },
  client_public_with_grant: {
    status: 422,
    title: 'Grant type not for public clients',
    detail: 'The grants of this server are for confidential clients only.',
    remedy: 'Make the client confidential, or take its grant types away.',
    errors: () =>
      at(['/grantTypes'], 'must not contain a grant type of this server for a public client'),
  },
  signing_algorithm_not_allowed: {
    status: 422,
    title: 'Signing algorithm not allowed',
    detail: 'The security profile of the realm does not have this algorithm for access tokens.',
    remedy: 'Choose ES256, PS256 or EdDSA together with the profile fapi2.',
    errors: () => at(['/signingAlgorithm'], 'is not allowed by the security profile'),
  },
  token_unknown: {
    status: 422,
    title: 'Token unknown',
    detail: 'This realm did not issue the token, or the key that signed it has been removed.',
    errors: () => at(['/token'], 'is no token of this realm'),
  },
  password_wrong: {
    status: 422,
    title: 'Password wrong',
    detail: 'The current password is another.',
    errors: () => at(['/currentPassword'], 'is wrong'),
  },
  password_guessable: {
    status: 422,
    title: 'Password easy to guess',
    detail: 'The password is the one before, or contains the user name, or repeats one character.',
    errors: ({ pointer }) => at([pointer], 'is easy to guess'),
  },

  store_unavailable: {
    status: 503,
    title: 'Database away',
    detail: 'The request cannot be answered truthfully now.',
    remedy: `${TRY_LATER} Look first whether a change was made.`,
  },
  server_faulty: {
    status: 500,
    title: 'Fault of the server',
    detail: 'The request met a fault. It is in the log under the request id.',
  },
};
