import {
  ASSERTION_ALGORITHMS,
  type AssertionAlgorithm,
  type Seconds,
  seconds,
} from '@tessera/protocol';
import type { TrustedIssuer, TrustedIssuerPreset } from '../../model/trusted-issuer.ts';

/** What a platform does when it is left as it comes. */
export type Preset = Pick<TrustedIssuer, 'algorithms' | 'assertionReuse' | 'lifetimeMax'> & {
  /** Undefined: each installation has one of its own. */
  readonly issuer: string | undefined;
  /** Where its keys are below its issuer; `discovered`: its metadata say so. */
  readonly jwksPath: string | 'discovered';
};

const HOUR: Seconds = seconds(3_600);

/** JWT-SVID §2.1: all but EdDSA. */
const SVID_ALGORITHMS: readonly AssertionAlgorithm[] = ASSERTION_ALGORITHMS.filter(
  (algorithm) => !algorithm.startsWith('Ed'),
);

/**
 * One assertion may be shown again where the platform gives a workload the same one for as long as
 * it lasts: a file in a pod, a variable of a job. GitHub and OpenID providers make one for each
 * request.
 */
export const PRESETS: Readonly<Record<TrustedIssuerPreset, Preset>> = {
  github: {
    issuer: 'https://token.actions.githubusercontent.com',
    jwksPath: '/.well-known/jwks',
    algorithms: ['RS256'],
    lifetimeMax: seconds(900),
    assertionReuse: 'refused',
  },
  gitlab: {
    issuer: 'https://gitlab.com',
    jwksPath: '/oauth/discovery/keys',
    algorithms: ['RS256'],
    lifetimeMax: HOUR,
    assertionReuse: 'until_expiry',
  },
  kubernetes: {
    issuer: undefined,
    jwksPath: 'discovered',
    algorithms: ['RS256', 'ES256'],
    lifetimeMax: HOUR,
    assertionReuse: 'until_expiry',
  },
  spiffe: {
    issuer: undefined,
    jwksPath: 'discovered',
    algorithms: SVID_ALGORITHMS,
    lifetimeMax: HOUR,
    assertionReuse: 'until_expiry',
  },
  oidc: {
    issuer: undefined,
    jwksPath: 'discovered',
    algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    lifetimeMax: HOUR,
    assertionReuse: 'refused',
  },
};
