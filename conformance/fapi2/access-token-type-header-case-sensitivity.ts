import { expect, it } from 'vitest';
import type { Plan } from './plan.ts';

export function accessTokenTypeHeaderCaseSensitivity(plan: Plan): void {
  it('the scheme of the Authorization header is read without case', async () => {
    const token = await plan.token(plan.first);
    const schemes = plan.sender === 'DPoP' ? ['dPoP', 'DPOP', 'dpop'] : ['bEARER', 'BEARER'];
    for (const scheme of schemes)
      expect((await plan.call(token, plan.first, { scheme })).status, scheme).toBe(200);
  });
}
