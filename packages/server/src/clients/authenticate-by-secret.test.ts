import type { PresentedCredentials } from '@tessera/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../../test/world.ts';
import { authenticateClient } from './authenticate-client.ts';
import { formatSecret } from './client-secret.ts';

let world: World;
let generated: string;
const CHOSEN = 'forgerock';

beforeAll(async () => {
  world = await createWorld();
  await world.createRealm('alpha');
  await world.createRealm('bravo');
  generated = await world.registerClient('alpha', 'generated');
  await world.registerClient('alpha', 'chosen');
  const digest = await world.env.hasher.hash(CHOSEN);
  if (digest === 'overloaded') throw new Error('nothing else is hashed here');
  await world.addSecret('alpha', 'chosen', { origin: 'chosen', digest });
  await world.registerClient('alpha', 'strict', { strictAuthenticationMethod: true });
});
afterAll(() => world.close());

const present = (
  clientId: string,
  secret: string,
  method: 'client_secret_basic' | 'client_secret_post' = 'client_secret_basic',
): PresentedCredentials => ({ method, readings: [{ clientId, secret }] });

const authenticate = async (
  presented: PresentedCredentials,
  address = '192.0.2.1',
  realm = 'alpha',
) => {
  const caller = await world.callerOf(realm, address);
  const client = await authenticateClient(world.env, caller, presented);
  return client.ok ? client.value.client.clientId : client.refusal.reason;
};

describe('RFC 6749 §2.3.1', () => {
  it('a generated and a chosen secret are believed', async () => {
    expect(await authenticate(present('generated', generated))).toBe('generated');
    expect(await authenticate(present('chosen', CHOSEN))).toBe('chosen');
    expect(await authenticate(present('chosen', CHOSEN))).toBe('chosen');
  });

  it('each way to be wrong has a reason of its own, for the operator', async () => {
    const other = formatSecret(world.env.random.bytes(32));
    expect(await authenticate(present('generated', other))).toBe('secret_wrong');
    expect(await authenticate(present('generated', 'chosen by nobody'))).toBe('secret_wrong');
    expect(await authenticate(present('nobody', other))).toBe('client_unknown');
    expect(await authenticate(present('nobody', CHOSEN))).toBe('client_unknown');
    expect(await authenticate(present('strict', other, 'client_secret_post'))).toBe('secret_wrong');
  });

  it('a secret of one realm is nothing in another', async () => {
    await world.registerClient('bravo', 'generated');
    const answer = await authenticate(present('generated', generated), '192.0.2.1', 'bravo');
    expect(answer).toBe('secret_wrong');
  });

  it('several secrets hold at a time, each until it expires', async () => {
    const expiresAt = (world.env.clock.now() + 60) as ReturnType<World['env']['clock']['now']>;
    const second = await world.addSecret('alpha', 'generated', { expiresAt });
    expect(await authenticate(present('generated', second))).toBe('generated');
    expect(await authenticate(present('generated', generated))).toBe('generated');
    world.pass(60);
    expect(await authenticate(present('generated', second))).toBe('secret_expired');
    expect(await authenticate(present('generated', generated))).toBe('generated');
  });

  it('a secret that was removed is forgotten at once, although it was remembered', async () => {
    const digest = await world.env.hasher.hash('short-lived');
    if (digest === 'overloaded') throw new Error('nothing else is hashed here');
    await world.registerClient('alpha', 'leaver');
    await world.addSecret('alpha', 'leaver', { origin: 'chosen', digest });
    expect(await authenticate(present('leaver', 'short-lived'))).toBe('leaver');
    const registered = await world.env.store.clients.find('alpha', 'leaver');
    const [, row] = registered?.credentials ?? [];
    await world.change((rows) => rows.credentials.delete('alpha', 'leaver', row?.id ?? ''));
    expect(await authenticate(present('leaver', 'short-lived'))).toBe('secret_wrong');
  });

  it('a secret that documentation prints is not believed, although it is right', async () => {
    const digest = await world.env.hasher.hash('a secret that everybody knows');
    if (digest === 'overloaded') throw new Error('nothing else is hashed here');
    await world.registerClient('alpha', 'careless');
    await world.addSecret('alpha', 'careless', { origin: 'chosen', digest });
    const presented = present('careless', 'a secret that everybody knows');
    for (let i = 0; i < 2; i++) expect(await authenticate(presented)).toBe('secret_public');
  });

  it('a disabled client is told from a wrong secret only after the right one', async () => {
    const secret = await world.registerClient('alpha', 'disabled', { enabled: false });
    expect(await authenticate(present('disabled', secret))).toBe('client_disabled');
    expect(await authenticate(present('disabled', generated))).toBe('secret_wrong');
  });

  it('a strict client is believed by its registered method alone', async () => {
    const secret = await world.addSecret('alpha', 'strict');
    expect(await authenticate(present('strict', secret))).toBe('strict');
    expect(await authenticate(present('strict', secret, 'client_secret_post'))).toBe(
      'authentication_method_not_registered',
    );
  });
});

describe('RFC 6749 §2.3.1 guessing', () => {
  const guess = async (clientId: string, address: string) =>
    authenticate(present(clientId, formatSecret(world.env.random.bytes(32))), address);

  it('is slowed down from one address', async () => {
    const answers: string[] = [];
    for (let i = 0; i < 12; i++) answers.push(await guess('generated', '198.51.100.1'));
    expect(answers.slice(0, 9)).toEqual(Array(9).fill('secret_wrong'));
    expect(answers.at(-1)).toBe('failures_too_many');
  });

  it('does not keep the client out, not even at the same address', async () => {
    for (let i = 0; i < 60; i++) await guess('generated', '198.51.100.2');
    expect(await authenticate(present('generated', generated), '198.51.100.2')).toBe('generated');
    expect(await authenticate(present('generated', generated), '198.51.100.3')).toBe('generated');
  });

  it('is not what a client does that starts with many requests at once', async () => {
    const digest = await world.env.hasher.hash('cold at the start');
    if (digest === 'overloaded') throw new Error('nothing else is hashed here');
    await world.registerClient('alpha', 'eager');
    await world.addSecret('alpha', 'eager', { origin: 'chosen', digest });
    const many = Array.from({ length: 60 }, () =>
      authenticate(present('eager', 'cold at the start'), '198.51.100.9'),
    );
    expect(new Set(await Promise.all(many))).toEqual(new Set(['eager']));
  });

  it('of many different guesses at once is looked at only within the budget', async () => {
    const many = Array.from({ length: 60 }, (_, guess) =>
      authenticate(present('chosen', `a guess of its own ${guess}`), '198.51.100.10'),
    );
    const answers = await Promise.all(many);
    expect(answers.filter((answer) => answer === 'secret_wrong').length).toBeLessThanOrEqual(10);
    expect(answers.filter((answer) => answer === 'chosen')).toEqual([]);
  });

  it('pays for no slow hash once the budget is spent, and still believes a remembered secret', async () => {
    expect(await authenticate(present('chosen', CHOSEN), '198.51.100.4')).toBe('chosen');
    for (let i = 0; i < 60; i++) await guess('chosen', '198.51.100.4');
    const started = process.cpuUsage();
    for (let i = 0; i < 20; i++)
      expect(await authenticate(present('chosen', `guess ${i}`), '198.51.100.4')).toBe(
        'failures_too_many',
      );
    const { user, system } = process.cpuUsage(started);
    expect(user + system).toBeLessThan(20 * 12_000);
    expect(await authenticate(present('chosen', CHOSEN), '198.51.100.4')).toBe('chosen');
  });
});
