import { createHash, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { newKey, now, proofOf } from '../signed.ts';
import type { Plan } from './plan.ts';

export function dpopNegativeTests(plan: Plan): void {
  const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');
  /** What the resource answers to a proof that differs in this from a good one. */
  async function show(claims: object = {}, header: object = {}, key = plan.first.key) {
    const token = await plan.token(plan.first);
    const proof = proofOf(
      key,
      plan.resource,
      { htm: 'GET', ath: hashOf(token), ...claims },
      header as Record<string, unknown>,
    );
    return (await plan.call(token, plan.first, { proof })).status;
  }

  it.each(['typ', 'alg', 'jwk'])('a proof without %s in its header is refused', async (member) => {
    expect(await show({}, { [member]: undefined })).toBe(401);
  });

  it.each(['jti', 'htm', 'htu', 'iat', 'ath'])('a proof without %s is refused', async (claim) => {
    expect(await show({ [claim]: undefined })).toBe(401);
  });

  it.each([
    ['of another type', {}, { typ: 'JWT' }],
    ['signed with nothing', {}, { alg: 'none' }],
    ['for another method', { htm: 'POST' }, {}],
    ['for another address', { htu: 'https://other.example.com/resource' }, {}],
    ['of an hour ago', { iat: now() - 3600 }, {}],
    ['of an hour ahead', { iat: now() + 3600 }, {}],
    ['for another token', { ath: hashOf('another') }, {}],
  ])('a proof %s is refused', async (_, claims, header) => {
    expect(await show(claims, header)).toBe(401);
  });

  it('a proof by another key, a key that is not allowed or a private one is refused', async () => {
    expect(await show({}, {}, newKey())).toBe(401);
    expect(await show({}, {}, newKey('RS256'))).toBe(401);
    const jwk = plan.first.key.privateKey.export({ format: 'jwk' });
    expect(await show({}, { jwk })).toBe(401);
  });

  it('a signature that was changed is refused', async () => {
    const token = await plan.token(plan.first);
    const good = proofOf(plan.first.key, plan.resource, { htm: 'GET', ath: hashOf(token) });
    const proof = `${good.slice(0, -8)}AAAAAAAA`;
    expect((await plan.call(token, plan.first, { proof })).status).toBe(401);
  });

  it('two proofs, none, text, and the Bearer scheme are refused', async () => {
    const token = await plan.token(plan.first);
    const good = () => proofOf(plan.first.key, plan.resource, { htm: 'GET', ath: hashOf(token) });
    for (const proof of [[good(), good()], 'no JWT', false] as const)
      expect((await plan.call(token, plan.first, { proof })).status).toBe(401);
    expect((await plan.call(token, plan.first, { scheme: 'Bearer' })).status).toBe(401);
  });

  it('the address may have a query and a fragment, and other spellings', async () => {
    for (const htu of [
      `${plan.resource}?query=1#fragment`,
      plan.resource,
      plan.resource.replace('https', 'HTTPS'),
    ])
      expect(await show({ htu }), htu).toBe(200);
  });

  it('a proof is good for one time', async () => {
    const token = await plan.token(plan.first);
    const proof = proofOf(plan.first.key, plan.resource, { htm: 'GET', ath: hashOf(token) });
    expect((await plan.call(token, plan.first, { proof })).status).toBe(200);
    expect((await plan.call(token, plan.first, { proof })).status).toBe(401);
  });

  it('members that are not known do no harm, and a right proof still works after all', async () => {
    expect(await show({ more: randomUUID() }, { more: 1 })).toBe(200);
    expect(await show()).toBe(200);
  });

  it('the header is found under any spelling of its name', async () => {
    const token = await plan.token(plan.first);
    const DPOP = proofOf(plan.first.key, plan.resource, { htm: 'GET', ath: hashOf(token) });
    const answer = await plan.call(token, plan.first, { proof: false, headers: { DPOP } });
    expect(answer.status).toBe(200);
  });
}
