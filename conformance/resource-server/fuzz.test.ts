import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newKey, proofOf, thumbprintOf } from '../signed.ts';
import { converse, readResponses } from '../wire.ts';
import { onEachFramework } from './api.ts';
import { PREFIX } from './frameworks.ts';

const RUNS = { numRuns: 150 };
const TIMEOUT = 120_000;

/** What can be in the value of a header, and more than should be. RFC 9110 §5.5 */
const anything = fc.oneof(
  fc.stringMatching(/^[\x21-\x7e][\t\x20-\x7e\x80-\xff]{0,60}$/),
  fc.constantFrom('', ' ', ',', ';', '=', '..', '...', '.', 'null', '{}', '[]', '%00', '\x80\xff'),
  fc.integer({ min: 1, max: 5_000 }).map((length) => 'a'.repeat(length)),
);

const scheme = fc.constantFrom(
  'Bearer',
  'bearer',
  'DPoP',
  'dpop',
  'Basic',
  'Negotiate',
  '',
  'Bearer,',
  'DPoP\t',
);

/** A valid thing of three parts with one of them replaced, cut, doubled or moved. */
const mutilated = (whole: string) =>
  fc
    .tuple(fc.nat(3), fc.nat(whole.length), fc.nat(20), anything)
    .map(([how, at, length, filling]) => {
      if (how === 0) return whole.slice(0, at);
      if (how === 1) return whole.slice(0, at) + filling + whole.slice(at + length);
      if (how === 2) return `${whole}${whole}`;
      return whole.split('.').reverse().join('.');
    });

/** A JWT of parts that are JSON, but not the JSON that is meant. */
const odd = fc
  .tuple(fc.jsonValue(), fc.jsonValue(), fc.string())
  .map((parts) =>
    parts
      .map((part) =>
        Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url'),
      )
      .join('.'),
  );

onEachFramework(
  (api) => {
    describe('whatever Authorization and DPoP say, the answer is a documented one', () => {
      it('any bytes, by themselves and among good ones', { timeout: TIMEOUT }, async () => {
        const key = newKey();
        const token = api.issuer.token({ cnf: { jkt: thumbprintOf(key) } });
        const proof = proofOf(key, `https://orders.example.com${PREFIX}/dpop`, { htm: 'GET' });
        const shown = fc.oneof(anything, mutilated(token), odd, fc.constant(token));
        const proven = fc.option(fc.oneof(anything, mutilated(proof), odd, fc.constant(proof)), {
          nil: undefined,
        });
        await fc.assert(
          fc.asyncProperty(
            scheme,
            shown,
            proven,
            fc.constantFrom('/token', '/read', '/dpop', '/certificate', '/refund'),
            async (name, value, dpop, path) => {
              // `call` fails for what is not documented.
              const { status } = await api.call({
                path,
                headers: {
                  authorization: latin1(`${name} ${value}`),
                  ...(dpop !== undefined && { dpop: latin1(dpop) }),
                },
              });
              expect(status).not.toBe(200);
            },
          ),
          RUNS,
        );
        expect(await api.present(api.issuer.token())).toMatchObject({ status: 200 });
      });

      it('any number of headers, with names that are traps', { timeout: TIMEOUT }, async () => {
        const name = fc.constantFrom(
          'Authorization',
          'AUTHORIZATION',
          'authorization ',
          'DPoP',
          'dpop',
          '__proto__',
          'constructor',
          'get',
          'Access-Control-Request-Method',
          'Origin',
          'Content-Type',
        );
        const line = fc
          .tuple(name, fc.oneof(anything, fc.constant('Bearer x')))
          .map(([header, value]) => `${header}: ${value}\r\n`);
        const method = fc.constantFrom('GET', 'POST', 'OPTIONS', 'DELETE', 'PROPFIND', 'TRACE');
        await fc.assert(
          fc.asyncProperty(method, fc.array(line, { maxLength: 6 }), async (verb, lines) => {
            const head = `${verb} ${PREFIX}/token HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n`;
            const { text } = await converse(
              api.port,
              [Buffer.from(`${head}${lines.join('')}\r\n`, 'latin1')],
              {
                until: /\r\n\r\n/,
                patience: 5_000,
              },
            );
            const [answer] = readResponses(text);
            // 404 and 405: a method that the framework has no route for, and no handler either.
            // 431: Node reads no headers of that size.
            const documented = [204, 400, 401, 403, 404, 405, 431, 503];
            expect(documented, `${head}${lines.join('')}→ ${text.slice(0, 200)}`).toContain(
              answer?.status ?? 400,
            );
          }),
          RUNS,
        );
        expect(await api.present(api.issuer.token())).toMatchObject({ status: 200 });
        expect({}).not.toHaveProperty('polluted');
      });

      it('JSON that is deep, wide or full of traps, within a token', {
        timeout: TIMEOUT,
      }, async () => {
        const deep = `${'['.repeat(2_000)}${']'.repeat(2_000)}`;
        const wide = JSON.stringify(Array.from({ length: 200 }, (_, i) => `https://${i}.example`));
        for (const json of [
          deep,
          wide,
          '{"__proto__":{"polluted":true}}',
          '{"constructor":{"prototype":{"polluted":1}}}',
        ])
          for (const make of [
            (value: string) => `${part(value)}.${part('{}')}.AAAA`,
            (value: string) => `${part('{"alg":"ES256","typ":"at+jwt"}')}.${part(value)}.AAAA`,
          ])
            expect((await api.present(make(json))).status).toBe(401);
        const claims: Record<string, unknown>[] = [
          { aud: JSON.parse(deep) },
          { scope: 'a '.repeat(2_000) },
          { authorization_details: JSON.parse(wide) },
          JSON.parse('{"__proto__":{"scope":"orders:read"},"scope":"x"}') as Record<
            string,
            unknown
          >,
        ];
        for (const one of claims)
          expect([200, 401, 403]).toContain(
            (await api.present(api.issuer.token(one), '/read')).status,
          );
        expect({}).not.toHaveProperty('polluted');
      });
    });
  },
  () => ({ allowHttp: true }),
);

const part = (json: string): string => Buffer.from(json).toString('base64url');

/** Node writes headers as latin1 and refuses what is not. */
const latin1 = (text: string): string => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
