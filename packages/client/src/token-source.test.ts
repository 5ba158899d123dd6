import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { movableClock, refuse, startEndpoint } from '../test/token-endpoint.ts';
import { secretBasic } from './authentication/secret-basic.ts';
import { OAuthError } from './oauth-error.ts';
import { lifeOf } from './token-slot.ts';
import { type TokenSourceOptions, tokenSource } from './token-source.ts';

const { endpoint, grant } = startEndpoint();
const count = () => endpoint.seen.length;

let clock = movableClock();
beforeEach(() => {
  clock = movableClock();
});

const open = (more: Partial<TokenSourceOptions> = {}) =>
  tokenSource({
    server: endpoint.server,
    clientId: 'c',
    authenticate: secretBasic('s'),
    stopwatch: clock.stopwatch,
    random: () => 0.5,
    retrySeconds: 0,
    ...more,
  } as TokenSourceOptions);

/** Until so many requests were made and answered, and no more came. */
async function settled(requests: number): Promise<void> {
  for (let tries = 0; count() < requests && tries < 200; tries++) await pause(5);
  await pause(30);
  expect(count()).toBe(requests);
}

describe('a token', () => {
  it('is asked for once, though a thousand wait for it', async () => {
    const source = open();
    const waiting = Array.from({ length: 1000 }, () => source.token());
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['token-1']));
    expect(await source.token()).toBe('token-1');
    expect(count()).toBe(1);
  });

  it('is renewed once when a thousand find it old', async () => {
    const source = open();
    await source.token();
    clock.pass(96);
    const waiting = Array.from({ length: 1000 }, () => source.token());
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['token-2']));
    clock.pass(85);
    await Promise.all(Array.from({ length: 1000 }, () => source.token()));
    await settled(3);
  });

  it('is renewed in the background once 80 % of its life are over, and nobody waits', async () => {
    const source = open();
    await source.token();
    clock.pass(79);
    expect(await source.token()).toBe('token-1');
    await settled(1);
    clock.pass(2);
    expect(await source.token()).toBe('token-1');
    await settled(2);
    expect(await source.token()).toBe('token-2');
  });

  it('is renewed between 70 and 90 % of its life, by chance, and not given out at its end', () => {
    expect(lifeOf(100, 0)).toEqual({ usable: 95, renewFrom: 70 });
    expect(lifeOf(100, 1)).toEqual({ usable: 95, renewFrom: 90 });
    expect(lifeOf(10, 0)).toEqual({ usable: 9, renewFrom: 7 });
    expect(lifeOf(0, 0)).toEqual({ usable: 0, renewFrom: 0 });
    expect(lifeOf(undefined, 0)).toEqual({ usable: 55, renewFrom: 42 });
  });

  it('is not given out in its last seconds: whoever asks then waits for the next', async () => {
    const source = open();
    await source.token();
    clock.pass(95);
    expect(await source.token()).toBe('token-2');
  });

  it('that lives no time at all is good for those who waited, and for nobody else', async () => {
    endpoint.answer = grant(0);
    const source = open();
    expect(await Promise.all([source.token(), source.token()])).toEqual(['token-1', 'token-1']);
    expect(await source.token()).toBe('token-2');
  });

  it('that is good is given out while its renewal fails, but never once it has ended', async () => {
    const source = open();
    await source.token();
    clock.pass(85);
    endpoint.answer = refuse(503, 'temporarily_unavailable');
    expect(await source.token()).toBe('token-1');
    await settled(2);
    expect(await source.token()).toBe('token-1');
    await settled(2);
    // The second attempt comes after a pause of a second.
    clock.pass(1);
    expect(await source.token()).toBe('token-1');
    await settled(3);
    clock.pass(9);
    await expect(source.token()).rejects.toMatchObject({ status: 503 });
    endpoint.answer = grant(100);
    expect(await source.token()).toBe('token-5');
  });

  it('of a renewal that is under way is waited for when there is no other', async () => {
    const source = open();
    await source.token();
    clock.pass(85);
    const answered = new Promise<void>((resolve) => {
      endpoint.answer = (response, seen) =>
        void pause(50).then(() => {
          grant(100)(response, seen);
          resolve();
        });
    });
    await source.token();
    clock.pass(11);
    expect(await source.token()).toBe('token-2');
    await answered;
    expect(count()).toBe(2);
  });
});

describe('tokens for different things', () => {
  it('are different, and each is asked for once', async () => {
    const source = open({ scope: 'read' });
    const asked = [
      {},
      { scope: ['write'] },
      { resource: 'https://a.example' },
      { resource: ['https://a.example', 'https://b.example'] },
      { authorizationDetails: [{ type: 'payment' }] },
      { authorizationDetails: [{ type: 'payment', limit: 1 }] },
    ];
    const tokens = await Promise.all([...asked, ...asked].map((wanted) => source.token(wanted)));
    expect(new Set(tokens).size).toBe(6);
    expect(count()).toBe(6);
    const scopes = endpoint.seen.map(({ form }) => form.get('scope'));
    expect(scopes.filter((scope) => scope === 'read')).toHaveLength(5);
    expect(scopes).toContain('write');
  });

  it('are the same when only their order or their number differs', async () => {
    const source = open();
    await source.token({ scope: 'a b', resource: ['https://a.example', 'https://b.example'] });
    await source.token({
      scope: ['b', 'a', 'b'],
      resource: ['https://b.example', 'https://a.example'],
    });
    expect(count()).toBe(1);
  });

  it('are not confused by what is in their names', async () => {
    const source = open();
    await source.token({ resource: ['https://a.example/","'] });
    await source.token({ resource: ['https://a.example/', ','] });
    await source.token({ scope: 'https://a.example/' });
    expect(count()).toBe(3);
  });

  it('are few: the one used longest ago gives way', async () => {
    const source = open({ tokensMax: 2 });
    for (const scope of ['a', 'b', 'a', 'c', 'a']) await source.token({ scope });
    expect(count()).toBe(3);
    await source.token({ scope: 'b' });
    expect(count()).toBe(4);
  });

  it('that can not be asked for are a mistake of the program, and nothing is sent', async () => {
    await expect(open().token({ scope: 'a"b' })).rejects.toThrow(TypeError);
    expect(count()).toBe(0);
  });
});

