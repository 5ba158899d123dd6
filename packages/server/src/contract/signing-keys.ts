import { z } from 'zod';
import {
  idField,
  instantField,
  realmParams,
  revisionField,
  signingAlgorithmField,
} from './fields.ts';
import type { Route } from './route.ts';

const signingKeyView = z
  .object({
    kid: z.string(),
    algorithm: signingAlgorithmField,
    state: z.enum(['published', 'signing', 'retired']),
    createdAt: instantField,
    signsFrom: instantField,
    publishedUntil: instantField.nullable(),
    publicJwk: z.record(z.string(), z.string()),
    revision: revisionField,
  })
  .meta({ id: 'SigningKey' });

const keyRotation = z
  .strictObject({
    algorithm: signingAlgorithmField
      .optional()
      .meta({ description: "Left out: the realm's algorithm" }),
    immediately: z.boolean().default(false).meta({
      description:
        'Sign with the new key at once, although caches of the key set may not have it for up to an hour',
    }),
  })
  .meta({ id: 'KeyRotation' });

const keyList = z.object({ items: z.array(signingKeyView) }).meta({ id: 'SigningKeyList' });
const keyParams = realmParams.extend({ kid: idField });

export const SIGNING_KEY_ROUTES = {
  listSigningKeys: {
    method: 'GET',
    path: '/api/realms/{realm}/signing-keys',
    tag: 'signing-keys',
    summary: 'List the signing keys of a realm',
    permission: 'signing-keys:read',
    params: realmParams,
    answer: keyList,
    status: 200,
  },
  rotateSigningKey: {
    method: 'POST',
    path: '/api/realms/{realm}/signing-keys/rotate',
    tag: 'signing-keys',
    summary: 'Replace the signing key of one algorithm',
    description:
      'The new key is published at once and signs as soon as every cache of the key set can have it. The earlier key is retired then, and stays published until its last token has expired.',
    permission: 'signing-keys:write',
    params: realmParams,
    body: keyRotation,
    answer: keyList,
    status: 200,
  },
  retireSigningKey: {
    method: 'POST',
    path: '/api/realms/{realm}/signing-keys/{kid}/retire',
    tag: 'signing-keys',
    summary: 'Stop signing with a key',
    description: 'Its tokens stay valid. Another key takes over at once.',
    permission: 'signing-keys:write',
    params: keyParams,
    answer: keyList,
    status: 200,
    precondition: 'optional',
  },
  revokeSigningKey: {
    method: 'DELETE',
    path: '/api/realms/{realm}/signing-keys/{kid}',
    tag: 'signing-keys',
    summary: 'Remove a key at once',
    description:
      'For a key that others may have: every token that it signed is void here at once, and wherever the key set is read anew. Another key takes over.',
    permission: 'signing-keys:write',
    params: keyParams,
    status: 204,
    precondition: 'optional',
  },
} as const satisfies Readonly<Record<string, Route>>;
