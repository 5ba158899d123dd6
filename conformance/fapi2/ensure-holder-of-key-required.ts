import { expect, it } from 'vitest';
import { expectRefused, type Plan } from './plan.ts';

export function ensureHolderOfKeyRequired(plan: Plan): void {
  it('there is no token that is bound to nothing', async () => {
    if (plan.sender === 'mTLS')
      return expectRefused(await plan.ask(plan.first, { certificate: false }), [
        'invalid_client',
        'invalid_request',
        'invalid_grant',
      ]);
    const answer = await plan.ask(plan.first, { proof: false });
    expect(answer.status).toBe(400);
    expectRefused(answer, ['invalid_request', 'invalid_grant', 'invalid_dpop_proof']);
  });

  it('and nobody comes in by a secret', async () => {
    const client = await plan.realm.registerClient({ authenticationMethod: 'client_secret_basic' });
    const answer = await plan.realm.request(client, { scope: 'read' });
    expectRefused(answer, ['invalid_client']);
  });
}
