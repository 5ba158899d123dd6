import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyedClients, REFUSED } from './keyed-client.ts';
import { newKey } from './signed.ts';
import { onEachDatabase } from './world.ts';

/* The keys by which assertions are verified: registered, or published by the client. Shows RFC 7523 §3. */

const JSON_TYPE = { 'content-type': 'application/json' };

const sendJson =
  (body: string): RequestListener =>
  (_, response) =>
    response.writeHead(200, JSON_TYPE).end(body);

onEachDatabase(
  (world) => {
    const { alpha } = world;
    const { addKey, keyed, assertionOf, ask } = keyedClients(world);

    describe('RFC 7517 §4.5 the key', () => {
      it('is found without a kid among all that fit (D142)', async () => {
        const key = newKey();
        const client = await keyed(newKey('RS256'));
        await addKey(client, { jwk: newKey().publicJwk });
        await addKey(client, { jwk: key.publicJwk });
        const header = { kid: undefined };
        expect(await ask(assertionOf(client, key, { header }))).toMatchObject({ status: 200 });
      });

      it('is not another one than the kid names (D144)', async () => {
        const key = newKey();
        const client = await keyed(key);
        const header = { kid: 'unknown' };
        expect(await ask(assertionOf(client, key, { header }))).toMatchObject(REFUSED);
      });

      it('is chosen by its type when two have one kid (D145)', async () => {
        const [ec, rsa] = [newKey(), newKey('RS256')];
        const client = await keyed(ec);
        await addKey(client, { jwk: { ...rsa.publicJwk, kid: ec.kid } });
        for (const key of [ec, rsa])
          expect(await ask(assertionOf(client, key, { header: { kid: ec.kid } }))).toMatchObject({
            status: 200,
          });
      });

      it('is refused when it is registered, if it is weak or not public (D153)', async () => {
        const { clientId } = await alpha.registerClient();
        const ec = newKey();
        for (const jwk of [
          newKey('RS256', 1024).publicJwk,
          { ...newKey('RS256').publicJwk, e: 'AQ' },
          { ...newKey('RS256').publicJwk, e: 'Ag' },
          { ...ec.publicJwk, crv: 'P-192' },
          { ...ec.publicJwk, x: ec.publicJwk['y'] },
          { ...ec.publicJwk, use: 'enc' },
          ec.privateKey.export({ format: 'jwk' }),
          { kty: 'oct', k: 'c2VjcmV0' },
        ]) {
          const path = `/api/realms/alpha/clients/${clientId}/keys`;
          const answer = await world.administration.call('POST', path, { jwk });
          expect(answer.status, JSON.stringify(jwk).slice(0, 60)).toBe(422);
          expect(answer.text).not.toContain('"d"');
        }
      });
    });

    describe('RFC 7591 §2 keys that the client publishes', () => {
      let server: Server;
      let uri = '';
      let keys: readonly unknown[] = [];
      let status = 200;
      let fetched = 0;
      let answer: RequestListener | undefined;
      beforeAll(async () => {
        server = createServer((request, response) => {
          fetched++;
          if (answer !== undefined) return answer(request, response);
          response.writeHead(status, JSON_TYPE).end(JSON.stringify({ keys }));
        });
        await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
        uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      });
      afterAll(() => server.close());

      const publisher = async (path: string) => {
        const client = await alpha.registerClient({ authenticationMethod: 'private_key_jwt' });
        await addKey(client, { jwksUri: `${uri}/${path}` });
        return client;
      };

      it('are asked for once more when a kid is new, and no more for a while (D143, D147)', async () => {
        const [first, second, third] = [newKey(), newKey(), newKey()];
        keys = [first.publicJwk];
        status = 200;
        const client = await publisher('rotating');
        fetched = 0;
        for (const _ of [1, 2])
          expect(await ask(assertionOf(client, first))).toMatchObject({ status: 200 });
        expect(fetched).toBe(1);
        keys = [first.publicJwk, second.publicJwk];
        expect(await ask(assertionOf(client, second))).toMatchObject({ status: 200 });
        expect(fetched).toBe(2);
        for (const _ of [1, 2, 3])
          expect(await ask(assertionOf(client, third))).toMatchObject(REFUSED);
        expect(fetched).toBe(3);
      });

      it('are taken where they can be used, and others left out (D146)', async () => {
        const good = newKey();
        status = 200;
        keys = [
          { ...newKey().publicJwk, use: 'enc' },
          newKey().privateKey.export({ format: 'jwk' }),
          { kty: 'oct', k: 'c2VjcmV0' },
          'nonsense',
          good.publicJwk,
        ];
        const client = await publisher('mixed');
        expect(await ask(assertionOf(client, good))).toMatchObject({ status: 200 });
      });

      it('still count while their address does not answer (D148)', async () => {
        const key = newKey();
        keys = [key.publicJwk];
        status = 200;
        const client = await publisher('failing');
        expect(await ask(assertionOf(client, key))).toMatchObject({ status: 200 });
        status = 500;
        expect(await ask(assertionOf(client, newKey()))).toMatchObject(REFUSED);
        expect(await ask(assertionOf(client, key))).toMatchObject({ status: 200 });
      });

      it('are fetched once, however many ask for them (D148)', async () => {
        const key = newKey();
        keys = [key.publicJwk];
        status = 200;
        const client = await publisher('crowded');
        fetched = 0;
        const answers = await Promise.all(
          Array.from({ length: 20 }, () => ask(assertionOf(client, key))),
        );
        expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(200));
        expect(fetched).toBe(1);
      });

      it.each<[string, (set: string) => RequestListener]>([
        ['are sent elsewhere', () => (_, r) => r.writeHead(302, { location: '/good' }).end()],
        ['are HTML', (set) => (_, r) => r.writeHead(200, { 'content-type': 'text/html' }).end(set)],
        ['are an array', (set) => sendJson(`[${set}]`)],
        ['are more than 64 KiB', (set) => sendJson(set + ' '.repeat(65_536))],
        ['have no end', () => (_, r) => void r.writeHead(200, JSON_TYPE).write('{"keys":[')],
      ])('are not taken when they %s (273)', async (_, answerWith) => {
        const key = newKey();
        const client = await publisher(randomUUID());
        answer = answerWith(JSON.stringify({ keys: [key.publicJwk] }));
        fetched = 0;
        try {
          expect(await ask(assertionOf(client, key))).toMatchObject(REFUSED);
          expect(fetched).toBe(1);
        } finally {
          answer = undefined;
        }
      });

      it('are asked for without a word about who asks (273)', async () => {
        const key = newKey();
        const client = await publisher('silent');
        let headers: IncomingHttpHeaders = {};
        answer = (request, response) => {
          headers = request.headers;
          sendJson(JSON.stringify({ keys: [key.publicJwk] }))(request, response);
        };
        try {
          expect(await ask(assertionOf(client, key))).toMatchObject({ status: 200 });
        } finally {
          answer = undefined;
        }
        expect(Object.keys(headers).toSorted()).toEqual([
          'accept',
          'accept-encoding',
          'connection',
          'host',
          'user-agent',
        ]);
        expect(headers['user-agent']).toBe('tessera');
      });
    });
  },
  { environment: { TESSERA_OUTBOUND_ALLOW: '127.0.0.0/8' } },
);
