import { it } from 'vitest';
import { expectRefused, type Plan } from './plan.ts';

export function ensureClientAssertionInTokenEndpoint(plan: Plan): void {
  it('a client that only names itself is refused', async () => {
    expectRefused(await plan.ask(plan.first, { assertion: false }), [
      'invalid_client',
      'invalid_request',
    ]);
  });
}
