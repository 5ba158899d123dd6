import { ASSERTION_ALGORITHMS } from '@tessera/protocol';
import { z } from 'zod';
import {
  TRUSTED_ISSUER_PRESETS,
  TRUSTED_ISSUER_USES,
  TRUSTED_LIFETIME_MAX,
} from '../model/trusted-issuer.ts';
import { jwkField } from './client-keys.ts';
import {
  assertionReuseField,
  idField,
  instantField,
  line,
  listOf,
  nameField,
  realmParams,
  revisionField,
  webUriField,
} from './fields.ts';
import type { Route } from './route.ts';

const issuerField = line(2000).min(1).meta({
  description:
    'iss of its assertions, to the byte; for spiffe the trust domain, such as example.org',
});
const keySetField = z
  .object({ keys: z.array(jwkField).max(100) })
  .meta({ description: 'Its public keys as a JWK Set, where they have no address' });
const jwksUriField = webUriField.meta({ description: 'Where it publishes its keys as a JWK Set' });
const audienceField = line(2000)
  .min(1)
  .meta({ description: "The one audience that it must name; null: this realm's issuer" });
const algorithmsField = listOf(z.enum(ASSERTION_ALGORITHMS), ASSERTION_ALGORITHMS.length).min(1);
const lifetimeMaxField = z
  .int()
  .min(60)
  .max(TRUSTED_LIFETIME_MAX)
  .meta({ description: 'Seconds that its assertions may live' });
const usesField = listOf(z.enum(TRUSTED_ISSUER_USES), TRUSTED_ISSUER_USES.length)
  .min(1)
  .meta({ description: 'What its assertions may be used for' });

const issuerView = z
  .object({
    realm: z.string(),
    id: z.string(),
    name: z.string(),
    preset: z.enum(TRUSTED_ISSUER_PRESETS),
    issuer: issuerField,
    jwksUri: z.string().nullable(),
    jwks: z.object({ keys: z.array(jwkField) }).nullable(),
    audience: z.string().meta({ description: 'What its assertions must name, and nothing else' }),
    algorithms: z.array(z.string()),
    lifetimeMax: z.int(),
    assertionReuse: assertionReuseField,
    uses: z.array(z.enum(TRUSTED_ISSUER_USES)),
    enabled: z.boolean(),
    createdAt: instantField,
    revision: revisionField,
  })
  .meta({ id: 'TrustedIssuer' });

export const newIssuer = z
  .strictObject({
    name: nameField,
    preset: z.enum(TRUSTED_ISSUER_PRESETS).meta({
      description: 'What kind of platform it is: decides what is left out, and what must be pinned',
    }),
    issuer: issuerField.optional(),
    jwksUri: jwksUriField.optional(),
    jwks: keySetField.optional(),
    audience: audienceField.nullable().optional(),
    algorithms: algorithmsField.optional(),
    lifetimeMax: lifetimeMaxField.optional(),
    assertionReuse: assertionReuseField.optional(),
    uses: usesField.default(['client']),
    enabled: z.boolean().default(true),
  })
  .refine(
    ({ jwks, jwksUri }) => jwks === undefined || jwksUri === undefined,
    'must have jwks or jwksUri, not both',
  )
  .refine(
    ({ preset, issuer }) => issuer !== undefined || preset === 'github' || preset === 'gitlab',
    'must name the issuer: this preset has none of its own',
  )
  .refine(
    ({ preset, jwks, jwksUri }) => preset !== 'spiffe' || (jwks ?? jwksUri) !== undefined,
    'must have jwks or jwksUri: a trust domain is not discovered',
  )
  .meta({ id: 'NewTrustedIssuer' });

const issuerPatch = z
  .strictObject({
    name: nameField.optional(),
    jwksUri: jwksUriField.optional(),
    jwks: keySetField.optional(),
    audience: audienceField.nullable().optional(),
    algorithms: algorithmsField.optional(),
    lifetimeMax: lifetimeMaxField.optional(),
    assertionReuse: assertionReuseField.optional(),
    uses: usesField.optional(),
    enabled: z.boolean().optional(),
  })
  .refine(
    ({ jwks, jwksUri }) => jwks === undefined || jwksUri === undefined,
    'must have jwks or jwksUri, not both',
  )
  .meta({ id: 'TrustedIssuerPatch' });

const issuerParams = realmParams.extend({ issuerId: idField });

export const TRUSTED_ISSUER_ROUTES = {
  listTrustedIssuers: {
    method: 'GET',
    path: '/api/realms/{realm}/trusted-issuers',
    tag: 'trusted-issuers',
    summary: 'List the issuers that the realm trusts',
    permission: 'trust:read',
    params: realmParams,
    answer: z.object({ items: z.array(issuerView) }).meta({ id: 'TrustedIssuerList' }),
    status: 200,
  },
  createTrustedIssuer: {
    method: 'POST',
    path: '/api/realms/{realm}/trusted-issuers',
    tag: 'trusted-issuers',
    summary: 'Trust an issuer',
    description:
      'Nobody is a client by this alone: a client names the workloads of the issuer that are it.',
    permission: 'trust:write',
    params: realmParams,
    body: newIssuer,
    answer: issuerView,
    status: 201,
    tagged: true,
    locates: 'id',
  },
  findTrustedIssuer: {
    method: 'GET',
    path: '/api/realms/{realm}/trusted-issuers/{issuerId}',
    tag: 'trusted-issuers',
    summary: 'Show an issuer that the realm trusts',
    permission: 'trust:read',
    params: issuerParams,
    answer: issuerView,
    status: 200,
    tagged: true,
  },
  updateTrustedIssuer: {
    method: 'PATCH',
    path: '/api/realms/{realm}/trusted-issuers/{issuerId}',
    tag: 'trusted-issuers',
    summary: 'Change what an issuer is trusted with',
    description: 'Whoever has its keys can be any client that names a workload of it.',
    permission: 'trust:write',
    params: issuerParams,
    body: issuerPatch,
    answer: issuerView,
    status: 200,
    precondition: 'required',
    tagged: true,
  },
  deleteTrustedIssuer: {
    method: 'DELETE',
    path: '/api/realms/{realm}/trusted-issuers/{issuerId}',
    tag: 'trusted-issuers',
    summary: 'Trust an issuer no more',
    description: 'Refused while clients name workloads of it.',
    permission: 'trust:write',
    params: issuerParams,
    status: 204,
    precondition: 'required',
  },
} as const satisfies Readonly<Record<string, Route>>;
