import { it } from 'vitest';
import { expectRefused, type Plan } from './plan.ts';

export function ensureSignedClientAssertionWithRs256Fails(plan: Plan): void {
  it('an assertion signed with RS256 is refused, and with PS256 it is not (D116)', async () => {
    const party = await plan.register('PS256');
    await plan.token(party);
    const key = { ...party.key, algorithm: 'RS256' as const };
    expectRefused(await plan.ask({ ...party, key }, { proof: plan.proof(plan.first) }), [
      'invalid_client',
    ]);
  });
}
