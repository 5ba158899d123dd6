import { it } from 'vitest';
import { expectRefused, onEachVariant } from './plan.ts';

onEachVariant(
  (plan) => {
    it('an assertion without a subject is refused', async () => {
      const claims = { sub: undefined };
      expectRefused(await plan.ask(plan.first, { claims }), ['invalid_client', 'invalid_request']);
    });
  },
  ['DPoP'],
);
