import { z } from 'zod';
import {
  absoluteUriField,
  grantTypesField,
  lifetimeField,
  realmParams,
  revisionField,
  scopesField,
  securityProfileField,
  signingAlgorithmField,
  tokenBindingField,
  tokenFormatField,
} from './fields.ts';
import type { Route } from './route.ts';

const keyRotationPeriodField = z
  .int()
  .min(86_400)
  .max(3650 * 86_400)
  .meta({ description: 'Seconds after which a signing key is replaced' });

const providerView = z
  .object({
    realm: z.string(),
    grantTypes: z.array(z.string()),
    defaultScopes: z.array(z.string()),
    accessTokenLifetime: z.int(),
    tokenFormat: tokenFormatField,
    signingAlgorithm: signingAlgorithmField,
    defaultAudience: z
      .string()
      .nullable()
      .meta({ description: '`aud` of tokens whose scopes belong to no API; null: the issuer' }),
    securityProfile: securityProfileField.meta({ description: 'The set of rules that holds' }),
    tokenBinding: tokenBindingField,
    dpopNonces: z
      .boolean()
      .meta({ description: 'DPoP proofs must carry a nonce that this server gave' }),
    keyRotationPeriod: z.int(),
    revision: revisionField,
  })
  .meta({ id: 'Provider' });

const providerPatch = z
  .strictObject({
    grantTypes: grantTypesField.optional(),
    defaultScopes: scopesField.optional(),
    accessTokenLifetime: lifetimeField.optional(),
    tokenFormat: tokenFormatField.optional(),
    signingAlgorithm: signingAlgorithmField.optional(),
    defaultAudience: absoluteUriField.nullable().optional(),
    securityProfile: securityProfileField.optional(),
    tokenBinding: tokenBindingField.optional(),
    dpopNonces: z.boolean().optional(),
    keyRotationPeriod: keyRotationPeriodField.optional(),
  })
  .meta({ id: 'ProviderPatch' });

export const PROVIDER_ROUTES = {
  findProvider: {
    method: 'GET',
    path: '/api/realms/{realm}/provider',
    tag: 'providers',
    summary: "Show a realm's OAuth 2.0 settings",
    permission: 'providers:read',
    params: realmParams,
    answer: providerView,
    status: 200,
    tagged: true,
  },
  updateProvider: {
    method: 'PATCH',
    path: '/api/realms/{realm}/provider',
    tag: 'providers',
    summary: "Change a realm's OAuth 2.0 settings",
    description: 'A signing algorithm that the realm has no key for gets one, which signs at once.',
    permission: 'providers:write',
    params: realmParams,
    body: providerPatch,
    answer: providerView,
    status: 200,
    precondition: 'required',
    tagged: true,
  },
} as const satisfies Readonly<Record<string, Route>>;