describe('a token that an API refused', () => {
  it('is dropped, and no newer one', async () => {
    const source = open();
    const first = await source.token();
    expect(source.invalidate(first)).toBe(true);
    expect(await source.token()).toBe('token-2');
    expect(source.invalidate(first)).toBe(true);
    expect(await source.token()).toBe('token-2');
  });

  it('is replaced once, though a thousand saw it refused', async () => {
    const source = open();
    const first = await source.token();
    const again = Array.from({ length: 1000 }, () => {
      source.invalidate(first);
      return source.token();
    });
    expect(new Set(await Promise.all(again))).toEqual(new Set(['token-2']));
    expect(count()).toBe(2);
  });

  it('and whose successor is refused at once is not the reason: the server is left alone', async () => {
    const source = open();
    source.invalidate(await source.token());
    const second = await source.token();
    expect(source.invalidate(second)).toBe(false);
    expect(await source.token()).toBe(second);
    clock.pass(10);
    expect(source.invalidate(second)).toBe(true);
    expect(await source.token()).toBe('token-3');
  });

  it('forget drops all tokens', async () => {
    const source = open();
    await source.token({ scope: 'a' });
    await source.token({ scope: 'b' });
    source.forget();
    await source.token({ scope: 'a' });
    expect(count()).toBe(3);
  });
});

describe('whoever waits', () => {
  it('may give up with a reason of its own, and the others go on waiting', async () => {
    endpoint.answer = (response, seen) => void pause(60).then(() => grant(100)(response, seen));
    const source = open();
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const impatient = source.token({ signal: controller.signal });
    const patient = source.token();
    setTimeout(() => controller.abort(reason), 20);
    await expect(impatient).rejects.toBe(reason);
    expect(await patient).toBe('token-1');
    await expect(source.token({ signal: controller.signal })).rejects.toBe(reason);
    expect(count()).toBe(1);
  });

  it('last and gives up ends the request, too', async () => {
    const closed = new Promise<void>((resolve) => {
      endpoint.answer = (response) => response.on('close', resolve);
    });
    const source = open();
    const controller = new AbortController();
    const waiting = source.token({ signal: controller.signal });
    await expect.poll(count).toBe(1);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await closed;
    endpoint.answer = grant(100);
    expect(await source.token()).toBe('token-2');
  });
});

describe('RFC 6749 §5.2 a refusal', () => {
  it('is told to all who wait, and the server is left alone for a while', async () => {
    const source = open();
    endpoint.answer = refuse(400, 'invalid_scope');
    const waiting = [source.token(), source.token()];
    for (const one of waiting) await expect(one).rejects.toMatchObject({ error: 'invalid_scope' });
    for (let times = 0; times < 50; times++)
      await expect(source.token()).rejects.toThrow(OAuthError);
    expect(count()).toBe(1);
    // Other scopes may be granted.
    endpoint.answer = grant(100);
    expect(await source.token({ scope: 'other' })).toBe('token-2');
    clock.pass(1);
    expect(await source.token()).toBe('token-3');
  });

  it('of the client itself silences it for all that it could ask, longer from time to time', async () => {
    const source = open({ random: () => 1 });
    endpoint.answer = refuse(401, 'invalid_client');
    const ask = (scope: string) =>
      expect(source.token({ scope })).rejects.toMatchObject({ error: 'invalid_client' });
    let asked = 0;
    for (const seconds of [5, 10, 20, 40, 60, 60]) {
      await ask('a');
      expect(count()).toBe(++asked);
      clock.pass(seconds - 0.1);
      await ask('a');
      await ask('b');
      expect(count()).toBe(asked);
      clock.pass(0.1);
    }
    endpoint.answer = grant(100);
    expect(await source.token({ scope: 'b' })).toBe('token-7');
    endpoint.answer = refuse(401, 'invalid_client');
    await ask('a');
    clock.pass(5);
    await ask('a');
    expect(count()).toBe(9);
  });

  it('of the client does not take tokens that are good from anybody', async () => {
    const source = open();
    await source.token();
    endpoint.answer = refuse(401, 'invalid_client');
    await expect(source.token({ scope: 'other' })).rejects.toThrow(OAuthError);
    clock.pass(85);
    expect(await source.token()).toBe('token-1');
    await settled(3);
  });

  it('is forgotten on demand, when somebody has corrected it', async () => {
    const source = open();
    endpoint.answer = refuse(401, 'invalid_client');
    await expect(source.token()).rejects.toThrow(OAuthError);
    source.forget();
    endpoint.answer = grant(100);
    expect(await source.token()).toBe('token-2');
  });
});
