import { it } from 'vitest';
import { expectRefused, type Plan } from './plan.ts';

export function ensureClientAssertionWithNoSubFails(plan: Plan): void {
  it('an assertion without a subject is refused', async () => {
    const claims = { sub: undefined };
    expectRefused(await plan.ask(plan.first, { claims }), ['invalid_client', 'invalid_request']);
  });
}
