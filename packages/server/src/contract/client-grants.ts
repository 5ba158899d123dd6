import { DETAIL_TYPE_LENGTH_MAX } from '@tessera/protocol';
import { z } from 'zod';
import { apiParams } from './apis.ts';
import { clientParams } from './clients.ts';
import { flag, idField, instantField, listOf, revisionField, scopesField } from './fields.ts';
import { pageOf, pageQuery, searchQuery } from './paging.ts';
import type { Route } from './route.ts';

const clientGrantView = z
  .object({
    realm: z.string(),
    clientId: z.string(),
    apiId: z.string(),
    scopes: z.array(z.string()),
    authorizationDetailTypes: z.array(z.string()),
    createdAt: instantField,
    revision: revisionField,
  })
  .meta({ id: 'ClientGrant' });

const heldAtApi = z
  .object({
    clientId: z.string(),
    name: z.string(),
    enabled: z.boolean(),
    scopes: z.array(z.string()),
    authorizationDetailTypes: z.array(z.string()),
    revision: revisionField
      .nullable()
      .meta({ description: 'Of the client grant; null: there is none' }),
  })
  .meta({ id: 'HeldAtApi' });

export const grantedScopes = z
  .strictObject({
    scopes: scopesField.default([]),
    authorizationDetailTypes: listOf(z.string().max(DETAIL_TYPE_LENGTH_MAX), 20).default([]).meta({
      description: 'Types of authorization details that the client may ask for (RFC 9396)',
    }),
  })
  .refine(
    ({ scopes, authorizationDetailTypes }) => scopes.length + authorizationDetailTypes.length > 0,
    {
      message: 'must have one scope or type at least; to take all away, remove the grant',
      path: ['scopes'],
    },
  )
  .meta({ id: 'GrantedScopes' });

const clientGrantPage = pageOf('ClientGrantPage', clientGrantView);
const params = clientParams.extend({ apiId: idField });

export const CLIENT_GRANT_ROUTES = {
  listGrantsOfClient: {
    method: 'GET',
    path: '/api/realms/{realm}/clients/{clientId}/grants',
    tag: 'client-grants',
    summary: 'List the client grants of a client',
    permission: 'client-grants:read',
    owner: true,
    params: clientParams,
    query: pageQuery,
    answer: clientGrantPage,
    status: 200,
  },
  listGrantsOfApi: {
    method: 'GET',
    path: '/api/realms/{realm}/apis/{apiId}/grants',
    tag: 'client-grants',
    summary: 'List the client grants at an API',
    permission: 'client-grants:read',
    params: apiParams,
    query: pageQuery,
    answer: clientGrantPage,
    status: 200,
  },
  listClientsOfApi: {
    method: 'GET',
    path: '/api/realms/{realm}/apis/{apiId}/clients',
    tag: 'client-grants',
    summary: 'List clients and what they hold at an API',
    description:
      'All clients of the realm, those without a grant too, unless `granted` says otherwise.',
    permission: 'client-grants:read',
    params: apiParams,
    query: searchQuery.extend({
      granted: flag.meta({ description: 'Only clients that hold something there' }),
    }),
    answer: pageOf('HeldAtApiPage', heldAtApi),
    status: 200,
  },
  setClientGrant: {
    method: 'PUT',
    path: '/api/realms/{realm}/clients/{clientId}/grants/{apiId}',
    tag: 'client-grants',
    summary: 'Set the scopes and types that a client holds at an API',
    description:
      'Replaces what was granted before. Scopes of the administration API can only be given by those who may do themselves what the scopes permit.',
    permission: 'client-grants:write',
    params,
    body: grantedScopes,
    answer: clientGrantView,
    status: 200,
    precondition: 'optional',
    tagged: true,
  },
  removeClientGrant: {
    method: 'DELETE',
    path: '/api/realms/{realm}/clients/{clientId}/grants/{apiId}',
    tag: 'client-grants',
    summary: 'Take everything at an API from a client',
    permission: 'client-grants:write',
    params,
    status: 204,
    precondition: 'optional',
  },
} as const satisfies Readonly<Record<string, Route>>;
