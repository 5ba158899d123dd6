import { it } from 'vitest';
import { now } from '../signed.ts';
import { expectRefused, type Plan } from './plan.ts';

export function ensureClientAssertionWithExpIs5MinutesInPastFails(plan: Plan): void {
  it('an assertion that ended five minutes ago is refused', async () => {
    const claims = { iat: now() - 400, nbf: now() - 400, exp: now() - 300 };
    expectRefused(await plan.ask(plan.first, { claims }), ['invalid_client', 'invalid_request']);
  });
}
