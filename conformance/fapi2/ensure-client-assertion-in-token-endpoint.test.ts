import { it } from 'vitest';
import { expectRefused, onEachVariant } from './plan.ts';

onEachVariant(
  (plan) => {
    it('a client that only names itself is refused', async () => {
      expectRefused(await plan.ask(plan.first, { assertion: false }), [
        'invalid_client',
        'invalid_request',
      ]);
    });
  },
  ['DPoP'],
);
