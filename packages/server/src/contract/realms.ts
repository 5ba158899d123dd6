import { z } from 'zod';
import { instantField, nameField, realmNameField, realmParams, revisionField } from './fields.ts';
import { pageOf, searchQuery } from './paging.ts';
import type { Route } from './route.ts';

const realmView = z
  .object({
    name: z.string(),
    path: z.string().meta({ description: 'As PingAM writes it: `/`, `/alpha`' }),
    issuer: z.string().meta({ description: '`iss` of its tokens' }),
    displayName: z.string(),
    enabled: z.boolean(),
    tokensValidFrom: instantField.meta({ description: 'Tokens issued earlier are void; 0: none' }),
    createdAt: instantField,
    revision: revisionField,
  })
  .meta({ id: 'Realm' });

const newRealm = z
  .strictObject({
    name: realmNameField,
    displayName: nameField.optional().meta({ description: 'The name, when left out' }),
  })
  .meta({ id: 'NewRealm' });

const realmPatch = z
  .strictObject({ displayName: nameField.optional(), enabled: z.boolean().optional() })
  .meta({ id: 'RealmPatch' });

/** The same as the metadata of the realm says, for those who are signed in. RFC 8414 §2 */
const realmAddresses = z
  .object({
    realm: z.string(),
    displayName: z.string(),
    issuer: z.string(),
    discoveryUri: z.string(),
    tokenEndpoint: z.string(),
    introspectionEndpoint: z.string(),
    revocationEndpoint: z.string(),
    jwksUri: z.string(),
    mtlsTokenEndpoint: z
      .string()
      .nullable()
      .meta({ description: 'Where clients with a certificate ask; null: at the same place' }),
  })
  .meta({ id: 'RealmAddresses' });

export const REALM_ROUTES = {
  listRealms: {
    method: 'GET',
    path: '/api/realms',
    tag: 'realms',
    summary: 'List realms',
    description: 'Those that the caller reaches.',
    permission: 'realms:read',
    query: searchQuery,
    answer: pageOf('RealmPage', realmView),
    status: 200,
  },
  createRealm: {
    method: 'POST',
    path: '/api/realms',
    tag: 'realms',
    summary: 'Create a realm',
    description:
      'With its OAuth 2.0 settings, the administration API and a first signing key, so that it can issue tokens at once.',
    permission: 'realms:write',
    crossRealm: true,
    body: newRealm,
    answer: realmView,
    status: 201,
    tagged: true,
    locates: 'name',
  },
  findRealm: {
    method: 'GET',
    path: '/api/realms/{realm}',
    tag: 'realms',
    summary: 'Show a realm',
    permission: 'realms:read',
    params: realmParams,
    answer: realmView,
    status: 200,
    tagged: true,
  },
  findRealmAddresses: {
    method: 'GET',
    path: '/api/realms/{realm}/addresses',
    tag: 'realms',
    summary: 'Show the public addresses of a realm',
    description: 'What its metadata says to everybody; users see those of their own realm.',
    permission: 'realms:read',
    owner: true,
    params: realmParams,
    answer: realmAddresses,
    status: 200,
  },
  updateRealm: {
    method: 'PATCH',
    path: '/api/realms/{realm}',
    tag: 'realms',
    summary: 'Change a realm',
    description: 'A disabled realm issues no tokens and those it issued are void meanwhile.',
    permission: 'realms:write',
    params: realmParams,
    body: realmPatch,
    answer: realmView,
    status: 200,
    precondition: 'required',
    tagged: true,
  },
  deleteRealm: {
    method: 'DELETE',
    path: '/api/realms/{realm}',
    tag: 'realms',
    summary: 'Delete a realm and everything in it',
    permission: 'realms:write',
    crossRealm: true,
    params: realmParams,
    query: z.strictObject({
      confirm: z
        .string()
        .max(100)
        .optional()
        .meta({ description: 'The name of the realm, once more' }),
    }),
    status: 204,
    precondition: 'required',
  },
  revokeTokensOfRealm: {
    method: 'POST',
    path: '/api/realms/{realm}/revoke-tokens',
    tag: 'realms',
    summary: 'Revoke every token of a realm',
    description: 'All access tokens that it issued until now are void, whoever holds them.',
    permission: 'tokens:write',
    params: realmParams,
    answer: realmView,
    status: 200,
    precondition: 'optional',
    tagged: true,
  },
} as const satisfies Readonly<Record<string, Route>>;
