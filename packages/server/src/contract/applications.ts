import { z } from 'zod';
import { APPLICATION_TEMPLATES } from '../model/application.ts';
import { clientView, newClientMembers } from './clients.ts';
import { secretOnce } from './credentials.ts';
import {
  clientIdField,
  descriptionField,
  flag,
  idField,
  instantField,
  listOf,
  nameField,
  realmParams,
  revisionField,
  webUriField,
} from './fields.ts';
import { keptAttributesField } from './kept-attributes.ts';
import { pageOf, searchQuery } from './paging.ts';
import type { Route } from './route.ts';

export const templateField = z.enum(APPLICATION_TEMPLATES);
const ownersField = listOf(idField, 50).meta({ description: 'Ids of users of the realm' });

const applicationMembers = {
  realm: z.string(),
  id: z.string(),
  name: z.string(),
  description: z.string(),
  logoUri: z.string().nullable(),
  template: templateField,
  clientId: z.string(),
  owners: z.array(z.string()),
  keptAttributes: keptAttributesField,
  createdAt: instantField,
  revision: revisionField,
};

const applicationView = z.object(applicationMembers).meta({ id: 'Application' });

const createdApplication = z
  .object({
    ...applicationMembers,
    client: clientView,
    secret: secretOnce.nullable().meta({ description: 'Shown this once; null: none was made' }),
  })
  .meta({ id: 'CreatedApplication' });

const { name: _name, description: _description, ...clientMembers } = newClientMembers;

const newApplication = z
  .strictObject({
    id: idField.optional().meta({ description: 'Left out: one is made' }),
    name: nameField,
    description: descriptionField.default(''),
    logoUri: webUriField.nullable().optional(),
    template: templateField.default('service'),
    owners: ownersField.default([]),
    keptAttributes: keptAttributesField.optional(),
    clientId: clientIdField
      .optional()
      .meta({ description: 'A client that exists already; left out: `client` is registered' }),
    client: z
      .strictObject(clientMembers)
      .optional()
      .meta({ description: 'The client to register in the same step' }),
  })
  .meta({ id: 'NewApplication' });

const applicationPatch = z
  .strictObject({
    name: nameField.optional(),
    description: descriptionField.optional(),
    logoUri: webUriField.nullable().optional(),
    template: templateField.optional(),
    owners: ownersField.optional(),
    keptAttributes: keptAttributesField.optional(),
  })
  .meta({ id: 'ApplicationPatch' });

const applicationParams = realmParams.extend({ applicationId: idField });

export const APPLICATION_ROUTES = {
  listApplications: {
    method: 'GET',
    path: '/api/realms/{realm}/applications',
    tag: 'applications',
    summary: 'List applications',
    description: 'Owners see their own.',
    permission: 'applications:read',
    owner: true,
    params: realmParams,
    query: searchQuery.extend({ owner: idField.optional(), clientId: clientIdField.optional() }),
    answer: pageOf('ApplicationPage', applicationView),
    status: 200,
  },
  createApplication: {
    method: 'POST',
    path: '/api/realms/{realm}/applications',
    tag: 'applications',
    summary: 'Create an application, its client and a secret in one step',
    description: 'Registering the client needs the permission `clients:write` as well.',
    permission: 'applications:write',
    params: realmParams,
    body: newApplication,
    answer: createdApplication,
    status: 201,
    tagged: true,
    locates: 'id',
  },
  findApplication: {
    method: 'GET',
    path: '/api/realms/{realm}/applications/{applicationId}',
    tag: 'applications',
    summary: 'Show an application',
    permission: 'applications:read',
    owner: true,
    params: applicationParams,
    answer: applicationView,
    status: 200,
    tagged: true,
  },
  updateApplication: {
    method: 'PATCH',
    path: '/api/realms/{realm}/applications/{applicationId}',
    tag: 'applications',
    summary: 'Change an application',
    description:
      'Other owners are given by owners, or with the permission `clients:write` as well.',
    permission: 'applications:write',
    owner: true,
    params: applicationParams,
    body: applicationPatch,
    answer: applicationView,
    status: 200,
    precondition: 'required',
    tagged: true,
  },
  deleteApplication: {
    method: 'DELETE',
    path: '/api/realms/{realm}/applications/{applicationId}',
    tag: 'applications',
    summary: 'Delete an application',
    permission: 'applications:write',
    params: applicationParams,
    query: z.strictObject({
      withClient: flag.meta({
        description: 'Delete its client too, which needs the permission `clients:write`',
      }),
    }),
    status: 204,
    precondition: 'required',
  },
} as const satisfies Readonly<Record<string, Route>>;
