import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../packages/server/test/free-port.ts';
import { answerJson, type ClaimsReceiver, startClaimsReceiver } from './claims-receiver.ts';
import { type ClientCredentials, readToken, refusal } from './realm.ts';
import { type Answer, send } from './wire.ts';
import { onEachDatabase } from './world.ts';

const TYP = 'claims-request+jwt';

type Hooked = {
  readonly id: string;
  readonly identifier: string;
  readonly client: ClientCredentials;
};

onEachDatabase(
  (world) => {
    const { alpha } = world;
    let receiver: ClaimsReceiver;
    let count = 0;

    beforeAll(async () => {
      receiver = await startClaimsReceiver();
    });
    afterAll(() => receiver.close());

    /** An API with a hook, and a client of it. What one test breaks, no other has. */
    const arrange = async (hook: object = {}, members: object = {}) => {
      const id = `hooked-${++count}`;
      const identifier = `https://${id}.example.com`;
      const claimsHook = { url: receiver.url, cacheSeconds: 0, ...hook };
      await alpha.registerApi({
        ...{ id, identifier, scopes: [{ name: id }], claimsHook },
        ...members,
      });
      const client = await alpha.registerClient({ attributes: { team: 'payments' } });
      await alpha.grant(client, id, [id]);
      return { id, identifier, client, ask: () => alpha.request(client, { scope: id }) };
    };

    const claimsOf = async (asked: ReturnType<typeof alpha.request>) =>
      decodeJwt(readToken(await asked).access_token);

    const unavailable = refusal(503, 'temporarily_unavailable');

    describe('a claims hook', () => {
      it('adds what it answers to the token and to introspection', async () => {
        const { client, ask } = await arrange();
        receiver.answerWith((response) => answerJson(response, { claims: { tier: { level: 3 } } }));
        const { access_token: token } = readToken(await ask());
        expect(decodeJwt(token)).toMatchObject({ tier: { level: 3 }, sub: client.clientId });
        expect((await alpha.introspect(token, client)).json).toMatchObject({
          active: true,
          tier: { level: 3 },
        });
      });

      it('adds it to an opaque token too', async () => {
        const { client, ask } = await arrange({}, { tokenFormat: 'opaque' });
        receiver.answerWith((response) => answerJson(response, { claims: { tier: 1 } }));
        const { access_token: token } = readToken(await ask());
        expect((await alpha.introspect(token, client)).json).toMatchObject({ tier: 1 });
      });

      it('is told who asks for what, and nothing secret', async () => {
        const { id, identifier, client, ask } = await arrange();
        receiver.answerWith((response) => answerJson(response, { claims: {} }));
        const { access_token: token } = readToken(await ask());
        const [asked] = receiver.requests;
        expect(asked?.method).toBe('POST');
        expect(asked?.json).toEqual({
          realm: 'alpha',
          api: id,
          audience: [identifier],
          client_id: client.clientId,
          client_attributes: { team: 'payments' },
          scope: id,
          grant_type: 'client_credentials',
          request_id: expect.stringMatching(/./) as string,
        });
        const all = `${JSON.stringify(asked?.headers)}${asked?.body.toString('utf8')}`;
        expect(all).not.toContain(client.secret);
        expect(all).not.toContain(token);
        expect(asked?.headers).not.toHaveProperty('authorization');
      });

      it('can verify the request with the keys of the realm, and nothing else takes it', async () => {
        const { client, ask } = await arrange();
        receiver.answerWith((response) => answerJson(response, { claims: {} }));
        await ask();
        await ask();
        const [asked, later] = receiver.requests.map(({ headers, body }) => ({
          signature: String(headers['tessera-signature']),
          body,
        }));
        const { json } = await alpha.read('connect/jwk_uri');
        const keys = createLocalJWKSet(json as Parameters<typeof createLocalJWKSet>[0]);
        const { payload } = await jwtVerify(asked?.signature ?? '', keys, {
          ...{ typ: TYP, issuer: alpha.issuer, audience: receiver.url, maxTokenAge: 60 },
        });
        expect(payload['body_sha256']).toBe(
          createHash('sha256')
            .update(asked?.body ?? '')
            .digest('base64url'),
        );
        expect(payload.exp).toBe((payload.iat ?? 0) + 60);
        expect(payload.jti).not.toBe(decodeJwt(later?.signature ?? '').jti);
        expect(decodeProtectedHeader(asked?.signature ?? '').typ).toBe(TYP);
        // Shown as a token it opens nothing.
        const answer = await alpha.introspect(asked?.signature ?? '', client);
        expect(answer.json).toEqual({ active: false });
      });

      it('is asked once by many that ask the same at once, and for as long as its answer is fresh', async () => {
        const { id, client, ask } = await arrange({ cacheSeconds: 60 });
        receiver.answerWith((response) => {
          setTimeout(() => answerJson(response, { claims: { tier: 1 } }), 100);
        });
        const answers = await Promise.all(Array.from({ length: 20 }, ask));
        for (const answer of answers)
          expect(decodeJwt(readToken(answer).access_token)['tier']).toBe(1);
        await ask();
        expect(receiver.requests).toHaveLength(1);
        // What the client is has changed, so the answer may have.
        await alpha.changeClient(client, { attributes: { team: 'stock' } });
        await ask();
        expect(receiver.requests.map(({ json }) => json['client_attributes'])).toEqual([
          { team: 'payments' },
          { team: 'stock' },
        ]);
        const path = `/api/realms/alpha/apis/${id}`;
        await world.administration.change(path, { claimsHook: { timeoutMilliseconds: 400 } });
        await ask();
        expect(receiver.requests).toHaveLength(3);
      });

      it('cannot contradict what its API says', async () => {
        const { ask } = await arrange({}, { claims: [{ name: 'tier', value: 1 }] });
        receiver.answerWith((response) => answerJson(response, { claims: { tier: 2 } }));
        expect(await ask()).toMatchObject(refusal(400, 'invalid_target'));
        receiver.answerWith((response) => answerJson(response, { claims: { tier: 1, more: 1 } }));
        expect(await claimsOf(ask())).toMatchObject({ tier: 1, more: 1 });
      });

      it('of each API in a token is asked', async () => {
        const [one, other] = [await arrange(), await arrange()];
        await alpha.grant(one.client, other.id, [other.id]);
        receiver.answerWith((response, { json }) =>
          answerJson(response, { claims: { [String(json['api'])]: 1 } }),
        );
        const form = new URLSearchParams([
          ['grant_type', 'client_credentials'],
          ['scope', `${one.id} ${other.id}`],
          ['resource', one.identifier],
          ['resource', other.identifier],
        ]).toString();
        const answer = alpha.post('access_token', form, { as: one.client });
        expect(await claimsOf(answer)).toMatchObject({ [one.id]: 1, [other.id]: 1 });
      });
    });

    const BAD: readonly (readonly [string, string, (response: ServerResponse) => void])[] = [
      ['is slow', 'timed_out', () => undefined],
      [
        'sends its answer byte by byte',
        'timed_out',
        (response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          const timer = setInterval(() => response.write(' '), 20);
          response.on('close', () => clearInterval(timer));
        },
      ],
      ['fails', 'status_unexpected', (response) => answerJson(response, {}, 500)],
      ['hangs up', 'unreachable', (response) => response.destroy()],
      [
        'redirects',
        'redirected',
        (response) => response.writeHead(307, { location: receiver.url }).end(),
      ],
      ['says nothing', 'claims_malformed', (response) => answerJson(response, {})],
      [
        'sends text',
        'content_type_unexpected',
        (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('{}'),
      ],
      [
        'sends no JSON',
        'not_json',
        (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{'),
      ],
      [
        'sends much',
        'too_large',
        (response) => answerJson(response, { claims: {}, more: 'x'.repeat(1_000_000) }),
      ],
      [
        'has too many claims',
        'claims_too_many',
        (response) =>
          answerJson(response, {
            claims: Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`c${at}`, at])),
          }),
      ],
      [
        'has a claim that is too long',
        'claim_invalid',
        (response) => answerJson(response, { claims: { tier: 'x'.repeat(2_000) } }),
      ],
      [
        'wants to say who the client is',
        'claim_reserved',
        (response) => answerJson(response, { claims: { sub: 'root', tier: 1 } }),
      ],
    ];

    describe.each(BAD)('a claims hook that %s', (_, problem, answer) => {
      const timeoutMilliseconds = problem === 'timed_out' ? 300 : 5_000;

      it('leaves no token where its API needs it, says when to try again, and is named', async () => {
        const { id, ask } = await arrange({ timeoutMilliseconds });
        receiver.answerWith(answer);
        const refused = await ask();
        expect(refused).toMatchObject(unavailable);
        expect(refused.headers['retry-after']).toBe('1');
        const line = new RegExp(`"apiId":"${id}"[^\n]*"problem":"${problem}"`);
        await expect.poll(() => line.test(world.log())).toBe(true);
      });

      it('leaves a token without its claims where its API does without', async () => {
        const hook = { timeoutMilliseconds, onFailure: 'omit' };
        const { client, ask } = await arrange(hook, { claims: [{ name: 'own', value: 1 }] });
        receiver.answerWith(answer);
        const claims = await claimsOf(ask());
        expect(claims).toMatchObject({ own: 1, sub: client.clientId });
        expect(claims).not.toHaveProperty('tier');
      });
    });

    describe('a claims hook that is down', () => {
      it('is not asked for a while, holds nobody, and is asked again', async () => {
        const { ask } = await arrange({ timeoutMilliseconds: 5_000 });
        receiver.answerWith((response) => answerJson(response, {}, 500));
        for (let i = 0; i < 5; i++) await ask();
        expect(receiver.requests).toHaveLength(5);
        const answers = await Promise.all(Array.from({ length: 20 }, ask));
        for (const answer of answers) {
          expect(answer).toMatchObject(unavailable);
          expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
        }
        expect(receiver.requests).toHaveLength(5);

        receiver.answerWith((response) => answerJson(response, { claims: { tier: 1 } }));
        const status = async () => (await ask()).status;
        await expect.poll(status, { timeout: 10_000, interval: 300 }).toBe(200);
        expect(await claimsOf(ask())).toMatchObject({ tier: 1 });
      });

      it('does not hold those who ask for other tokens', async () => {
        const slow = await arrange({ timeoutMilliseconds: 5_000 });
        const clients = await Promise.all(
          Array.from({ length: 12 }, async () => {
            const client = await alpha.registerClient();
            await alpha.grant(client, slow.id, [slow.id]);
            return client;
          }),
        );
        const held: ServerResponse[] = [];
        receiver.answerWith((response) => held.push(response));
        const settled: Answer[] = [];
        const waiting = clients.map(async (client) => {
          settled.push(await alpha.request(client, { scope: slow.id }));
        });
        // Ten are asked at a time; who finds no place in half of the timeout is told so.
        await expect.poll(() => settled.length, { timeout: 4_000 }).toBe(2);
        for (const answer of settled) expect(answer).toMatchObject(unavailable);
        const other = await alpha.registerClient();
        expect(await alpha.request(other, { scope: 'read' })).toMatchObject({ status: 200 });
        expect(held).toHaveLength(10);
        for (const response of held) answerJson(response, { claims: {} });
        await Promise.all(waiting);
        expect(settled.filter(({ status }) => status === 200)).toHaveLength(10);
      });

      describe('that one client floods', () => {
        const hook = { timeoutMilliseconds: 5_000, onFailure: 'omit' };

        /** More scopes of an API for a client: with each the question is another one. */
        const addScopes = async ({ id, client, identifier }: Hooked, count: number) => {
          const scopes = Array.from({ length: count }, (_, at) => `${id}-${at}`);
          await world.administration.change(`/api/realms/alpha/apis/${id}`, {
            scopes: [id, ...scopes].map((name) => ({ name })),
          });
          await alpha.grant(client, id, [id, ...scopes]);
          return scopes.map((scope) => ({ scope, resource: identifier }));
        };

        /** The hook answers everybody but those whose questions say so. */
        const holdAnswers = (member: 'client_id' | 'realm', value: string) => {
          const held: ServerResponse[] = [];
          receiver.answerWith((response, { json }) => {
            if (json[member] === value) held.push(response);
            else answerJson(response, { claims: { tier: 1 } });
          });
          return {
            held,
            release() {
              receiver.answerWith((response) => answerJson(response, { claims: {} }));
              for (const response of held) answerJson(response, { claims: {} });
            },
          };
        };

        it('has places for the others all the same', async () => {
          const hooked = await arrange(hook);
          const { id, client } = hooked;
          const other = await alpha.registerClient();
          await alpha.grant(other, id, [id]);
          const forms = await addScopes(hooked, 16);
          const { held, release } = holdAnswers('client_id', client.clientId);
          const flood = forms.map((form) => alpha.request(client, form));
          await expect.poll(() => held.length).toBe(5);
          expect(await claimsOf(alpha.request(other, { scope: id }))).toMatchObject({ tier: 1 });
          expect(held).toHaveLength(5);
          release();
          for (const answer of await Promise.all(flood)) expect(answer.status).toBe(200);
        });

        it('leaves room for others at all other hooks, however many hooks there are', async () => {
          const all: { scope: string; resource: string }[] = [];
          const { client } = await arrange(hook);
          for (let at = 0; at < 10; at += 1) {
            const { id, identifier } = await arrange(hook);
            all.push(...(await addScopes({ id, identifier, client }, 5)));
          }
          const other = await arrange(hook);
          const { held, release } = holdAnswers('client_id', client.clientId);
          const flood = all.map((form) => alpha.request(client, form));
          await expect.poll(() => held.length).toBe(10);
          expect(await claimsOf(other.ask())).toMatchObject({ tier: 1 });
          expect(held).toHaveLength(10);
          release();
          await Promise.all(flood);
        });

        it('and many do: the clients of another realm have their claims all the same', async () => {
          const floods: (() => Promise<Answer>)[] = [];
          for (let at = 0; at < 5; at += 1) {
            const { client } = await arrange(hook);
            for (const { id, identifier } of [await arrange(hook), await arrange(hook)])
              for (const form of await addScopes({ id, identifier, client }, 5))
                floods.push(() => alpha.request(client, form));
          }
          const bravo = await world.createRealm('bravo');
          const claimsHook = { url: receiver.url, cacheSeconds: 0, ...hook };
          const identifier = 'https://bravo.example.com';
          const api = { id: 'bravo', identifier, scopes: [{ name: 'bravo' }], claimsHook };
          await bravo.registerApi(api);
          const other = await bravo.registerClient();
          await bravo.grant(other, 'bravo', ['bravo']);
          const { held, release } = holdAnswers('realm', 'alpha');
          const flood = floods.map((ask) => ask());
          await expect.poll(() => held.length).toBe(40);
          expect(await claimsOf(bravo.request(other, { scope: 'bravo' }))).toMatchObject({
            tier: 1,
          });
          release();
          await Promise.all(flood);
        });

        it('is not taken for one that fails', async () => {
          const hooked = await arrange({ ...hook, timeoutMilliseconds: 2_000 });
          const { id, client } = hooked;
          const [now, later] = [5, 16];
          const forms = await addScopes(hooked, later);
          const other = await alpha.registerClient();
          await alpha.grant(other, id, [id]);
          receiver.answerWith((response) => {
            setTimeout(() => answerJson(response, { claims: { tier: 1 } }), 1_300);
          });
          // Five wait for their turn for so long that the hook would be late if that counted.
          const first = forms.slice(0, now).map((form) => alpha.request(client, form));
          await delay(550);
          const second = forms.slice(now).map((form) => alpha.request(client, form));
          await Promise.all([...first, ...second]);
          expect(await claimsOf(alpha.request(other, { scope: id }))).toMatchObject({ tier: 1 });
        });
      });

      it('refuses before the grant is spent, and is recorded with its name', async () => {
        const port = await findFreePort();
        const { id, client, ask } = await arrange({ url: `http://127.0.0.1:${port}/` });
        expect(await ask()).toMatchObject(unavailable);
        await expect
          .poll(async () => {
            const path = `/api/realms/alpha/events?actorId=${client.clientId}&type=token.refused`;
            const { items } = await world.administration.perform<{ items: object[] }>('GET', path);
            return items[0];
          })
          .toMatchObject({
            details: { reason: 'claims_hook_unavailable', apiId: id, problem: 'unreachable' },
          });
      });
    });

    it('what hooks cost is in the metrics, by realm and outcome', async () => {
      const { text } = await send(world.managementPort, { path: '/metrics' });
      expect(text).toMatch(
        /claims_hook_duration_seconds_count\{realm="alpha",outcome="answered"\}/,
      );
      expect(text).toMatch(/claims_hook_questions_total\{realm="alpha",outcome="cached"\} [1-9]/);
      expect(text).toMatch(/claims_hook_questions_total\{realm="alpha",outcome="circuit_open"\}/);
    });

    describe('the receiver in docs/apis.md', () => {
      it('answers this server, and nobody who only claims to be it', async () => {
        const port = await findFreePort();
        const url = `http://127.0.0.1:${port}/`;
        const receiving = await startDocumented(port, { ISSUER: alpha.issuer, HOOK_URL: url });
        try {
          const { ask } = await arrange({ url, timeoutMilliseconds: 5_000 });
          expect(await claimsOf(ask())).toMatchObject({ cost_center: 4711 });
          const body = JSON.stringify({ client_attributes: { team: 'payments' } });
          const headers = { 'tessera-signature': 'e30.e30.e30' };
          const stranger = await fetch(url, { method: 'POST', body, headers });
          expect(stranger.status).toBe(401);
        } finally {
          await receiving.close();
        }
      });
    });
  },
  { environment: { TESSERA_OUTBOUND_ALLOW: '127.0.0.0/8' } },
);

