import { z } from 'zod';
import { CLIENT_ORIGINS } from '../model/client.ts';
import { CREDENTIALS_MAX } from '../model/credential.ts';
import {
  attributesField,
  attributesPatch,
  attributesView,
  claimsField,
  claimsHookTerms,
} from './claims.ts';
import { ownCertificate } from './client-certificates.ts';
import { newSecret, secretOnce } from './credentials.ts';
import {
  absoluteUriField,
  allowedAddressesField,
  assertionAlgorithmField,
  assertionReuseField,
  authenticationMethodField,
  clientIdField,
  descriptionField,
  grantTypesField,
  idField,
  inherited,
  instantField,
  lifetimeField,
  listOf,
  nameField,
  quotaModeField,
  realmParams,
  revisionField,
  scopesField,
  signingAlgorithmField,
  tokenBindingField,
  tokenExchangeField,
  tokenFormatField,
  tokenLimitField,
  tokenReuseField,
  webUriField,
} from './fields.ts';
import { keptAttributesField } from './kept-attributes.ts';
import { pageOf, searchQuery } from './paging.ts';
import type { Frozen, Route } from './route.ts';

const clientTypeField = z.enum(['confidential', 'public']);

/** Without its id and its defaults, which differ between registering and changing. */
const redirectUrisField = listOf(absoluteUriField, 50);

const clientMembers = {
  realm: z.string(),
  clientId: z.string(),
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  type: clientTypeField,
  grantTypes: z.array(z.string()),
  authenticationMethod: authenticationMethodField,
  strictAuthenticationMethod: z
    .boolean()
    .meta({ description: 'Believe no credential that comes by another method' }),
  assertionAlgorithm: assertionAlgorithmField
    .nullable()
    .meta({ description: 'The one algorithm of its assertions; null: any the realm allows' }),
  assertionReuse: assertionReuseField,
  tokenExchange: tokenExchangeField,
  tokenBinding: tokenBindingField,
  scopes: z.array(z.string()).meta({ description: "What it may hold at the realm's default API" }),
  defaultScopes: z
    .array(z.string())
    .meta({ description: "Granted when none is asked for; empty: the realm's" }),
  redirectUris: z.array(z.string()),
  allowedAddresses: z
    .array(z.string())
    .meta({ description: 'From where it may prove itself; empty: from anywhere' }),
  accessTokenLifetime: z.int().nullable(),
  tokenFormat: tokenFormatField.nullable(),
  signingAlgorithm: signingAlgorithmField.nullable(),
  quotaMode: quotaModeField.nullable(),
  tokensPerHour: z.int().nullable(),
  tokensPerDay: z.int().nullable(),
  tokenReuseSeconds: z.int().nullable(),
  attributes: attributesView,
  origin: z.enum(CLIENT_ORIGINS).meta({
    description: 'Who registered it: an administrator, itself, or a document at its id',
  }),
  registeredMetadata: z
    .record(z.string(), z.unknown())
    .nullable()
    .meta({ description: 'What it says of itself: pages, contacts, software; decides nothing' }),
  keptAttributes: keptAttributesField,
  tokensValidFrom: instantField.meta({ description: 'Tokens issued to it earlier are void' }),
  createdAt: instantField,
  revision: revisionField,
};

export const clientView = z.object(clientMembers).meta({ id: 'Client' });

const registeredClient = z
  .object({
    ...clientMembers,
    secret: secretOnce.nullable().meta({ description: 'Shown this once; null: it has none' }),
  })
  .meta({ id: 'RegisteredClient' });

/** What registering a client takes; an application is created with the same. */
export const newClientMembers = {
  clientId: clientIdField.optional().meta({ description: 'Left out: one is made' }),
  name: nameField.optional().meta({ description: 'The client id, when left out' }),
  description: descriptionField.default(''),
  enabled: z.boolean().default(true),
  type: clientTypeField.default('confidential'),
  grantTypes: grantTypesField.default(['client_credentials']),
  authenticationMethod: authenticationMethodField.default('client_secret_basic'),
  strictAuthenticationMethod: z.boolean().default(false),
  assertionAlgorithm: inherited(assertionAlgorithmField),
  assertionReuse: assertionReuseField.default('refused'),
  tokenExchange: tokenExchangeField.default('delegation'),
  tokenBinding: tokenBindingField.default('optional'),
  scopes: scopesField.default([]),
  defaultScopes: scopesField.default([]),
  redirectUris: redirectUrisField.default([]),
  allowedAddresses: allowedAddressesField.default([]),
  accessTokenLifetime: inherited(lifetimeField),
  tokenFormat: inherited(tokenFormatField),
  signingAlgorithm: inherited(signingAlgorithmField),
  quotaMode: inherited(quotaModeField),
  tokensPerHour: inherited(tokenLimitField),
  tokensPerDay: inherited(tokenLimitField),
  tokenReuseSeconds: inherited(tokenReuseField),
  attributes: attributesField.default({}),
  keptAttributes: keptAttributesField.optional(),
  secret: newSecret.nullable().optional().meta({
    description: 'Left out: one is made for a client that authenticates with one. null: none',
  }),
};

