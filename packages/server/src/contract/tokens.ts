import { ACCESS_TOKEN_LENGTH_MAX } from '@tessera/protocol';
import { z } from 'zod';
import { clientParams } from './clients.ts';
import { instantField, line, realmParams } from './fields.ts';
import { pageOf, pageQuery } from './paging.ts';
import type { Route } from './route.ts';

const tokenField = z
  .string()
  .min(1)
  .max(ACCESS_TOKEN_LENGTH_MAX)
  .meta({ description: 'The access token itself' });

export const TOKEN_OBSTACLES = [
  'not-of-this-realm',
  'expired',
  'revoked',
  'client-unknown',
  'client-disabled',
  'client-tokens-revoked',
  'realm-disabled',
  'realm-tokens-revoked',
] as const;

/** What is known of a token and whether it is active, with the reason if not. */
const tokenInspection = z
  .object({
    active: z.boolean(),
    obstacle: z
      .enum(TOKEN_OBSTACLES)
      .nullable()
      .meta({ description: 'Why it is not active; null when it is' }),
    explanation: z.string(),
    format: z.enum(['jwt', 'opaque']).nullable(),
    facts: z
      .object({
        jti: z.string(),
        issuer: z.string(),
        clientId: z.string(),
        subject: z.string(),
        actors: z
          .array(z.string())
          .meta({ description: 'Who acts for the subject, the latest first' }),
        audience: z.array(z.string()),
        scope: z.array(z.string()),
        grantType: z.string(),
        issuedAt: instantField,
        expiresAt: instantField,
      })
      .nullable()
      .meta({ description: 'null when this realm did not issue it' }),
  })
  .meta({ id: 'TokenInspection' });

/** A token that a client was given, as far as it is written down: never the token itself. */
const issuedToken = z
  .object({
    jti: z.string(),
    issuedAt: instantField,
    expiresAt: instantField,
    format: z.enum(['jwt', 'opaque']),
    scope: z.array(z.string()),
    audience: z.array(z.string()),
    grantType: z.string(),
    subject: z.string(),
    credentialId: z
      .string()
      .nullable()
      .meta({ description: 'With which credential the client got it' }),
    obstacle: z
      .enum(TOKEN_OBSTACLES)
      .nullable()
      .meta({ description: 'Why it is not active; null when it is' }),
  })
  .meta({ id: 'IssuedToken' });

export const TOKEN_ROUTES = {
  listTokensOfClient: {
    method: 'GET',
    path: '/api/realms/{realm}/clients/{clientId}/tokens',
    tag: 'tokens',
    summary: 'List the access tokens that a client was given, and which of them are active',
    description:
      'Newest first, from the events: never the tokens themselves, and none whose event is no longer kept. What was issued a moment ago may be missing. A page may be short although there are more.',
    permission: 'tokens:read',
    owner: true,
    params: clientParams,
    query: pageQuery,
    answer: pageOf('IssuedTokenPage', issuedToken),
    status: 200,
  },
  inspectToken: {
    method: 'POST',
    path: '/api/realms/{realm}/tokens/inspect',
    tag: 'tokens',
    summary: 'Show what a token stands for and why it is or is not active',
    description: 'Owners learn of tokens of their own clients only.',
    permission: 'tokens:read',
    owner: true,
    params: realmParams,
    body: z.strictObject({ token: tokenField }).meta({ id: 'PresentedToken' }),
    answer: tokenInspection,
    status: 200,
  },
  revokeToken: {
    method: 'POST',
    path: '/api/realms/{realm}/tokens/revoke',
    tag: 'tokens',
    summary: 'Revoke a token, by itself or by its `jti`',
    description:
      'It is void at once. Revoking twice is not an error. Owners can revoke tokens of their own clients, by the token itself.',
    permission: 'tokens:write',
    owner: true,
    params: realmParams,
    body: z
      .strictObject({ token: tokenField.optional(), jti: line(255).min(1).optional() })
      .refine(
        ({ token, jti }) => (token === undefined) !== (jti === undefined),
        'must have either `token` or `jti`',
      )
      .meta({ id: 'TokenToRevoke' }),
    status: 204,
  },
} as const satisfies Readonly<Record<string, Route>>;
