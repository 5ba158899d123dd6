import { expect, it } from 'vitest';
import { now } from '../signed.ts';
import type { Plan } from './plan.ts';

export function checkDpopProofNbfExp(plan: Plan): void {
  it('a proof may have nbf and exp, at both servers', async () => {
    const proofClaims = { nbf: now(), exp: now() + 300 };
    const answer = await plan.ask(plan.first, { proofClaims });
    expect(answer.status, answer.text).toBe(200);
    const token = (answer.json as { access_token: string }).access_token;
    expect((await plan.call(token, plan.first, { proofClaims })).status).toBe(200);
  });
}
