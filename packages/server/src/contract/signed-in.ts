import { z } from 'zod';
import { ROLES } from '../model/user.ts';
import { idField, instantField, realmParams } from './fields.ts';
import { pageOf, pageQuery } from './paging.ts';
import type { Route } from './route.ts';

const sessionView = z
  .object({
    id: z.string(),
    realm: z.string(),
    userId: z.string(),
    userName: z.string(),
    roles: z.array(z.enum(ROLES)),
    address: z.string().meta({ description: 'Where it was opened from' }),
    userAgent: z.string().meta({ description: 'What opened it, as it called itself' }),
    createdAt: instantField,
    lastSeenAt: instantField.meta({ description: 'A minute behind at most' }),
    expiresAt: instantField,
    current: z.boolean().meta({ description: 'Whether it is that of the caller' }),
  })
  .meta({ id: 'SignedIn' });

/** Sessions as those see them who look after them; one's own is in sessions.ts. */
export const SIGNED_IN_ROUTES = {
  listSessions: {
    method: 'GET',
    path: '/api/realms/{realm}/sessions',
    tag: 'sessions',
    summary: 'List who is signed in',
    description: 'In the order in which they signed in.',
    permission: 'sessions:read',
    params: realmParams,
    query: pageQuery.extend({ userId: idField.optional() }),
    answer: pageOf('SignedInPage', sessionView),
    status: 200,
  },
  endSession: {
    method: 'DELETE',
    path: '/api/realms/{realm}/sessions/{sessionId}',
    tag: 'sessions',
    summary: 'End a session',
    description:
      'Its cookie is worth nothing from now on. Nobody can end that of somebody who may do more.',
    permission: 'sessions:write',
    params: realmParams.extend({ sessionId: idField }),
    status: 204,
  },
  endSessionsOfUser: {
    method: 'DELETE',
    path: '/api/realms/{realm}/users/{userId}/sessions',
    tag: 'sessions',
    summary: 'End every session of a user',
    permission: 'sessions:write',
    params: realmParams.extend({ userId: idField }),
    status: 204,
  },
} as const satisfies Readonly<Record<string, Route>>;
