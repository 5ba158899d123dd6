import { it } from 'vitest';
import { assertionClaims, signJws } from '../signed.ts';
import { expectRefused, type Plan } from './plan.ts';

export function ensureClientIdInTokenEndpoint(plan: Plan): void {
  it('the second client is not believed with what the first has', async () => {
    const { first, second, realm } = plan;
    if (plan.sender === 'mTLS')
      return expectRefused(await plan.ask(second, { certificate: first.certificate }), [
        'invalid_client',
        'invalid_grant',
      ]);
    const assertion = signJws(
      { alg: first.key.algorithm, kid: first.key.kid },
      assertionClaims(second.clientId, realm.issuer),
      first.key,
    );
    const form = { client_id: second.clientId };
    expectRefused(await plan.ask(second, { assertion, form }), ['invalid_client', 'invalid_grant']);
  });
}
