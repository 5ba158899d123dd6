import { z } from 'zod';
import { REFUSED_CLIENTS_MAX } from '../model/token-refusals.ts';
import { clientParams } from './clients.ts';
import { instantField, instantQuery, realmParams } from './fields.ts';
import type { Route } from './route.ts';

const refusalQuery = z.strictObject({
  since: instantQuery.optional(),
  until: instantQuery.optional(),
});

const refused = z.int().meta({ description: 'How many token requests' });

const refusalsView = z
  .object({
    realm: z.string(),
    clientId: z.string().nullable().meta({ description: 'null: all callers of the realm' }),
    since: instantField,
    until: instantField,
    total: refused,
    items: z
      .array(
        z.object({
          reason: z.string().meta({ description: 'As in docs/refusals.md and the log' }),
          error: z.string().meta({ description: 'What the caller was told. RFC 6749 §5.2' }),
          cause: z.string().meta({ description: 'The reason in a few words' }),
          remedy: z.string().meta({ description: 'What it means, and what to do about it' }),
          refused,
          lastAt: instantField,
          clientCount: z.int().meta({ description: 'How many clients it happened to' }),
          clients: z
            .array(
              z.object({
                clientId: z.string().nullable().meta({
                  description: 'null: callers that are no client, and those beyond what is kept',
                }),
                refused,
                lastAt: instantField,
                details: z
                  .record(z.string(), z.unknown())
                  .meta({ description: 'Of the latest: for example how many seconds too late' }),
              }),
            )
            .meta({ description: `The most frequent first, ${REFUSED_CLIENTS_MAX} at most` }),
          hours: z
            .array(
              z.object({ at: instantField.meta({ description: 'Its first second' }), refused }),
            )
            .meta({ description: 'Oldest first. Hours in which nothing happened are left out' }),
        }),
      )
      .meta({ description: 'One for each reason, the most frequent first' }),
  })
  .meta({ id: 'Refusals' });

const DESCRIPTION =
  'Whole hours of UTC; without since: the last 24. What was refused in the last moment is not in it yet.';

export const REFUSAL_ROUTES = {
  listRefusals: {
    method: 'GET',
    path: '/api/realms/{realm}/refusals',
    tag: 'events',
    summary: 'Show what token requests were refused for, to whom, and what to do',
    description: DESCRIPTION,
    permission: 'events:read',
    params: realmParams,
    query: refusalQuery,
    answer: refusalsView,
    status: 200,
  },
  listRefusalsOfClient: {
    method: 'GET',
    path: '/api/realms/{realm}/clients/{clientId}/refusals',
    tag: 'events',
    summary: 'Show what token requests of a client were refused for, and what to do',
    description: DESCRIPTION,
    permission: 'events:read',
    owner: true,
    params: clientParams,
    query: refusalQuery,
    answer: refusalsView,
    status: 200,
  },
} as const satisfies Readonly<Record<string, Route>>;
