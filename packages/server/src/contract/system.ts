import { z } from 'zod';
import { instantField } from './fields.ts';
import type { Route } from './route.ts';

const nodeView = z
  .object({
    id: z.string().meta({ description: 'Of this start of the process' }),
    name: z.string().meta({ description: 'Of its machine' }),
    version: z.string(),
    runtime: z.string().meta({ description: 'The version of Node' }),
    startedAt: instantField,
    lastSeenAt: instantField,
    changesBehind: z
      .int()
      .meta({ description: 'Changes that it had yet to read when it was last seen' }),
    state: z.enum(['up', 'away']).meta({ description: 'away: not heard of for 35 seconds' }),
    self: z.boolean().meta({ description: 'Whether it is the one that answers' }),
  })
  .meta({ id: 'ServerNode' });

const systemView = z
  .object({
    version: z.string(),
    runtime: z.string(),
    licence: z.string(),
    publicUrl: z.string(),
    contextPath: z.string(),
    acceptsCertificates: z.boolean(),
    logLevel: z.string(),
    managementPort: z.int().nullable().meta({ description: 'Health and metrics; null: none' }),
    database: z.object({
      kind: z.enum(['sqlite', 'postgres']),
      bytes: z.int(),
      migrations: z.array(z.string()).meta({ description: 'Applied, oldest first' }),
    }),
  })
  .meta({ id: 'System' });

export const SYSTEM_ROUTES = {
  listNodes: {
    method: 'GET',
    path: '/api/nodes',
    tag: 'system',
    summary: 'List the nodes of the server',
    description:
      'Those heard of last first, a hundred at most. Nodes that stop leave the list; one that was not heard of for a day is forgotten.',
    permission: 'system:read',
    crossRealm: true,
    answer: z.object({ items: z.array(nodeView) }).meta({ id: 'ServerNodeList' }),
    status: 200,
  },
  findSystem: {
    method: 'GET',
    path: '/api/system',
    tag: 'system',
    summary: 'Show versions, database and settings of the node that answers',
    permission: 'system:read',
    crossRealm: true,
    answer: systemView,
    status: 200,
  },
} as const satisfies Readonly<Record<string, Route>>;
