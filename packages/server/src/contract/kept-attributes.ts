import { z } from 'zod';

/** More than every attribute of a provider of AM takes. */
const KEPT_BYTES_MAX = 32_768;

/**
 * What another product says of an object and this server does not read: kept, and given back as it
 * came, so that a configuration can be taken over and returned whole.
 */
export const keptAttributesField = z
  .record(z.string().max(200), z.unknown())
  .refine(
    (kept) => JSON.stringify(kept).length <= KEPT_BYTES_MAX,
    `must not be longer than ${KEPT_BYTES_MAX} characters as JSON`,
  )
  .nullable()
  .meta({
    description: 'What another product says of it and nothing here reads; given back as it came',
  });
