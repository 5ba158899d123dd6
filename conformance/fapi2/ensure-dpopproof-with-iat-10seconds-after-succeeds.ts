import { expect, it } from 'vitest';
import { now } from '../signed.ts';
import type { Plan } from './plan.ts';

export function ensureDpopproofWithIat10secondsAfterSucceeds(plan: Plan): void {
  it('a proof of eight seconds ahead counts, at both servers', async () => {
    const answer = await plan.ask(plan.first, { proofClaims: { iat: now() + 8 } });
    expect(answer.status, answer.text).toBe(200);
    const token = (answer.json as { access_token: string }).access_token;
    const proofClaims = { iat: now() + 8 };
    expect((await plan.call(token, plan.first, { proofClaims })).status).toBe(200);
  });
}
