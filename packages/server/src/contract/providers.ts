import { INTROSPECT_ALL_SCOPE, isMetadataHost } from '@tessera/protocol';
import { z } from 'zod';
import { CLIENT_REGISTRATIONS } from '../model/provider.ts';
import { claimsField, claimView } from './claims.ts';
import { DAY } from './credential-members.ts';
import {
  absoluteUriField,
  grantTypesField,
  lifetimeField,
  listOf,
  quotaModeField,
  realmParams,
  revisionField,
  scopesField,
  securityProfileField,
  signingAlgorithmField,
  tokenBindingField,
  tokenFormatField,
  tokenLimitField,
  tokenReuseField,
} from './fields.ts';
import { keptAttributesField } from './kept-attributes.ts';
import type { Route } from './route.ts';

const keyRotationPeriodField = z
  .int()
  .min(86_400)
  .max(3650 * 86_400)
  .meta({ description: 'Seconds after which a signing key is replaced' });

const statusListsField = z.boolean().meta({
  description:
    'JWTs say in which status list they are, so that APIs learn of revocations without asking for each token; the profile `pingone` has none',
});

const clientRegistrationField = z.enum(CLIENT_REGISTRATIONS).meta({
  description:
    'Whether clients may register themselves: not at all, with an initial access token, anybody',
});

const metadataHostField = z
  .string()
  .max(253)
  .refine(
    isMetadataHost,
    'must be a host name in lower case, without port; *. before it stands for all below',
  );

/** How many tokens may be issued in an hour and in a day of UTC. */
const limitsOf = (whose: string) => {
  const limit = (span: string) =>
    tokenLimitField
      .nullable()
      .meta({ description: `Access tokens of ${whose} in ${span} of UTC; null: any number` });
  return { hour: limit('an hour'), day: limit('a day') };
};
const clientLimits = limitsOf('each client');
const realmLimits = limitsOf('all clients together');

const secretLifetimeMaxField = z
  .int()
  .min(1)
  .max(3650 * DAY)
  .nullable()
  .meta({ description: 'Seconds that a secret of a client lives at most; null: for ever' });

const secretRotationForcedField = z.boolean().meta({
  description: 'Secrets that were made before end at that age, too',
});

/** 2048, 3072 or 4096. RFC 7518 §3.3 asks for the first. */
const rsaKeyBitsMinField = z.int().min(2_048).max(4_096).multipleOf(1_024).meta({
  description:
    'Bits that RSA keys of clients have at least, in registered and published keys and in certificates',
});

const providerView = z
  .object({
    realm: z.string(),
    grantTypes: z.array(z.string()),
    defaultScopes: z.array(z.string()),
    accessTokenLifetime: z.int(),
    tokenFormat: tokenFormatField,
    signingAlgorithm: signingAlgorithmField,
    defaultAudience: z.string().nullable().meta({
      description:
        '`aud` of tokens whose scopes belong to no API; null: the issuer, or with the profile pingone the client',
    }),
    securityProfile: securityProfileField.meta({ description: 'The set of rules that holds' }),
    tokenBinding: tokenBindingField,
    dpopNonces: z
      .boolean()
      .meta({ description: 'DPoP proofs must carry a nonce that this server gave' }),
    statusLists: statusListsField,
    clientRegistration: clientRegistrationField,
    registrationScopes: z.array(z.string()),
    clientIdMetadataHosts: z.array(z.string()),
    quotaMode: quotaModeField,
    tokensPerHour: clientLimits.hour,
    tokensPerDay: clientLimits.day,
    realmTokensPerHour: realmLimits.hour,
    realmTokensPerDay: realmLimits.day,
    tokenReuseSeconds: tokenReuseField,
    claims: z
      .array(claimView)
      .meta({ description: 'What every token says besides, unless its API has it say otherwise' }),
    secretLifetimeMax: secretLifetimeMaxField,
    secretRotationForced: secretRotationForcedField,
    rsaKeyBitsMin: z.int(),
    keyRotationPeriod: z.int(),
    keptAttributes: keptAttributesField,
    revision: revisionField,
  })
  .meta({ id: 'Provider' });

export const providerPatch = z
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
    statusLists: z.boolean().optional(),
    claims: claimsField.optional(),
    clientRegistration: clientRegistrationField.optional(),
    registrationScopes: scopesField
      .refine(
        (scopes) => !scopes.includes(INTROSPECT_ALL_SCOPE),
        `must not have ${INTROSPECT_ALL_SCOPE}: give it to a client once it is known`,
      )
      .optional()
      .meta({ description: 'What a client that registers itself may hold at the default API' }),
    clientIdMetadataHosts: listOf(metadataHostField, 50).optional().meta({
      description:
        'Hosts whose client id metadata documents are believed, such as app.example.com or *.example.com',
    }),
    quotaMode: quotaModeField.optional(),
    tokensPerHour: clientLimits.hour.optional(),
    tokensPerDay: clientLimits.day.optional(),
    realmTokensPerHour: realmLimits.hour.optional(),
    realmTokensPerDay: realmLimits.day.optional(),
    tokenReuseSeconds: tokenReuseField.optional(),
    secretLifetimeMax: secretLifetimeMaxField.optional(),
    secretRotationForced: secretRotationForcedField.optional(),
    rsaKeyBitsMin: rsaKeyBitsMinField.optional(),
    keyRotationPeriod: keyRotationPeriodField.optional(),
    keptAttributes: keptAttributesField.optional(),
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
