import { it } from 'vitest';
import { expectRefused, type Plan } from './plan.ts';

export function ensureClientAssertionWithWrongAudFails(plan: Plan): void {
  it('an assertion for another server is refused', async () => {
    const claims = { aud: 'https://other.example.com/' };
    expectRefused(await plan.ask(plan.first, { claims }), ['invalid_client', 'invalid_request']);
  });
}
