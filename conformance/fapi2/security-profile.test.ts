import { describe } from 'vitest';
import { accessTokenTypeHeaderCaseSensitivity } from './access-token-type-header-case-sensitivity.ts';
import { checkDpopProofNbfExp } from './check-dpop-proof-nbf-exp.ts';
import { discoveryEndPointVerification } from './discovery-end-point-verification.ts';
import { dpopNegativeTests } from './dpop-negative-tests.ts';
import { ensureClientAssertionInTokenEndpoint } from './ensure-client-assertion-in-token-endpoint.ts';
import { ensureClientAssertionWithExpIs5MinutesInPastFails } from './ensure-client-assertion-with-exp-is-5-minutes-in-past-fails.ts';
import { ensureClientAssertionWithNoSubFails } from './ensure-client-assertion-with-no-sub-fails.ts';
import { ensureClientAssertionWithWrongAudFails } from './ensure-client-assertion-with-wrong-aud-fails.ts';
import { ensureClientIdInTokenEndpoint } from './ensure-client-id-in-token-endpoint.ts';
import { ensureDpopproofWithIat10secondsAfterSucceeds } from './ensure-dpopproof-with-iat-10seconds-after-succeeds.ts';
import { ensureDpopproofWithIat10secondsBeforeSucceeds } from './ensure-dpopproof-with-iat-10seconds-before-succeeds.ts';
import { ensureHolderOfKeyRequired } from './ensure-holder-of-key-required.ts';
import { ensureSignedClientAssertionWithRs256Fails } from './ensure-signed-client-assertion-with-rs256-fails.ts';
import { happyFlow } from './happy-flow.ts';
import { onEachVariant, type Plan } from './plan.ts';
import { pushedRequestsAtTheTokenEndpoint } from './pushed-requests-at-the-token-endpoint.ts';

type Module = { readonly name: string; readonly tests: (plan: Plan) => void };

/** Those of the plan that are the same however a token is bound. */
const MODULES: readonly Module[] = [
  {
    name: 'access-token-type-header-case-sensitivity',
    tests: accessTokenTypeHeaderCaseSensitivity,
  },
  { name: 'discovery-end-point-verification', tests: discoveryEndPointVerification },
  { name: 'ensure-client-id-in-token-endpoint', tests: ensureClientIdInTokenEndpoint },
  { name: 'ensure-holder-of-key-required', tests: ensureHolderOfKeyRequired },
  { name: 'happy-flow', tests: happyFlow },
  { name: 'pushed-requests-at-the-token-endpoint', tests: pushedRequestsAtTheTokenEndpoint },
];

/** Those about assertions and proofs. */
const OF_DPOP: readonly Module[] = [
  { name: 'check-dpop-proof-nbf-exp', tests: checkDpopProofNbfExp },
  { name: 'dpop-negative-tests', tests: dpopNegativeTests },
  {
    name: 'ensure-client-assertion-in-token-endpoint',
    tests: ensureClientAssertionInTokenEndpoint,
  },
  {
    name: 'ensure-client-assertion-with-exp-is-5-minutes-in-past-fails',
    tests: ensureClientAssertionWithExpIs5MinutesInPastFails,
  },
  { name: 'ensure-client-assertion-with-no-sub-fails', tests: ensureClientAssertionWithNoSubFails },
  {
    name: 'ensure-client-assertion-with-wrong-aud-fails',
    tests: ensureClientAssertionWithWrongAudFails,
  },
  {
    name: 'ensure-dpopproof-with-iat-10seconds-after-succeeds',
    tests: ensureDpopproofWithIat10secondsAfterSucceeds,
  },
  {
    name: 'ensure-dpopproof-with-iat-10seconds-before-succeeds',
    tests: ensureDpopproofWithIat10secondsBeforeSucceeds,
  },
  {
    name: 'ensure-signed-client-assertion-with-rs256-fails',
    tests: ensureSignedClientAssertionWithRs256Fails,
  },
];

onEachVariant((plan) => {
  const modules = plan.sender === 'DPoP' ? [...MODULES, ...OF_DPOP] : MODULES;
  describe.each(modules)('$name', ({ tests }) => tests(plan));
});
