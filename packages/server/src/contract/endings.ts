import { z } from 'zod';
import { instantField, instantQuery, realmParams } from './fields.ts';
import { pageOf, pageQuery } from './paging.ts';
import type { Route } from './route.ts';

const ENDING_KINDS = [
  'secret',
  'public_key',
  'jwks_uri',
  'certificate',
  'certificate_subject',
  'trusted_issuer',
  'trusted_authority',
  'signing_key',
] as const;

/** One count of a month is no higher than this. */
export const ENDINGS_COUNTED_MAX = 1_000;
export const ENDING_MONTHS = 12;

const endingView = z
  .object({
    kind: z.enum(ENDING_KINDS),
    id: z.string(),
    name: z.string().meta({ description: 'The label of a credential, which can be empty' }),
    clientId: z.string().nullable().meta({ description: 'null: of the realm itself' }),
    application: z
      .object({ id: z.string(), name: z.string() })
      .nullable()
      .meta({ description: 'null, too, for callers without `applications:read`' }),
    endsAt: instantField,
    overdue: z.boolean().meta({ description: 'It has ended, and is still there' }),
    cause: z.enum(['expiry', 'certificate', 'policy', 'rotation']).meta({
      description:
        'expiry: set when it was made; certificate: its own end; policy: the longest life of secrets in this realm; rotation: another key signs, which happens by itself',
    }),
  })
  .meta({ id: 'Ending' });

const count = z.int().meta({ description: `Up to ${ENDINGS_COUNTED_MAX}` });

export const ENDING_ROUTES = {
  listExpiring: {
    method: 'GET',
    path: '/api/realms/{realm}/expiring',
    tag: 'credentials',
    summary: 'List what ends when, soonest first',
    description:
      'Credentials of clients; with `trust:read` certificate authorities, too; with `signing-keys:read` when signing keys rotate.',
    permission: 'credentials:read',
    params: realmParams,
    query: pageQuery.extend({
      since: instantQuery.optional(),
      until: instantQuery.optional(),
    }),
    answer: pageOf('EndingPage', endingView),
    status: 200,
  },
  countExpiring: {
    method: 'GET',
    path: '/api/realms/{realm}/expiring/months',
    tag: 'credentials',
    summary: `Count what ends in each of the next ${ENDING_MONTHS} months`,
    permission: 'credentials:read',
    params: realmParams,
    answer: z
      .object({
        overdue: count,
        months: z
          .array(z.object({ since: instantField, until: instantField, count }))
          .meta({ description: 'Months of UTC; the first one from now on' }),
      })
      .meta({ id: 'EndingMonths' }),
    status: 200,
  },
} as const satisfies Readonly<Record<string, Route>>;
