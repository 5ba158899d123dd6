import { it } from 'vitest';
import { expectRefused, onEachVariant } from './plan.ts';

onEachVariant(
  (plan) => {
    it('an assertion for another server is refused', async () => {
      const claims = { aud: 'https://other.example.com/' };
      expectRefused(await plan.ask(plan.first, { claims }), ['invalid_client', 'invalid_request']);
    });
  },
  ['DPoP'],
);
