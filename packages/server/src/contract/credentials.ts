import { z } from 'zod';
import {
  credentialParams,
  credentialPatch,
  credentialStateMembers,
  DAY,
  newCredentialMembers,
} from './credential-members.ts';
import { idField, line } from './fields.ts';
import type { Route } from './route.ts';

export const chosenSecretField = line(128)
  .min(8)
  .meta({ format: 'password', description: 'A secret chosen by a person, 8 to 128 characters' });

/** How a secret is asked for, on its own or with its client. */
export const newSecret = z
  .strictObject({
    secret: chosenSecretField
      .optional()
      .meta({ description: 'Left out: 256 random bits, which is better' }),
    ...newCredentialMembers,
    recoverable: z.boolean().default(false).meta({
      description:
        'Keep it encrypted instead of digested only: client_secret_jwt needs that, nothing else does',
    }),
  })
  .meta({ id: 'NewSecret' });

const secretMembers = {
  id: z.string(),
  label: z.string(),
  origin: z.enum(['generated', 'chosen']),
  recoverable: z.boolean().meta({ description: 'Kept encrypted, for client_secret_jwt' }),
  lastFour: z.string().meta({ description: 'Its last characters; empty for a chosen one' }),
  ...credentialStateMembers,
};

const secretView = z.object(secretMembers).meta({ id: 'Secret' });

/** The one answer that contains the secret itself. */
export const secretOnce = z
  .object({
    ...secretMembers,
    secret: z.string().meta({ description: 'Shown this once and never again' }),
    note: z.string().nullable().meta({ description: 'A warning about a weak secret' }),
  })
  .meta({ id: 'SecretOnce' });

const rotatedSecret = z
  .object({
    ...secretMembers,
    secret: z.string().meta({ description: 'Shown this once and never again' }),
    note: z.string().nullable(),
    replaced: z.array(secretView).meta({ description: 'The earlier secrets, with their new end' }),
  })
  .meta({ id: 'RotatedSecret' });

const rotation = z
  .strictObject({
    overlap: z
      .int()
      .min(0)
      .max(90 * DAY)
      .default(DAY)
      .meta({ description: 'Seconds for which the earlier secrets still work; 0: they end now' }),
    ...newCredentialMembers,
  })
  .meta({ id: 'SecretRotation' });

const secretPatch = credentialPatch('SecretPatch');

const secretParams = credentialParams.extend({ secretId: idField });

export const CREDENTIAL_ROUTES = {
  listSecrets: {
    method: 'GET',
    path: '/api/realms/{realm}/clients/{clientId}/secrets',
    tag: 'credentials',
    summary: 'List the secrets of a client',
    description: 'Never the secrets themselves.',
    permission: 'credentials:read',
    owner: true,
    params: credentialParams,
    answer: z.object({ items: z.array(secretView) }).meta({ id: 'SecretList' }),
    status: 200,
  },
  addSecret: {
    method: 'POST',
    path: '/api/realms/{realm}/clients/{clientId}/secrets',
    tag: 'credentials',
    summary: 'Add a secret',
    description: 'A client may hold ten at a time.',
    permission: 'credentials:write',
    owner: true,
    params: credentialParams,
    body: newSecret,
    answer: secretOnce,
    status: 201,
    tagged: true,
    locates: 'id',
  },
  rotateSecret: {
    method: 'POST',
    path: '/api/realms/{realm}/clients/{clientId}/secrets/rotate',
    tag: 'credentials',
    summary: 'Replace the secrets of a client by a new one',
    description: 'The earlier ones go on working for the overlap and then end by themselves.',
    permission: 'credentials:write',
    owner: true,
    params: credentialParams,
    body: rotation,
    answer: rotatedSecret,
    status: 200,
    tagged: true,
  },
  updateSecret: {
    method: 'PATCH',
    path: '/api/realms/{realm}/clients/{clientId}/secrets/{secretId}',
    tag: 'credentials',
    summary: 'Change the label or the expiry of a secret',
    permission: 'credentials:write',
    owner: true,
    params: secretParams,
    body: secretPatch,
    answer: secretView,
    status: 200,
    precondition: 'required',
    tagged: true,
  },
  revokeSecret: {
    method: 'DELETE',
    path: '/api/realms/{realm}/clients/{clientId}/secrets/{secretId}',
    tag: 'credentials',
    summary: 'Revoke a secret',
    description: 'It stops working at once. Tokens that it obtained live on.',
    permission: 'credentials:write',
    owner: true,
    params: secretParams,
    status: 204,
    precondition: 'optional',
  },
} as const satisfies Readonly<Record<string, Route>>;
