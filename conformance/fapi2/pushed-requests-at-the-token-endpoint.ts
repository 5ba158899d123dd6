import { expect, it } from 'vitest';
import { now } from '../signed.ts';
import { expectRefused, type Plan } from './plan.ts';

/* Modules about pushed requests whose conditions hold for every endpoint with client assertions. */
export function pushedRequestsAtTheTokenEndpoint(plan: Plan): void {
  it('other methods than POST are refused', async () => {
    const answer = await plan.world.send({ path: `${plan.realm.path}/access_token` });
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  it('the order of scopes makes no difference', async () => {
    for (const scope of ['read write', 'write read']) {
      const answer = await plan.ask(plan.first, { form: { scope } });
      expect(answer.status, answer.text).toBe(200);
    }
  });

  if (plan.sender !== 'DPoP') return;

  it.each([
    ['the token endpoint', () => plan.tokenEndpoint],
    ['a list of the issuer', () => [plan.realm.issuer]],
    ['a list of both', () => [plan.realm.issuer, plan.tokenEndpoint]],
  ])('an audience that is %s is refused', async (_, aud) => {
    const claims = { aud: aud() };
    expectRefused(await plan.ask(plan.first, { claims }), ['invalid_client', 'invalid_request']);
  });

  it('iat and nbf eight seconds ahead are accepted, over a minute ahead they are not', async () => {
    const at = (by: number) => ({ claims: { iat: now() + by, nbf: now() + by, exp: now() + 100 } });
    expect((await plan.ask(plan.first, at(8))).status).toBe(200);
    expectRefused(await plan.ask(plan.first, at(65)), ['invalid_client', 'invalid_request']);
  });
}
