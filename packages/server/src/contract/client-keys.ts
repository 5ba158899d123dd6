import { z } from 'zod';
import {
  credentialParams,
  credentialPatch,
  credentialStateMembers,
  newCredentialMembers,
} from './credential-members.ts';
import { idField, webUriField } from './fields.ts';
import type { Route } from './route.ts';

/** A JSON Web Key as it comes; the protocol says whether it can be one. RFC 7517 §4 */
export const jwkField = z
  .record(z.string().max(100), z.unknown())
  .meta({ id: 'Jwk', description: 'A public key as a JSON Web Key' });

const keyView = z
  .object({
    id: z.string(),
    kind: z
      .enum(['public_key', 'jwks_uri'])
      .meta({ description: 'One key, or an address where the client publishes its keys' }),
    label: z.string(),
    kid: z.string().nullable().meta({ description: 'What assertions may name it by' }),
    keyType: z.string().nullable().meta({ description: 'For example EC P-256' }),
    algorithm: z.string().nullable().meta({ description: 'The one it is for; null: all that fit' }),
    thumbprint: z.string().nullable().meta({ description: 'RFC 7638, SHA-256' }),
    jwk: jwkField.nullable(),
    jwksUri: z.string().nullable(),
    ...credentialStateMembers,
  })
  .meta({ id: 'ClientKey' });

const newKey = z
  .strictObject({
    jwk: jwkField.optional(),
    jwksUri: webUriField.optional().meta({
      description: 'Instead of a key: where the client publishes its keys as a JWK Set',
    }),
    ...newCredentialMembers,
  })
  .refine(
    ({ jwk, jwksUri }) => (jwk === undefined) !== (jwksUri === undefined),
    'must have either jwk or jwksUri',
  )
  .meta({ id: 'NewClientKey' });

const keyPatch = credentialPatch('ClientKeyPatch');

const keyParams = credentialParams.extend({ keyId: idField });

export const CLIENT_KEY_ROUTES = {
  listKeys: {
    method: 'GET',
    path: '/api/realms/{realm}/clients/{clientId}/keys',
    tag: 'credentials',
    summary: 'List the public keys of a client',
    permission: 'credentials:read',
    owner: true,
    params: credentialParams,
    answer: z.object({ items: z.array(keyView) }).meta({ id: 'ClientKeyList' }),
    status: 200,
  },
  addKey: {
    method: 'POST',
    path: '/api/realms/{realm}/clients/{clientId}/keys',
    tag: 'credentials',
    summary: 'Add a public key, or the address where the client publishes its keys',
    description:
      'Whoever has the private half is the client from then on. A private key is refused.',
    permission: 'credentials:write',
    owner: true,
    params: credentialParams,
    body: newKey,
    answer: keyView,
    status: 201,
    tagged: true,
    locates: 'id',
  },
  updateKey: {
    method: 'PATCH',
    path: '/api/realms/{realm}/clients/{clientId}/keys/{keyId}',
    tag: 'credentials',
    summary: 'Change the label or the expiry of a key',
    permission: 'credentials:write',
    owner: true,
    params: keyParams,
    body: keyPatch,
    answer: keyView,
    status: 200,
    precondition: 'required',
    tagged: true,
  },
  revokeKey: {
    method: 'DELETE',
    path: '/api/realms/{realm}/clients/{clientId}/keys/{keyId}',
    tag: 'credentials',
    summary: 'Revoke a key',
    description: 'Assertions made with it are refused at once. Tokens that they obtained live on.',
    permission: 'credentials:write',
    owner: true,
    params: keyParams,
    status: 204,
    precondition: 'optional',
  },
} as const satisfies Readonly<Record<string, Route>>;
