import { expect, it } from 'vitest';
import type { Plan } from './plan.ts';

/** Bits of entropy per character as it is measured in a text. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce(
    (sum, count) => sum - count * Math.log2(count / text.length),
    0,
  );
}

export function happyFlow(plan: Plan): void {
  it('both clients get a token of the right type, and no refresh or ID token', async () => {
    for (const party of [plan.first, plan.second]) {
      const { status, json, headers } = await plan.ask(party);
      expect({ status, type: headers['content-type'] }).toEqual({
        status: 200,
        type: expect.stringMatching(/^application\/json/),
      });
      expect(json).toMatchObject({
        access_token: expect.any(String),
        token_type: plan.sender === 'DPoP' ? 'DPoP' : 'Bearer',
        expires_in: expect.any(Number),
      });
      expect(json).not.toHaveProperty('refresh_token');
      expect(json).not.toHaveProperty('id_token');
    }
  });

  it('a token is long and random enough', async () => {
    const token = await plan.token(plan.first);
    expect(token.length * 6).toBeGreaterThan(128);
    expect(entropyOf(token)).toBeGreaterThan(96);
  });

  it('the resource is given, with a date, whatever harmless headers come along', async () => {
    const token = await plan.token(plan.first);
    for (const headers of [
      {},
      { 'x-fapi-customer-ip-address': '2001:db8::1893:25c8:1946' },
      { accept: 'application/json;charset=utf-8' },
      { accept: '*/*' },
    ]) {
      const answer = await plan.call(token, plan.first, { headers: { ...headers } });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.headers['date']).toBeDefined();
    }
  });

  it('a token in the address is refused', async () => {
    const token = await plan.token(plan.first);
    const path = `${plan.realm.path}/tokeninfo?access_token=${token}`;
    const answer = await plan.world.send({ path });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  it("the second client's token is of no use with the key of the first", async () => {
    const token = await plan.token(plan.second);
    expect((await plan.call(token, plan.first)).status).toBe(401);
    expect((await plan.call(token, plan.second)).status).toBe(200);
  });
}
