import type {
  SecurityProfile,
  SigningAlgorithm,
  TokenBinding,
  TokenEndpointAuthMethod,
} from './client.ts';
import { SIGNING_ALGORITHMS, TOKEN_ENDPOINT_AUTH_METHODS } from './client.ts';
import { ASSERTION_LIFETIME_MAX } from './client-assertion.ts';
import { ASSERTION_ALGORITHMS, FAPI_ALGORITHMS, SYMMETRIC_ALGORITHMS } from './jws-algorithm.ts';
import { AM_RESPONSES, type ResponseProfile, STANDARD_RESPONSES } from './response-profile.ts';
import { type Seconds, seconds } from './time.ts';

/** What a security profile allows, in the terms of those who decide. */
export type ProfileRules = {
  readonly authenticationMethods: readonly TokenEndpointAuthMethod[];
  /** Whether others may vouch for a client. */
  readonly federatedAssertions: boolean;
  /** Of client assertions. */
  readonly assertionAlgorithms: readonly string[];
  readonly audienceForm: 'string' | 'string_or_single';
  readonly assertionLifetimeMax: Seconds;
  /**
   * What the sole audience of a client assertion may be. `called` is the address that the client
   * sent it to, as it is known outside.
   */
  assertionAudiences(issuer: string, called: string): readonly string[];
  /** The same of an assertion that is a grant, which may also name the token endpoint. */
  grantAudiences(issuer: string, called: string): readonly string[];
  /** The `client_id` that is no client: it only says that the assertion is a service account's. */
  readonly serviceAccountClientId: string | undefined;
  /** Of DPoP proofs. */
  readonly proofAlgorithms: readonly string[];
  /** Of access tokens. */
  readonly signingAlgorithms: readonly SigningAlgorithm[];
  /** The least that every token must be bound to. */
  readonly tokenBinding: TokenBinding;
  /** Whether tokens may say in which status list they are. */
  readonly statusLists: boolean;
  readonly responses: ResponseProfile;
};

/** The RFCs as they are. RFC 10070 §4: the issuer and nothing else is the audience. */
const STANDARD: ProfileRules = {
  authenticationMethods: TOKEN_ENDPOINT_AUTH_METHODS,
  federatedAssertions: true,
  assertionAlgorithms: [...ASSERTION_ALGORITHMS, ...SYMMETRIC_ALGORITHMS],
  audienceForm: 'string_or_single',
  assertionLifetimeMax: ASSERTION_LIFETIME_MAX,
  assertionAudiences: (issuer) => [issuer],
  grantAudiences: (issuer) => [issuer, `${issuer}/access_token`],
  serviceAccountClientId: undefined,
  proofAlgorithms: ASSERTION_ALGORITHMS,
  signingAlgorithms: SIGNING_ALGORITHMS,
  tokenBinding: 'optional',
  statusLists: true,
  responses: STANDARD_RESPONSES,
};

/**
 * FAPI 2.0 Security Profile, 5.3.2.1 and 5.4: no shared secrets, only bound tokens, strong
 * algorithms, and the audience as one string.
 */
const FAPI2: ProfileRules = {
  ...STANDARD,
  authenticationMethods: ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'],
  // 5.3.2.1 names the methods: a key of the client itself, not one of somebody who vouches for it.
  federatedAssertions: false,
  assertionAlgorithms: FAPI_ALGORITHMS,
  audienceForm: 'string',
  proofAlgorithms: FAPI_ALGORITHMS,
  signingAlgorithms: ['ES256', 'PS256', 'EdDSA'],
  tokenBinding: 'either',
};

/**
 * What clients of PingOne Advanced Identity Cloud send: also the token endpoint as audience, with
 * and without its port, and assertions of half an hour; and what they are answered.
 */
const PINGONE: ProfileRules = {
  ...STANDARD,
  assertionLifetimeMax: seconds(1_800),
  assertionAudiences: audiencesOfPingOne,
  grantAudiences: audiencesOfPingOne,
  serviceAccountClientId: 'service-account',
  statusLists: false,
  responses: AM_RESPONSES,
};

function audiencesOfPingOne(issuer: string, called: string): readonly string[] {
  return [issuer, `${issuer}/access_token`, called].flatMap(spellings);
}

const RULES: Readonly<Record<SecurityProfile, ProfileRules>> = {
  standard: STANDARD,
  fapi2: FAPI2,
  pingone: PINGONE,
};

export const profileRules = (profile: SecurityProfile): ProfileRules => RULES[profile];

const AUTHORITY = /^(https?):\/\/([^/]*?)(:\d+)?(\/.*)?$/;

/**
 * An address with the default port of its scheme written out or left out; one that has another
 * port also with it twice, as a known client sends it.
 */
function spellings(address: string): readonly string[] {
  const [, scheme = '', host = '', port, path = ''] = AUTHORITY.exec(address) ?? [];
  if (host === '') return [address];
  const standard = scheme === 'https' ? ':443' : ':80';
  if (port === undefined || port === standard)
    return [`${scheme}://${host}${path}`, `${scheme}://${host}${standard}${path}`];
  return [address, `${scheme}://${host}${port}${port}${path}`];
}
