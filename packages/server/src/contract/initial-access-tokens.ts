import { z } from 'zod';
import {
  idField,
  instantField,
  labelField,
  realmParams,
  revisionField,
  scopesField,
} from './fields.ts';
import { pageOf, searchQuery } from './paging.ts';
import type { Route } from './route.ts';

const DAY = 86_400;

const tokenMembers = {
  realm: z.string(),
  id: z.string(),
  label: z.string(),
  status: z.enum(['active', 'expired', 'used_up']),
  scopes: z
    .array(z.string())
    .nullable()
    .meta({ description: 'The most its clients may hold; null: what the realm allows' }),
  uses: z.int().meta({ description: 'How many clients were registered with it' }),
  usesMax: z.int().meta({ description: 'How many may be' }),
  createdAt: instantField,
  expiresAt: instantField,
  revision: revisionField,
};

const tokenView = z.object(tokenMembers).meta({ id: 'InitialAccessToken' });

const tokenOnce = z
  .object({
    ...tokenMembers,
    token: z.string().meta({ description: 'Shown this once and never again' }),
  })
  .meta({ id: 'InitialAccessTokenOnce' });

const newToken = z
  .strictObject({
    label: labelField.default(''),
    expiresIn: z
      .int()
      .min(60)
      .max(366 * DAY)
      .default(7 * DAY)
      .meta({ description: 'Seconds until it registers nobody any more' }),
    usesMax: z
      .int()
      .min(1)
      .max(1_000)
      .default(1)
      .meta({ description: 'How many clients may be registered with it' }),
    scopes: scopesField.nullable().optional().meta({
      description: 'The most its clients may hold; null: what the realm allows',
    }),
  })
  .meta({ id: 'NewInitialAccessToken' });

export const INITIAL_ACCESS_TOKEN_ROUTES = {
  listInitialAccessTokens: {
    method: 'GET',
    path: '/api/realms/{realm}/initial-access-tokens',
    tag: 'clients',
    summary: 'List initial access tokens',
    description: 'Never the tokens themselves.',
    permission: 'clients:read',
    params: realmParams,
    query: searchQuery,
    answer: pageOf('InitialAccessTokenPage', tokenView),
    status: 200,
  },
  createInitialAccessToken: {
    method: 'POST',
    path: '/api/realms/{realm}/initial-access-tokens',
    tag: 'clients',
    summary: 'Create a token with which clients register themselves',
    description: 'RFC 7591. The realm must allow it: see clientRegistration of its provider.',
    permission: 'clients:write',
    params: realmParams,
    body: newToken,
    answer: tokenOnce,
    status: 201,
    tagged: true,
    locates: 'id',
  },
  revokeInitialAccessToken: {
    method: 'DELETE',
    path: '/api/realms/{realm}/initial-access-tokens/{tokenId}',
    tag: 'clients',
    summary: 'Revoke an initial access token',
    description: 'It registers nobody any more. Clients that it registered stay.',
    permission: 'clients:write',
    params: realmParams.extend({ tokenId: idField }),
    status: 204,
    precondition: 'optional',
  },
} as const satisfies Readonly<Record<string, Route>>;
