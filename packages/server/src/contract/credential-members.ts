import { z } from 'zod';
import { clientIdField, instantField, labelField, realmParams, revisionField } from './fields.ts';

/** What credentials of every kind have in common. */

export const DAY = 86_400;

const expiresInField = z
  .int()
  .min(1)
  .max(3650 * DAY)
  .meta({ description: 'Seconds until it expires; left out: it does not' });

/** Of a credential that is added. */
export const newCredentialMembers = {
  label: labelField.default(''),
  expiresIn: expiresInField.optional(),
};

/** Of a credential that is shown: how it stands. */
export const credentialStateMembers = {
  status: z.enum(['active', 'expired']),
  createdAt: instantField,
  expiresAt: instantField.nullable(),
  lastUsedAt: instantField.nullable().meta({ description: 'A little behind' }),
  lastUsedAddress: z
    .string()
    .nullable()
    .meta({ description: 'From where that was; null: it is not known' }),
  revision: revisionField,
};

/** What can be changed of one: what it proves never can. */
export const credentialPatch = (id: string) =>
  z
    .strictObject({
      label: labelField.optional(),
      expiresAt: instantField
        .nullable()
        .optional()
        .meta({ description: 'null: it does not expire' }),
    })
    .meta({ id });

/** Whose it is. */
export const credentialParams = realmParams.extend({ clientId: clientIdField });