describe('where this server may not ask', () => {
  onEachDatabase(({ alpha }) => {
    it.each([
      'http://127.0.0.1:8080/',
      'https://169.254.169.254/latest',
      'https://localhost/',
      'http://hooks.example.com/',
      'https://user:secret@hooks.example.com/',
    ])('%s is no hook', async (url) => {
      const members = { identifier: 'https://x.example.com', claimsHook: { url } };
      await expect(alpha.registerApi(members)).rejects.toThrow(/422|400/);
    });
  });
});

/** The example as it is written there, run as a process of its own. */
async function startDocumented(port: number, environment: Readonly<Record<string, string>>) {
  const page = readFileSync(new URL('../docs/apis.md', import.meta.url), 'utf8');
  const code = /```js\n(.*?)```/s.exec(page)?.[1] ?? '';
  // Beside this file, where its library is found.
  const file = fileURLToPath(new URL(`./documented-receiver-${port}.mjs`, import.meta.url));
  writeFileSync(file, code);
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env['PATH'], PORT: String(port), ...environment },
    stdio: 'inherit',
  });
  await expect.poll(() => isTaken(port), { timeout: 15_000 }).toBe(true);
  return {
    async close() {
      child.kill();
      await once(child, 'exit');
      rmSync(file);
    },
  };
}

async function isTaken(port: number): Promise<boolean> {
  const server = createServer();
  const taken = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(true));
    server.listen(port, '127.0.0.1', () => resolve(false));
  });
  server.close();
  return taken;
}
