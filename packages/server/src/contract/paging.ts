import { z } from 'zod';
import { line } from './fields.ts';

export const PAGE_LIMIT_MAX = 200;
export const PAGE_LIMIT_DEFAULT = 50;

/** A parameter that nobody looks at was meant to do something. */
export const noQuery = z.strictObject({});

/** How a list is asked for, a part at a time. */
export const pageQuery = z.strictObject({
  limit: z.coerce
    .number<string>()
    .int()
    .min(1)
    .max(PAGE_LIMIT_MAX)
    .default(PAGE_LIMIT_DEFAULT)
    .meta({ description: 'How many items at most' }),
  after: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,2000}$/, 'must be the `next` of an earlier answer')
    .optional()
    .meta({ description: 'The `next` of the page before' }),
});

export const searchQuery = pageQuery.extend({
  search: line(200)
    .optional()
    .meta({ description: 'Only items whose name or id contains this, whatever the case' }),
});

/** A part of a list. `next` is opaque; null at the end. */
export const pageOf = <Item extends z.ZodType>(id: string, item: Item) =>
  z
    .object({
      items: z.array(item),
      next: z
        .string()
        .nullable()
        .meta({ description: 'Send this as `after` to go on; null at the end' }),
    })
    .meta({ id });
