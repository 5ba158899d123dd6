import { z } from 'zod';
import { ACTOR_KINDS, CHANGE_EVENTS, TRAFFIC_EVENTS } from '../model/event.ts';
import { instantField, instantQuery, line, realmParams } from './fields.ts';
import { pageOf, searchQuery } from './paging.ts';
import type { Route } from './route.ts';

const eventView = z
  .object({
    id: z.string(),
    at: instantField,
    realm: z.string(),
    type: z.string(),
    actor: z.object({ kind: z.enum(ACTOR_KINDS), id: z.string() }),
    subject: z.object({ kind: z.string(), id: z.string() }),
    details: z
      .record(z.string(), z.unknown())
      .meta({ description: 'For a change: each member that differs, `from` what `to` what' }),
    requestId: z.string(),
  })
  .meta({ id: 'Event' });

export const EVENT_ROUTES = {
  listEvents: {
    method: 'GET',
    path: '/api/realms/{realm}/events',
    tag: 'events',
    summary: 'List what happened, newest first',
    permission: 'events:read',
    params: realmParams,
    query: searchQuery.extend({
      type: z.enum([...CHANGE_EVENTS, ...TRAFFIC_EVENTS]).optional(),
      actorId: line(255).optional(),
      subjectKind: line(50).optional(),
      subjectId: line(255).optional(),
      since: instantQuery.optional(),
      until: instantQuery.optional(),
    }),
    answer: pageOf('EventPage', eventView),
    status: 200,
  },
} as const satisfies Readonly<Record<string, Route>>;
