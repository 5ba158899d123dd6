import { at, NOT_THERE, type ProblemRow } from './problem-row.ts';
import type { AdminRefusalReason } from './refusal.ts';

/** What can be wrong with secrets, keys and certificates, and with who vouches for them. */
export const CREDENTIAL_PROBLEMS = {
  secret_unknown: { status: 404, title: 'Secret unknown', detail: NOT_THERE },
  key_unknown: { status: 404, title: 'Key unknown', detail: NOT_THERE },
  certificate_unknown: { status: 404, title: 'Certificate unknown', detail: NOT_THERE },
  trusted_authority_unknown: { status: 404, title: 'Authority unknown', detail: NOT_THERE },
  client_has_credentials: {
    status: 409,
    title: 'Client has credentials',
    detail: 'A public client has none.',
    remedy: 'Revoke its credentials first.',
    errors: () => at(['/type'], 'does not go with the credentials that the client has'),
  },
  key_taken: {
    status: 409,
    title: 'Key exists',
    detail: 'The client has this key, or this address, already.',
    remedy: 'Change the one that is there.',
  },
  certificate_taken: {
    status: 409,
    title: 'Certificate exists',
    detail: 'The client has this certificate, or this subject, already.',
    remedy: 'Change the one that is there.',
  },
  trusted_authority_taken: {
    status: 409,
    title: 'Authority exists',
    detail: 'The realm believes this certificate authority already.',
    errors: () => at(['/certificate'], 'is there already'),
  },
  trusted_authorities_too_many: {
    status: 409,
    title: 'Too many authorities',
    detail: ({ limit }) =>
      `The realm believes ${limit} certificate authorities already, which is the most it may.`,
    remedy: 'Remove one that issues no certificates to clients any more.',
  },
  credentials_too_many: {
    status: 409,
    title: 'Too many credentials',
    detail: ({ limit }) =>
      `The client has ${limit} credentials already, which is the most it may hold.`,
    remedy: 'Revoke one that is not used any more.',
  },
  client_public_with_credential: {
    status: 422,
    title: 'Public clients have no credentials',
    detail: 'What a public client holds is not secret.',
    remedy: 'Make the client confidential.',
  },
  secret_in_generated_form: {
    status: 422,
    title: 'Secret in generated form',
    detail: 'A chosen secret must not look like one that this server makes.',
    remedy: 'Leave the secret out and one is made.',
    errors: ({ pointer }) => at([pointer], 'looks like a generated secret'),
  },
  secret_public: {
    status: 422,
    title: 'Secret known to everybody',
    detail: 'This secret is printed in documentation.',
    remedy: 'Leave the secret out and one is made.',
    errors: ({ pointer }) => at([pointer], 'is known to everybody'),
  },
  secret_too_short: {
    status: 422,
    title: 'Secret too short',
    detail: 'A secret that signs assertions has 32 bytes or more (RFC 7518, section 3.2).',
    remedy: 'Leave the secret out and one is made.',
    errors: ({ pointer }) => at([pointer], 'must have 32 bytes or more'),
  },
  secret_lifetime_too_long: {
    status: 422,
    title: 'Secret lives too long',
    detail: ({ limit }) => `In this realm a secret lives ${limit} seconds at most.`,
    remedy: 'Give it an earlier end, or none, and it gets the latest that is allowed.',
    errors: ({ pointer, limit }) => at([pointer], `must be within ${limit} seconds of its making`),
  },
  key_unusable: {
    status: 422,
    title: 'Key unusable',
    detail: ({ detail }) => detail,
    remedy: 'Send a public key: EC P-256, P-384 or P-521, RSA of 2048 bits or more, or Ed25519.',
    errors: ({ pointer, detail }) => at([pointer], detail),
  },
  certificate_unusable: {
    status: 422,
    title: 'Certificate unusable',
    detail: ({ detail }) => `The certificate ${detail}.`,
    remedy: 'Send one certificate in PEM, without its private key.',
    errors: ({ detail }) => at(['/certificate'], detail),
  },
  address_not_allowed: {
    status: 422,
    title: 'Address not allowed',
    detail: 'This server asks by https, and on the public internet alone.',
    remedy:
      'Name another address, or have the operator open this network with TESSERA_OUTBOUND_ALLOW.',
    errors: ({ pointer }) => at([pointer], 'is not an address that may be asked'),
  },
  expiry_past: {
    status: 422,
    title: 'Expiry in the past',
    detail: 'A secret cannot be made to have expired.',
    remedy: 'Revoke the secret.',
    errors: () => at(['/expiresAt'], 'must be in the future'),
  },
} as const satisfies { readonly [Reason in AdminRefusalReason]?: ProblemRow<Reason> };
