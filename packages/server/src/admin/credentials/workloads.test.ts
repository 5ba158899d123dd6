import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, type Caller, createAdminWorld } from '../../../test/admin-world.ts';
import { WORKLOADS_COMPARED_MAX } from '../../model/trusted-issuer.ts';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

/** A client of an application, and who owns it. */
async function ownedClient(owner?: { readonly id: string }) {
  const user = owner ?? (await world.enter('alpha', []));
  const { answer } = await world.call(world.root, 'createApplication', {
    body: { name: 'Owned', owners: [user.id] },
  });
  return answer.clientId;
}

const enter = () => world.enter('alpha', []);

async function add(
  caller: Caller,
  clientId: string,
  issuerId: string,
  claims: Readonly<Record<string, string>>,
) {
  const conditions = Object.entries(claims).map(([claim, value]) => ({ claim, value }));
  const said = { params: { clientId }, body: { issuerId, conditions } };
  const { status, reason, answer } = await world.call(caller, 'addWorkload', said);
  return { outcome: reason ?? status, id: answer.id };
}

describe('an owner of an application', () => {
  let issuerId: string;
  beforeAll(async () => {
    issuerId = await world.addTrustedIssuer('alpha', { preset: 'github' });
  });

  test('names no workload that can be the client of somebody else', async () => {
    const victim = await enter();
    const attacker = await enter();
    const theirs = await ownedClient(victim);
    const mine = await ownedClient(attacker);
    expect((await add(victim.caller, theirs, issuerId, { repository: 'acme/app' })).outcome).toBe(
      201,
    );
    for (const claims of [
      { repository: 'acme/app' },
      { repository: 'acme/app', ref: 'refs/heads/main' },
      { sub: 'repo:acme/app:environment:production' },
      { repository_id: '74' },
    ])
      expect((await add(attacker.caller, mine, issuerId, claims)).outcome).toBe(
        'workload_overlapping',
      );
    expect((await add(attacker.caller, mine, issuerId, { repository: 'acme/web' })).outcome).toBe(
      201,
    );
  });

  test('learns from the refusal that there is one, and not whose', async () => {
    const owner = await enter();
    const clientId = await ownedClient(owner);
    const others = await world.register();
    await add(world.root, others.clientId, issuerId, { repository: 'acme/secret' });
    const { problem } = await world.call(owner.caller, 'addWorkload', {
      params: { clientId },
      body: { issuerId, conditions: [{ claim: 'repository', value: 'acme/secret' }] },
    });
    expect(problem).toMatchObject({ status: 409, errors: [{ pointer: '/conditions' }] });
    expect(JSON.stringify(problem)).not.toContain(others.clientId);
  });

  test('may name one workload for several clients that are all its own', async () => {
    const owner = await enter();
    const [one, other] = [await ownedClient(owner), await ownedClient(owner)];
    const claims = { repository: 'acme/both' };
    expect((await add(owner.caller, one, issuerId, claims)).outcome).toBe(201);
    expect((await add(owner.caller, other, issuerId, claims)).outcome).toBe(201);
  });

  test('does not wait until a workload of somebody else has ended: it can be renewed', async () => {
    const owner = await enter();
    const { clientId } = await world.register();
    await world.call(world.root, 'addWorkload', {
      params: { clientId },
      body: {
        issuerId,
        conditions: [{ claim: 'repository', value: 'acme/ended' }],
        expiresIn: 60,
      },
    });
    world.pass(61);
    const mine = await ownedClient(owner);
    expect((await add(owner.caller, mine, issuerId, { repository: 'acme/ended' })).outcome).toBe(
      'workload_overlapping',
    );
  });

  test('is told when there are too many to compare', async () => {
    const crowded = await world.addTrustedIssuer('alpha', { preset: 'github' });
    const { clientId } = await world.register();
    await world.change(async (rows) => {
      for (let number = 0; number < WORKLOADS_COMPARED_MAX; number++)
        await rows.credentials.insert({
          realm: 'alpha',
          clientId,
          id: `crowd-${number}`,
          label: '',
          material: {
            kind: 'trusted_issuer',
            issuerId: crowded,
            conditions: [{ claim: 'repository', operator: 'equals', value: `acme/${number}` }],
          },
          createdAt: world.env.clock.now(),
          expiresAt: undefined,
          lastUsedAt: undefined,
          lastUsedAddress: undefined,
          revision: 1,
        });
    });
    const owner = await enter();
    const mine = await ownedClient(owner);
    expect((await add(owner.caller, mine, crowded, { repository: 'acme/new' })).outcome).toBe(
      'workload_overlapping',
    );
  });
});

test('whoever may write all credentials may let one workload be several clients', async () => {
  const issuerId = await world.addTrustedIssuer('alpha', { preset: 'github' });
  const [one, other] = [await world.register(), await world.register()];
  const token = await world.automate('alpha', ['credentials:write']);
  const claims = { repository: 'acme/shared' };
  expect((await add(token, one.clientId, issuerId, claims)).outcome).toBe(201);
  expect((await add(token, other.clientId, issuerId, claims)).outcome).toBe(201);
});
