import {
  ATTRIBUTE_NAME,
  CUSTOM_CLAIMS_BYTES_MAX,
  CUSTOM_CLAIMS_MAX,
  findClaimProblem,
  fitsToken,
} from '@tessera/protocol';
import { z } from 'zod';
import { line, webUriField } from './fields.ts';

/** What has to do with custom claims: at APIs, at the realm's provider, and of clients. */

const claimField = z
  .strictObject({
    name: z.string().max(200),
    value: z.unknown().optional().meta({ description: 'Any JSON but null; at most 1024 bytes' }),
    template: line(1_000).optional().meta({
      description:
        'Text with references such as {{client.attributes.team|nobody}}: client.id, client.name, client.attributes.<name>, api.id, api.name, realm.name. Without what stands there otherwise, after |, the claim is left out where there is nothing',
    }),
  })
  .superRefine((claim, context) => {
    const problem = findClaimProblem(claim);
    if (problem !== undefined)
      context.addIssue({ code: 'custom', path: [problem.member], message: problem.detail });
  })
  .meta({ id: 'NewCustomClaim', description: 'It has a value or a template' });

export const claimsField = z
  .array(claimField)
  .max(CUSTOM_CLAIMS_MAX)
  .refine(
    (claims) => new Set(claims.map(({ name }) => name)).size === claims.length,
    'must not contain one name twice',
  )
  .refine(
    (claims) => fitsToken(Object.fromEntries(claims.map(({ name, value }) => [name, value]))),
    `must not be longer than ${CUSTOM_CLAIMS_BYTES_MAX} bytes as JSON`,
  )
  .meta({ description: 'What its tokens say besides: none of the names that this server writes' });

export const claimView = z
  .object({
    name: z.string(),
    value: z.unknown().optional(),
    template: z.string().optional(),
  })
  .meta({ id: 'CustomClaim' });

const hookMembers = {
  timeoutMilliseconds: z
    .int()
    .min(50)
    .max(5_000)
    .meta({ description: 'From the lookup of its name to the last byte of its answer' }),
  onFailure: z.enum(['refuse', 'omit']).meta({
    description: 'Whether there is no token without its answer, or one that lacks its claims',
  }),
  cacheSeconds: z
    .int()
    .min(0)
    .max(3_600)
    .meta({ description: 'How long an answer is used again for the same client, APIs and scopes' }),
};

/** What a hook is that little was said of. */
export const CLAIMS_HOOK_DEFAULTS = {
  timeoutMilliseconds: 500,
  onFailure: 'refuse',
  cacheSeconds: 60,
} as const;

export const claimsHookField = z
  .strictObject({
    url: webUriField,
    timeoutMilliseconds: hookMembers.timeoutMilliseconds.default(
      CLAIMS_HOOK_DEFAULTS.timeoutMilliseconds,
    ),
    onFailure: hookMembers.onFailure.default(CLAIMS_HOOK_DEFAULTS.onFailure),
    cacheSeconds: hookMembers.cacheSeconds.default(CLAIMS_HOOK_DEFAULTS.cacheSeconds),
  })
  .meta({ id: 'NewClaimsHook', description: 'Who is asked for more claims by a signed POST' });

/** RFC 7396 §2: what is not named stays as it is. */
export const claimsHookPatch = z
  .strictObject({ url: webUriField, ...hookMembers })
  .partial()
  .nullable()
  .optional()
  .meta({ description: 'Members of the hook to change; null: there is none any more' });

export const claimsHookView = z
  .object({ url: z.string(), ...hookMembers })
  .meta({ id: 'ClaimsHook' });

/** For those who have its claims, but need not know where it is. */
export const claimsHookTerms = z.object(hookMembers).meta({ id: 'ClaimsHookTerms' });

export const ATTRIBUTES_MAX = 20;

const attributeNameField = z
  .string()
  .regex(
    ATTRIBUTE_NAME,
    'must be 1 to 64 letters, digits, hyphens or underscores, a letter the first',
  );

const attributeValueField = line(256).min(1);

const fewEnough = (attributes: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(attributes).length <= ATTRIBUTES_MAX;
const TOO_MANY = `must not be more than ${ATTRIBUTES_MAX}`;

const DESCRIPTION = 'What administrators say of it, for claims: {{client.attributes.<name>}}';

export const attributesField = z
  .record(attributeNameField, attributeValueField)
  .refine(fewEnough, TOO_MANY)
  .meta({ description: DESCRIPTION });

/** RFC 7396 §2: one that is not named stays as it is, one that is null goes. */
export const attributesPatch = z
  .record(attributeNameField, attributeValueField.nullable())
  .refine(fewEnough, TOO_MANY)
  .nullable()
  .optional()
  .meta({ description: 'Attributes to set, or to remove with null; null: all of them' });

export const attributesView = z.record(z.string(), z.string()).meta({ description: DESCRIPTION });
