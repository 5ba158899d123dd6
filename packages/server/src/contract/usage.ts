import { z } from 'zod';
import { QUOTA_MODES } from '../model/quota.ts';
import { RATES_KEPT } from '../model/token-rates.ts';
import { USAGE_SPANS } from '../model/usage.ts';
import { clientParams } from './clients.ts';
import { instantField, instantQuery, line, realmParams } from './fields.ts';
import type { Route } from './route.ts';

const span = {
  since: instantQuery.optional(),
  until: instantQuery.optional(),
};

const usageQuery = z.strictObject({
  by: z
    .enum(USAGE_SPANS)
    .default('hour')
    .meta({ description: 'Hours or days of UTC; without since: the last 24 hours, or 30 days' }),
  ...span,
});

const count = (description: string) => z.int().meta({ description });

const counts = {
  issued: count('Tokens that were made'),
  reused: count('Answers with a token that an earlier request had been given'),
  refused: count('Requests of authenticated clients that got no token'),
  wasted: count('Of the issued: while an identical one had more than half of its life left'),
};

const rates = {
  issued: count('Requests that got a token'),
  refused: count('Requests that got none, whoever made them'),
  p50: z.number().nullable().meta({ description: 'Half were answered in so many milliseconds' }),
  p99: z.number().nullable().meta({ description: '99 of 100 were' }),
};

const quotaState = z
  .object({
    of: z.enum(['client', 'realm']),
    span: z.enum(USAGE_SPANS),
    mode: z.enum(QUOTA_MODES),
    limit: z.int(),
    issued: count('Tokens issued in the present hour or day, by every node'),
    endsAt: instantField.meta({ description: 'When counting begins anew' }),
  })
  .meta({ id: 'QuotaState' });

const usageView = z
  .object({
    realm: z.string(),
    clientId: z.string().nullable().meta({ description: 'null: all clients of the realm' }),
    by: z.enum(USAGE_SPANS),
    since: instantField,
    until: instantField,
    total: z.object(counts),
    items: z
      .array(z.object({ at: instantField.meta({ description: 'Its first second' }), ...counts }))
      .meta({ description: 'Oldest first. Hours and days in which nothing happened are left out' }),
    quotas: z.array(quotaState).meta({ description: 'The quotas that hold now' }),
  })
  .meta({ id: 'Usage' });

const DELAY = 'What was counted in the last moment is not in it yet.';

export const USAGE_TOP_MAX = 200;

export const USAGE_ROUTES = {
  listUsage: {
    method: 'GET',
    path: '/api/realms/{realm}/usage',
    tag: 'usage',
    summary: 'Show how many tokens a realm issued, by hour or day',
    description: DELAY,
    permission: 'usage:read',
    params: realmParams,
    query: usageQuery,
    answer: usageView,
    status: 200,
  },
  listUsageByClient: {
    method: 'GET',
    path: '/api/realms/{realm}/usage/clients',
    tag: 'usage',
    summary: 'Show which clients were issued the most tokens',
    description: `Without since: in the last 24 hours. ${DELAY}`,
    permission: 'usage:read',
    params: realmParams,
    query: z.strictObject({
      ...span,
      top: z.coerce
        .number<string>()
        .int()
        .min(1)
        .max(USAGE_TOP_MAX)
        .default(20)
        .meta({ description: 'How many clients at most' }),
    }),
    answer: z
      .object({
        realm: z.string(),
        since: instantField,
        until: instantField,
        items: z.array(z.object({ clientId: z.string(), ...counts })),
      })
      .meta({ id: 'UsageByClient' }),
    status: 200,
  },
  listTokenRates: {
    method: 'GET',
    path: '/api/realms/{realm}/usage/minutes',
    tag: 'usage',
    summary: 'Show how many token requests there were each minute, and how long they took',
    description:
      'Of every node, two days back. Times are those within the server, in milliseconds, and are read out of classes: they may be off by a quarter. ' +
      DELAY,
    permission: 'usage:read',
    params: realmParams,
    query: z.strictObject({
      minutes: z.coerce
        .number<string>()
        .int()
        .min(1)
        .max(RATES_KEPT / 60)
        .default(60)
        .meta({ description: 'How many, up to now; of more than 120 several are one point' }),
    }),
    answer: z
      .object({
        realm: z.string(),
        since: instantField,
        until: instantField,
        step: z.int().meta({ description: 'Seconds of each point' }),
        total: z.object(rates),
        items: z.array(z.object({ at: instantField, ...rates })).meta({
          description: 'Oldest first, without gaps; the last is not whole yet',
        }),
      })
      .meta({ id: 'TokenRates' }),
    status: 200,
  },
  listUnusedClients: {
    method: 'GET',
    path: '/api/realms/{realm}/usage/unused-clients',
    tag: 'usage',
    summary: 'List enabled clients that have not been used for some time',
    description:
      'By client id. A page may be short, or empty, although there is a `next`: a thousand clients are looked at for each.',
    permission: 'usage:read',
    params: realmParams,
    query: z.strictObject({
      days: z.coerce
        .number<string>()
        .int()
        .min(1)
        .max(3_650)
        .default(90)
        .meta({ description: 'Not created and not used in so many days' }),
      after: line(255).optional().meta({ description: '`next` of the page before' }),
    }),
    answer: z
      .object({
        items: z.array(
          z.object({
            clientId: z.string(),
            name: z.string(),
            createdAt: instantField,
            lastUsedAt: instantField.nullable().meta({ description: 'null: never' }),
          }),
        ),
        next: z.string().nullable(),
      })
      .meta({ id: 'UnusedClientPage' }),
    status: 200,
  },
  listUsageOfClient: {
    method: 'GET',
    path: '/api/realms/{realm}/clients/{clientId}/usage',
    tag: 'usage',
    summary: 'Show how many tokens a client was issued, by hour or day',
    description: DELAY,
    permission: 'usage:read',
    owner: true,
    params: clientParams,
    query: usageQuery,
    answer: usageView,
    status: 200,
  },
} as const satisfies Readonly<Record<string, Route>>;
