import { z } from 'zod';
import { APPLICATION_TEMPLATES } from '../model/application.ts';
import {
  authenticationMethodField,
  flag,
  idField,
  instantField,
  instantQuery,
  realmParams,
} from './fields.ts';
import { pageOf, searchQuery } from './paging.ts';
import type { Route } from './route.ts';

const summary = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    template: z.enum(APPLICATION_TEMPLATES),
    createdAt: instantField,
    clientId: z.string(),
    owners: z.array(z.object({ id: z.string(), userName: z.string() })),
    enabled: z.boolean(),
    authenticationMethod: authenticationMethodField,
    clientRevision: z.int(),
    apis: z
      .array(z.object({ id: z.string(), name: z.string() }))
      .meta({ description: 'Where it holds scopes' }),
    lastUsedAt: instantField
      .nullable()
      .meta({ description: 'When one of its credentials was believed last; a little behind' }),
    expiresAt: instantField
      .nullable()
      .meta({ description: 'When the next of its credentials expires; null: none does' }),
    answeredByDay: z.array(z.int()).meta({
      description: 'Requests answered with a token in the last seven days of UTC, today last',
    }),
  })
  .meta({ id: 'ApplicationSummary' });

export const APPLICATION_SUMMARY_ROUTES = {
  listApplicationSummaries: {
    method: 'GET',
    path: '/api/realms/{realm}/application-summaries',
    tag: 'applications',
    summary: 'List applications with how their clients stand',
    description:
      'For people who look after many. Takes the permissions `clients:read`, `credentials:read` and `usage:read` as well. Owners see their own.',
    permission: 'applications:read',
    owner: true,
    params: realmParams,
    query: searchQuery.extend({
      owner: idField.optional(),
      enabled: flag.meta({ description: 'Only those whose client is enabled, or is not' }),
      unusedSince: instantQuery
        .optional()
        .meta({ description: 'Only those made before then of which no credential was used since' }),
      expiringBefore: instantQuery
        .optional()
        .meta({ description: 'Only those of which a credential expires before then' }),
    }),
    answer: pageOf('ApplicationSummaryPage', summary),
    status: 200,
  },
} as const satisfies Readonly<Record<string, Route>>;
