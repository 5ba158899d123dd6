import {
  ASSERTION_ALGORITHMS,
  type ClientAuthentication,
  metadataAddresses,
} from '@tessera/protocol';
import { mayBeAsked, type Transport } from './exchange.ts';
import { secretBasic } from './introspect.ts';
import type { JwtExpectation } from './jwt-access-token.ts';
import { nonces } from './nonces.ts';
import type { DpopOptions, IntrospectionOptions, ResourceServerOptions } from './options.ts';
import type { Platform } from './platform.ts';
import { type FindTarget, isPublicUrl, originOf, targetBelow } from './public-url.ts';
import type { ChallengeDetails } from './refusal.ts';
import { replayMemory } from './replay-memory.ts';
import { readRequiredScopes } from './requirement.ts';
import { describeResource, type ResourceMetadata } from './resource-metadata.ts';
import type { ProofRules } from './verify-proof.ts';

/** What the options come to: every default is here, and what can never work is a TypeError. */
export type Settings = {
  readonly expectation: JwtExpectation;
  /** Seconds. */
  readonly tolerance: number;
  readonly transport: Transport;
  readonly cacheEntries: number;
  readonly proofs: ProofRules | undefined;
  readonly challenge: ChallengeDetails;
  readonly metadata: ResourceMetadata | undefined;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
};

const TOLERANCE = 30;

/** FAPI 2.0 Security Profile 5.3.2.1: nobody's clock is further off than this. */
const TOLERANCE_MAX = 60;

const CACHE_ENTRIES = 10_000;
const PROOF_WINDOW_SECONDS = 60;
const PROOF_WINDOW_SECONDS_MAX = 300;
const NONCE_SECRET_BYTES = 32;

export function readSettings(options: ResourceServerOptions, platform: Platform): Settings {
  const { issuer, algorithms = ASSERTION_ALGORITHMS, clock = Date.now, require = {} } = options;
  if (metadataAddresses(issuer) === undefined) throw new TypeError(`${issuer} is no issuer`);
  for (const address of [issuer, ...Object.values(options.endpoints ?? {})])
    if (address !== undefined && !mayBeAsked(address, options))
      throw new TypeError(`${address} is not https; allowHttp permits it`);
  const audience = [options.audience].flat();
  if (audience.length === 0 || !audience.every(Boolean))
    throw new TypeError('audience is missing: without it tokens for other APIs would be taken');
  if (algorithms.length === 0 || !algorithms.every((one) => ASSERTION_ALGORITHMS.includes(one)))
    throw new TypeError(`algorithms has to be some of ${ASSERTION_ALGORITHMS.join(', ')}`);
  const { profile = 'standard' } = options;
  if (profile !== 'standard' && profile !== 'pingone')
    throw new TypeError('profile has to be standard or pingone');
  readRequiredScopes(require);
  checkTimes(options);

  const proofs = readProofRules(options, audience, algorithms, platform, clock);
  const dpopAlgorithms = proofs?.algorithms;
  const facts = { issuer, audience, dpopAlgorithms, boundTo: require.boundTo };
  const metadata = options.resource && describeResource(options.resource, facts);
  return {
    expectation: { issuer, audience, algorithms, profile },
    tolerance: readNumber('clockTolerance', options.clockTolerance ?? TOLERANCE, TOLERANCE_MAX),
    transport: options,
    cacheEntries: options.cacheEntries ?? CACHE_ENTRIES,
    proofs,
    challenge: {
      realm: options.realm,
      resourceMetadata: metadata?.url,
      bearer: require.boundTo !== 'dpop',
      dpopAlgorithms,
    },
    metadata,
    clock,
  };
}

/** Whatever is longer was meant in another unit. */
const SECONDS_MAX = 7 * 24 * 3600;

function checkTimes({ keys = {}, introspection, status }: ResourceServerOptions): void {
  const { pollSeconds, whenUnavailable } = status || {};
  const times = {
    'keys.refreshSeconds': keys.refreshSeconds,
    'keys.usableSeconds': keys.usableSeconds,
    'keys.coolDownSeconds': keys.coolDownSeconds,
    'introspection.cacheSeconds': introspection?.cacheSeconds,
    'status.pollSeconds': pollSeconds,
    'status.whenUnavailable.staleFor':
      typeof whenUnavailable === 'object' ? whenUnavailable.staleFor : undefined,
  };
  for (const [option, value] of Object.entries(times))
    if (value !== undefined) readNumber(option, value, SECONDS_MAX);
}

function readProofRules(
  options: ResourceServerOptions,
  audience: readonly string[],
  algorithms: ProofRules['algorithms'],
  platform: Platform,
  clock: () => number,
): ProofRules | undefined {
  const { dpop = {}, publicUrl } = options;
  if (dpop === false) return undefined;
  const findTarget = readFindTarget(publicUrl, audience);
  if (findTarget === undefined) {
    if (options.dpop === undefined) return undefined;
    throw new TypeError('dpop needs publicUrl: no audience says where callers find this API');
  }
  return {
    algorithms,
    windowSeconds: readNumber(
      'dpop.windowSeconds',
      dpop.windowSeconds ?? PROOF_WINDOW_SECONDS,
      PROOF_WINDOW_SECONDS_MAX,
    ),
    replays: dpop.replays ?? replayMemory(undefined, clock),
    nonces: readNonces(dpop, platform),
    findTarget,
  };
}

function readNonces({ nonces: wanted, nonceSecret }: DpopOptions, platform: Platform) {
  if (wanted !== true) return undefined;
  const ownSecret = (): Uint8Array => crypto.getRandomValues(new Uint8Array(NONCE_SECRET_BYTES));
  return nonces(platform, nonceSecret ?? ownSecret());
}

function readFindTarget(
  publicUrl: ResourceServerOptions['publicUrl'],
  audience: readonly string[],
): FindTarget | undefined {
  if (typeof publicUrl === 'function') return publicUrl;
  if (publicUrl !== undefined && !isPublicUrl(publicUrl))
    throw new TypeError(`${publicUrl} is no address of http or https`);
  const base = publicUrl ?? audience.map(originOf).find((origin) => origin !== undefined);
  return base === undefined ? undefined : targetBelow(base);
}

/** How this API shows who it is when it asks. */
export function readAuthentication({
  authenticate,
  clientSecret,
}: IntrospectionOptions): ClientAuthentication {
  if (authenticate !== undefined && clientSecret !== undefined)
    throw new TypeError('introspection has clientSecret and authenticate: one of them is enough');
  if (authenticate !== undefined) return authenticate;
  if (clientSecret === undefined)
    throw new TypeError('introspection has neither clientSecret nor authenticate');
  return secretBasic(clientSecret);
}

function readNumber(option: string, value: number, max: number): number {
  if (Number.isFinite(value) && value >= 0 && value <= max) return value;
  throw new TypeError(`${option} has to be from 0 to ${max} seconds`);
}
