import { DETAIL_TYPE_LENGTH_MAX } from '@tessera/protocol';
import { z } from 'zod';
import { findSchemaProblem } from '../model/detail-schema.ts';
import {
  claimsField,
  claimsHookField,
  claimsHookPatch,
  claimsHookView,
  claimView,
} from './claims.ts';
import {
  absoluteUriField,
  clientIdField,
  flag,
  idField,
  inherited,
  instantField,
  lifetimeField,
  line,
  listOf,
  nameField,
  realmParams,
  revisionField,
  scopeField,
  signingAlgorithmField,
  tokenBindingField,
  tokenFormatField,
} from './fields.ts';
import { pageOf, searchQuery } from './paging.ts';
import type { Route } from './route.ts';

const apiScopesField = z
  .array(z.strictObject({ name: scopeField, description: line(500).default('') }))
  .max(500)
  .refine(
    (scopes) => new Set(scopes.map(({ name }) => name)).size === scopes.length,
    'must not contain one scope twice',
  );

const detailTypeField = z.strictObject({
  type: z
    .string()
    .max(DETAIL_TYPE_LENGTH_MAX)
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII characters without space'),
  description: line(500).default(''),
  schema: z.record(z.string(), z.unknown()).superRefine((schema, context) => {
    const problem = findSchemaProblem(schema);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  }),
});

const detailTypesField = z
  .array(detailTypeField)
  .max(20)
  .refine(
    (types) => new Set(types.map(({ type }) => type)).size === types.length,
    'must not contain one type twice',
  )
  .meta({
    description:
      'What may be asked for in `authorization_details` (RFC 9396), each with its schema',
  });

const introspectionClientsField = listOf(clientIdField, 100).meta({
  description: 'Clients that may introspect tokens addressed to this API',
});

const apiView = z
  .object({
    realm: z.string(),
    id: z.string(),
    identifier: z.string().meta({ description: '`aud` of its tokens' }),
    name: z.string(),
    scopes: z.array(z.object({ name: z.string(), description: z.string() })),
    authorizationDetailTypes: z.array(
      z.object({
        type: z.string(),
        description: z.string(),
        schema: z.record(z.string(), z.unknown()),
      }),
    ),
    accessTokenLifetime: z.int().nullable(),
    tokenFormat: tokenFormatField.nullable(),
    signingAlgorithm: signingAlgorithmField.nullable(),
    tokenBinding: tokenBindingField,
    introspectionClients: z.array(z.string()),
    claims: z.array(claimView),
    claimsHook: claimsHookView.nullable(),
    createdAt: instantField,
    revision: revisionField,
  })
  .meta({ id: 'Api' });

/** Counting stops here: beyond it, who reads a list only wants to know that there are many. */
export const CLIENTS_COUNTED_MAX = 1_000;

const listedApi = apiView
  .extend({
    clients: z.int().meta({
      description: `How many clients hold something there, counted up to ${CLIENTS_COUNTED_MAX}`,
    }),
  })
  .meta({ id: 'ListedApi' });

export const newApi = z
  .strictObject({
    id: idField.optional().meta({ description: 'Left out: one is made' }),
    identifier: absoluteUriField,
    name: nameField,
    scopes: apiScopesField.default([]),
    authorizationDetailTypes: detailTypesField.default([]),
    accessTokenLifetime: inherited(lifetimeField),
    tokenFormat: inherited(tokenFormatField),
    signingAlgorithm: inherited(signingAlgorithmField),
    tokenBinding: tokenBindingField.default('optional'),
    introspectionClients: introspectionClientsField.default([]),
    claims: claimsField.default([]),
    claimsHook: claimsHookField.nullable().optional(),
  })
  .meta({ id: 'NewApi' });

const apiPatch = z
  .strictObject({
    identifier: absoluteUriField.optional(),
    name: nameField.optional(),
    scopes: apiScopesField.optional(),
    authorizationDetailTypes: detailTypesField.optional(),
    accessTokenLifetime: inherited(lifetimeField),
    tokenFormat: inherited(tokenFormatField),
    signingAlgorithm: inherited(signingAlgorithmField),
    tokenBinding: tokenBindingField.optional(),
    introspectionClients: introspectionClientsField.optional(),
    claims: claimsField.optional(),
    claimsHook: claimsHookPatch,
  })
  .meta({ id: 'ApiPatch' });

export const apiParams = realmParams.extend({ apiId: idField });

export const API_ROUTES = {
  listApis: {
    method: 'GET',
    path: '/api/realms/{realm}/apis',
    tag: 'apis',
    summary: 'List APIs',
    permission: 'apis:read',
    params: realmParams,
    query: searchQuery,
    answer: pageOf('ApiPage', listedApi),
    status: 200,
  },
  createApi: {
    method: 'POST',
    path: '/api/realms/{realm}/apis',
    tag: 'apis',
    summary: 'Create an API',
    permission: 'apis:write',
    params: realmParams,
    body: newApi,
    answer: apiView,
    status: 201,
    tagged: true,
    locates: 'id',
  },
  findApi: {
    method: 'GET',
    path: '/api/realms/{realm}/apis/{apiId}',
    tag: 'apis',
    summary: 'Show an API',
    permission: 'apis:read',
    params: apiParams,
    answer: apiView,
    status: 200,
    tagged: true,
  },
  updateApi: {
    method: 'PATCH',
    path: '/api/realms/{realm}/apis/{apiId}',
    tag: 'apis',
    summary: 'Change an API',
    description:
      'A scope or type that is taken away is no longer granted, whatever client grants say.',
    permission: 'apis:write',
    params: apiParams,
    body: apiPatch,
    answer: apiView,
    status: 200,
    precondition: 'required',
    tagged: true,
  },
  deleteApi: {
    method: 'DELETE',
    path: '/api/realms/{realm}/apis/{apiId}',
    tag: 'apis',
    summary: 'Delete an API',
    permission: 'apis:write',
    params: apiParams,
    query: z.strictObject({
      cascade: flag.meta({ description: 'Delete its client grants too' }),
    }),
    status: 204,
    precondition: 'required',
  },
} as const satisfies Readonly<Record<string, Route>>;
