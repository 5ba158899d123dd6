import { expect, it } from 'vitest';
import { now } from '../signed.ts';
import type { Plan } from './plan.ts';

export function ensureDpopproofWithIat10secondsBeforeSucceeds(plan: Plan): void {
  it('a proof of ten seconds ago counts, at both servers', async () => {
    const answer = await plan.ask(plan.first, { proofClaims: { iat: now() + -10 } });
    expect(answer.status, answer.text).toBe(200);
    const token = (answer.json as { access_token: string }).access_token;
    const proofClaims = { iat: now() + -10 };
    expect((await plan.call(token, plan.first, { proofClaims })).status).toBe(200);
  });
}