const newClient = z.strictObject(newClientMembers).meta({ id: 'NewClient' });

/** What a client is that nothing was said of. */
export const NEW_CLIENT_DEFAULTS: Frozen<z.output<typeof newClient>> = newClient.parse({});

const { clientId: _clientId, secret: _secret, ...replacedMembers } = newClientMembers;

const replacedClient = z
  .strictObject({
    ...replacedMembers,
    secret: newSecret.optional().meta({
      description: 'Takes the place of the secret of this label; left out: its secrets stay',
    }),
    keys: z
      .array(z.record(z.string(), z.unknown()))
      .max(CREDENTIALS_MAX)
      .optional()
      .meta({ description: 'All of its public keys, each as a JWK; left out: they stay' }),
    jwksUri: webUriField.nullable().optional().meta({
      description: 'Where it publishes its keys as a JWK Set; null: nowhere; left out: as it is',
    }),
    certificates: z.array(ownCertificate).max(CREDENTIALS_MAX).optional().meta({
      description: 'All of its certificates, and subjects of such; left out: they stay',
    }),
  })
  .meta({ id: 'ReplacedClient' });

const clientPatch = z
  .strictObject({
    name: nameField.optional(),
    description: descriptionField.optional(),
    enabled: z.boolean().optional(),
    type: clientTypeField.optional(),
    grantTypes: grantTypesField.optional(),
    authenticationMethod: authenticationMethodField.optional(),
    strictAuthenticationMethod: z.boolean().optional(),
    assertionAlgorithm: inherited(assertionAlgorithmField),
    assertionReuse: assertionReuseField.optional(),
    tokenExchange: tokenExchangeField.optional(),
    tokenBinding: tokenBindingField.optional(),
    scopes: scopesField.optional(),
    defaultScopes: scopesField.optional(),
    redirectUris: redirectUrisField.optional(),
    allowedAddresses: allowedAddressesField.optional(),
    accessTokenLifetime: inherited(lifetimeField),
    tokenFormat: inherited(tokenFormatField),
    signingAlgorithm: inherited(signingAlgorithmField),
    quotaMode: inherited(quotaModeField),
    tokensPerHour: inherited(tokenLimitField),
    tokensPerDay: inherited(tokenLimitField),
    tokenReuseSeconds: inherited(tokenReuseField),
    attributes: attributesPatch,
    keptAttributes: keptAttributesField.optional(),
  })
  .meta({ id: 'ClientPatch' });

const settingFrom = z.enum(['api', 'client', 'provider']);

const clientAccess = z
  .object({
    clientId: z.string(),
    usable: z.boolean().meta({ description: 'Whether it would get a token now' }),
    obstacles: z
      .array(z.string())
      .meta({ description: 'Why it would not: one sentence for each reason' }),
    grantTypes: z.array(z.string()).meta({ description: 'Enabled on the client and in the realm' }),
    defaultScopes: z.object({
      value: z.array(z.string()),
      from: z.enum(['client', 'provider']),
    }),
    apis: z.array(
      z.object({
        apiId: z.string().nullable().meta({ description: "null: the realm's default API" }),
        name: z.string(),
        identifier: z.string(),
        scopes: z.array(z.string()),
        accessTokenLifetime: z.object({ value: z.int(), from: settingFrom }),
        tokenFormat: z.object({ value: tokenFormatField, from: settingFrom }),
        signingAlgorithm: z.object({ value: signingAlgorithmField, from: settingFrom }),
        tokenBinding: z
          .array(z.enum(['dpop', 'certificate', 'either']))
          .meta({ description: 'What its tokens must be bound to; empty: nothing' }),
        claims: z
          .array(
            z.object({
              name: z.string(),
              value: z.unknown(),
              from: z.enum(['api', 'provider']),
            }),
          )
          .meta({ description: 'What its tokens say of the client besides, templates filled' }),
        claimsHook: claimsHookTerms
          .nullable()
          .meta({ description: 'Of the hook that is asked for more claims; null: none is' }),
      }),
    ),
  })
  .meta({ id: 'ClientAccess' });

const claimsQuestion = z
  .strictObject({
    apiId: idField.nullable().default(null).meta({
      description: "Where a token would be for; null: the realm's default API",
    }),
    claims: claimsField.optional().meta({
      description: 'As if these were the claims of the API, or of the realm where there is no API',
    }),
  })
  .meta({ id: 'ClaimsQuestion' });

const claimsPreview = z
  .object({
    items: z.array(
      z.object({
        name: z.string(),
        value: z.unknown().optional().meta({ description: 'Absent: the claim is left out' }),
        from: z.enum(['api', 'provider']),
      }),
    ),
    fits: z.boolean().meta({ description: 'Whether all of it is short enough for a token' }),
    hook: z.boolean().meta({ description: 'Whether a claims hook is asked for more' }),
  })
  .meta({ id: 'ClaimsPreview' });

export const clientParams = realmParams.extend({ clientId: clientIdField });

export const CLIENT_ROUTES = {
  listClients: {
    method: 'GET',
    path: '/api/realms/{realm}/clients',
    tag: 'clients',
    summary: 'List clients',
    description: 'Owners see the clients of their applications.',
    permission: 'clients:read',
    owner: true,
    params: realmParams,
    query: searchQuery,
    answer: pageOf('ClientPage', clientView),
    status: 200,
  },
  registerClient: {
    method: 'POST',
    path: '/api/realms/{realm}/clients',
    tag: 'clients',
    summary: 'Register a client',
    permission: 'clients:write',
    params: realmParams,
    body: newClient,
    answer: registeredClient,
    status: 201,
    tagged: true,
    locates: 'clientId',
  },
  findClient: {
    method: 'GET',
    path: '/api/realms/{realm}/clients/{clientId}',
    tag: 'clients',
    summary: 'Show a client',
    permission: 'clients:read',
    owner: true,
    params: clientParams,
    answer: clientView,
    status: 200,
    tagged: true,
  },
  updateClient: {
    method: 'PATCH',
    path: '/api/realms/{realm}/clients/{clientId}',
    tag: 'clients',
    summary: 'Change a client',
    description:
      'Owners may change what it is called, how it authenticates, its redirect URIs and its default scopes, and may disable it.',
    permission: 'clients:write',
    owner: true,
    params: clientParams,
    body: clientPatch,
    answer: clientView,
    status: 200,
    precondition: 'required',
    tagged: true,
  },
  replaceClient: {
    method: 'PUT',
    path: '/api/realms/{realm}/clients/{clientId}',
    tag: 'clients',
    summary: 'Create a client, or replace what is said of it',
    description:
      'What is left out is as for a new client; secrets, keys, certificates and client grants stay unless they are named. Sent again, it changes nothing.',
    permission: 'clients:write',
    params: clientParams,
    body: replacedClient,
    answer: clientView,
    status: 200,
    precondition: 'optional',
    tagged: true,
  },
  deleteClient: {
    method: 'DELETE',
    path: '/api/realms/{realm}/clients/{clientId}',
    tag: 'clients',
    summary: 'Delete a client',
    description: 'With its secrets and client grants. Its tokens are void.',
    permission: 'clients:write',
    params: clientParams,
    status: 204,
    precondition: 'required',
  },
  revokeTokensOfClient: {
    method: 'POST',
    path: '/api/realms/{realm}/clients/{clientId}/revoke-tokens',
    tag: 'clients',
    summary: 'Revoke every token of a client',
    permission: 'tokens:write',
    owner: true,
    params: clientParams,
    answer: clientView,
    status: 200,
    precondition: 'optional',
    tagged: true,
  },
  findClientAccess: {
    method: 'GET',
    path: '/api/realms/{realm}/clients/{clientId}/access',
    tag: 'clients',
    summary: 'Show what a client may do',
    description:
      'Realm, client, APIs and client grants put together, and where each setting comes from.',
    permission: 'clients:read',
    owner: true,
    params: clientParams,
    answer: clientAccess,
    status: 200,
  },
  previewClientClaims: {
    method: 'POST',
    path: '/api/realms/{realm}/clients/{clientId}/claims-preview',
    tag: 'clients',
    summary: 'Show what the custom claims of a token of a client would say',
    description: 'Changes nothing and asks no claims hook.',
    permission: 'clients:read',
    params: clientParams,
    body: claimsQuestion,
    answer: claimsPreview,
    status: 200,
  },
} as const satisfies Readonly<Record<string, Route>>;
