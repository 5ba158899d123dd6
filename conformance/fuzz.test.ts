import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { basic, type ClientCredentials, FORM_TYPE, rawBasic } from './realm.ts';
import { type Answer, converse, type WireRequest } from './wire.ts';
import { onEachDatabase } from './world.ts';

const RUNS = { numRuns: 200, interruptAfterTimeLimit: 15_000, markInterruptAsFailure: false };
const TIMEOUT = 40_000;

const NAMES = [
  'grant_type',
  'scope',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'assertion',
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
  'requested_token_type',
  'audience',
  'resource',
  'token',
  'token_type_hint',
  'authorization_details',
  '__proto__',
  'constructor',
];

const VALUES = [
  'client_credentials',
  'read',
  'read write',
  '%',
  '%C3',
  '%00',
  '+++',
  '\u2028',
  '../../etc/passwd',
  "' or '1'='1' --",
  '#{7*7}',
  '{"a":[1,2,{"b":null}]}',
  'eyJhbGciOiJub25lIn0.e30.',
  `eyJ${'a'.repeat(3_000)}.${'b'.repeat(3_000)}.c`,
  'a '.repeat(2_000),
  'https://api.example.com/',
  'urn:ietf:params:oauth:token-type:access_token',
  'urn:ietf:params:oauth:token-type:jwt',
];

const GRANTS = [
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
];

const SEGMENTS = [
  'am',
  'oauth2',
  'realms',
  'root',
  'alpha',
  'access_token',
  'introspect',
  'token',
  'revoke',
  'tokeninfo',
  'connect',
  'jwk_uri',
  '.well-known',
  'openid-configuration',
  'oauth-authorization-server',
  'health',
  'ready',
  'console',
  '',
  '.',
  '..',
  '%2e%2e',
  '%2F',
  '%00',
  '%',
  '%zz',
  '%c0%ae',
  ';x=1',
  '\\',
  '*',
  ':realm',
  '__proto__',
];

const parameterName = fc.oneof(
  fc.constantFrom(...NAMES),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const parameterValue = fc.oneof(
  fc.constantFrom(...VALUES),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

const formBody = fc
  .array(fc.tuple(parameterName, parameterValue, fc.boolean()), { maxLength: 12 })
  .map((pairs) =>
    pairs
      .map(([name, value, encoded]) =>
        encoded ? `${encodeURIComponent(name)}=${encodeURIComponent(value)}` : `${name}=${value}`,
      )
      .join('&'),
  );

const body = fc.oneof(
  formBody,
  fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => text),
  fc.string({ unit: 'binary', maxLength: 300 }),
);

/** What Node.js lets into a header, which is more than RFC 9110 §5.5 does. */
const headerValue = fc
  .string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) })
  .map((text) => text.replace(/\x7f/g, ''));

const authorization = fc.oneof(
  headerValue,
  headerValue.map((text) => `Basic ${text}`),
  headerValue.map((text) => `Bearer ${text}`),
  // An id that is longer than any client's keeps the slow hash out of the measurement.
  fc
    .uint8Array({ maxLength: 60 })
    .map((bytes) => rawBasic(Buffer.from([...Buffer.alloc(1_100, 97), ...bytes]))),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => rawBasic(text.replaceAll(':', ''))),
);

const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? 0;

/** Thousands of levels, or members, or digits: cheap to send, dear to those who are not careful. */
const JSON_BOMBS: Readonly<Record<string, string>> = {
  'deep arrays': '['.repeat(15_000) + ']'.repeat(15_000),
  'deep objects': `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  'deep and never closed': '['.repeat(30_000),
  'many members': `{${Array.from({ length: 2_000 }, (_, index) => `"m${index}":1`).join(',')}}`,
  'one member many times': `{${'"name":"x",'.repeat(2_000)}"name":"y"}`,
  'many scopes': JSON.stringify({
    scopes: Array.from({ length: 5_000 }, (_, index) => `s${index}`),
  }),
  'a long number': `{"accessTokenLifetime":${'9'.repeat(20_000)}}`,
  'an infinite number': '{"accessTokenLifetime":1e999}',
  'a prototype': '{"__proto__":{"enabled":true},"constructor":{"prototype":{"x":1}}}',
  'half a character': '{"name":"\\ud800"}',
  NUL: '{"name":"a\\u0000b","clientId":"\\u0000"}',
  'a byte order mark': '\ufeff{}',
  'no JSON': '{name:1}',
  nothing: '',
  'only a number': '1',
  null: 'null',
};

onEachDatabase((world) => {
  const { alpha } = world;
  const took: number[] = [];
  let client: ClientCredentials;

  const ask = async (request: WireRequest): Promise<Answer> => {
    const answer = await world.send(request);
    took.push(answer.milliseconds);
    expect(answer.status, `${request.method} ${request.path}: ${answer.text}`).toBeLessThan(500);
    return answer;
  };

  beforeAll(async () => {
    const grantTypes = ['client_credentials', ...GRANTS];
    await alpha.changeProvider({ grantTypes });
    client = await alpha.registerClient({ grantTypes });
  });

  const stillWorks = async (): Promise<void> => {
    expect((await alpha.request(client, { scope: 'read' })).status).toBe(200);
  };

  describe('whatever is sent, the answer keeps the rules', () => {
    it.each(['access_token', 'introspect', 'token/revoke'])(
      'a random body of an authenticated client at %s',
      async (endpoint) => {
        const headers = { 'content-type': FORM_TYPE, authorization: basic(client) };
        await fc.assert(
          fc.asyncProperty(body, async (sent) => {
            await ask({ method: 'POST', path: `${alpha.path}/${endpoint}`, headers, body: sent });
          }),
          RUNS,
        );
        await stillWorks();
      },
      TIMEOUT,
    );

    it.each(GRANTS)(
      'random parameters of the grant %s, with and without a client',
      async (grantType) => {
        const form = `grant_type=${encodeURIComponent(grantType)}`;
        await fc.assert(
          fc.asyncProperty(formBody, fc.boolean(), async (sent, authenticated) => {
            const headers = {
              'content-type': FORM_TYPE,
              ...(authenticated && { authorization: basic(client) }),
            };
            const path = `${alpha.path}/access_token`;
            await ask({ method: 'POST', path, headers, body: `${form}&${sent}` });
          }),
          RUNS,
        );
        await stillWorks();
      },
      TIMEOUT,
    );

    it(
      'a random body of anybody',
      async () => {
        await fc.assert(
          fc.asyncProperty(
            body,
            fc.constantFrom(FORM_TYPE, 'application/json', ''),
            async (sent, type) => {
              await ask({
                method: 'POST',
                path: `${alpha.path}/access_token`,
                headers: { 'content-type': type },
                body: sent,
              });
            },
          ),
          RUNS,
        );
        await stillWorks();
      },
      TIMEOUT,
    );

    it(
      'a random Authorization header',
      async () => {
        await fc.assert(
          fc.asyncProperty(
            authorization,
            fc.constantFrom('access_token', 'introspect', 'token/revoke', 'tokeninfo'),
            async (value, endpoint) => {
              await ask({
                method: endpoint === 'tokeninfo' ? 'GET' : 'POST',
                path: `${alpha.path}/${endpoint}`,
                headers: { 'content-type': FORM_TYPE, authorization: value },
                body: endpoint === 'tokeninfo' ? '' : 'grant_type=client_credentials',
              });
            },
          ),
          RUNS,
        );
        await stillWorks();
      },
      TIMEOUT,
    );

    it(
      'random other headers',
      async () => {
        const name = fc.constantFrom(
          'accept',
          'accept-encoding',
          'content-type',
          'content-encoding',
          'cookie',
          'origin',
          'if-match',
          'if-none-match',
          'range',
          'x-forwarded-for',
          'x-forwarded-host',
          'x-http-method-override',
          'x-forgerock-transactionid',
          'traceparent',
          'accept-api-version',
          'accept-version',
        );
        await fc.assert(
          fc.asyncProperty(fc.dictionary(name, headerValue, { maxKeys: 6 }), async (headers) => {
            const answer = await ask({
              method: 'POST',
              path: `${alpha.path}/access_token`,
              headers: { 'content-type': FORM_TYPE, ...headers, authorization: basic(client) },
              body: 'grant_type=client_credentials&scope=read',
            });
            if (answer.status === 200) expect(answer.headers['cache-control']).toBe('no-store');
            await ask({ path: `${alpha.path}/connect/jwk_uri`, headers });
          }),
          RUNS,
        );
        await stillWorks();
      },
      TIMEOUT,
    );

    it(
      'a random path and method',
      async () => {
        const character = fc
          .integer({ min: 0x21, max: 0x7e })
          .map((code) => String.fromCharCode(code));
        const path = fc
          .array(
            fc.oneof(fc.constantFrom(...SEGMENTS), fc.string({ unit: character, maxLength: 12 })),
            {
              maxLength: 10,
            },
          )
          .map((segments) => `/${segments.join('/')}`.replace(/^\/api(?=\/|\?|$)/, '/ap'));
        const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD');
        await fc.assert(
          fc.asyncProperty(path, method, async (at, by) => {
            // The console serves pages; the rules of the protocol's answers are not for them.
            fc.pre(!at.startsWith('/console'));
            await ask({ path: at, method: by, headers: { authorization: basic(client) } });
          }),
          RUNS,
        );
        await stillWorks();
      },
      TIMEOUT,
    );

    it(
      'random bytes instead of HTTP',
      async () => {
        const start = fc.constantFrom(
          '',
          'GET ',
          'POST / HTTP/1.1\r\n',
          'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
          '\x16\x03\x01',
        );
        await fc.assert(
          fc.asyncProperty(start, fc.uint8Array({ maxLength: 200 }), async (text, bytes) => {
            const steps = [text, Buffer.from(bytes), '\r\n\r\n\r\n\r\n'];
            const { text: heard } = await converse(world.port, steps, {
              patience: 500,
              until: /./,
            });
            expect(heard).not.toMatch(/^HTTP\/1\.[01] 5/);
          }),
          { ...RUNS, numRuns: 60 },
        );
        await stillWorks();
      },
      TIMEOUT,
    );

    it('a good request among all that is still a good request, and nothing was polluted', async () => {
      await stillWorks();
      const { json } = await alpha.read('.well-known/oauth-authorization-server');
      expect(json).not.toHaveProperty('polluted');
      expect((await world.send({ path: '/health/ready' })).status).toBe(200);
    });

    it('in less than 50 milliseconds, but for the noise of the machine', ({ annotate }) => {
      expect(took.length).toBeGreaterThan(500);
      const [median, p99] = [quantile(took, 0.5), quantile(took, 0.99)];
      void annotate(
        `${world.database}: ${took.length} requests, median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
      );
      expect(median).toBeLessThan(25);
      expect(p99).toBeLessThan(250);
    });
  });

  describe('the administration API under the same fire', () => {
    type Operation = { readonly method: string; readonly path: string; readonly hasBody: boolean };

    const readOperations = async (): Promise<readonly Operation[]> => {
      const { json } = await world.administration.call('GET', '/api/openapi.json');
      const { paths } = json as {
        paths: Readonly<Record<string, Readonly<Record<string, { requestBody?: unknown }>>>>;
      };
      return Object.entries(paths).flatMap(([path, operations]) =>
        Object.entries(operations)
          .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
          // Signing out or changing one's own password would end the test, not the server.
          .filter(() => !path.startsWith('/api/session'))
          .map(([method, { requestBody }]) => ({
            method: method.toUpperCase(),
            path,
            hasBody: requestBody !== undefined,
          })),
      );
    };

    const fill = (path: string, values: readonly string[]): string => {
      let at = 0;
      return path.replaceAll(/\{[^}]+\}/g, () => encodeURIComponent(values[at++] ?? 'x'));
    };

    /** What is wrong with an answer, whatever was asked. */
    const findFaults = ({ status, headers, milliseconds }: Answer): readonly string[] =>
      Object.entries({
        'it is no fault of the server': status < 500,
        'an error is a problem detail':
          status < 400 || headers['content-type']?.startsWith('application/problem+json') === true,
        '401 iff WWW-Authenticate': (status === 401) === 'www-authenticate' in headers,
        'it takes less than a second': milliseconds < 1_000,
      })
        .filter(([, holds]) => !holds)
        .map(([rule]) => rule);

    it(
      'random parameters, queries, preconditions and bodies for each operation',
      async () => {
        const operations = await readOperations();
        expect(operations.length).toBeGreaterThan(30);
        const value = fc.oneof(
          fc.constantFrom('fuzzed', 'x', '..', '%00', '__proto__', "' or 1=1 --", '\u2028'),
          fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
        );
        await fc.assert(
          fc.asyncProperty(
            fc.constantFrom(...operations),
            fc.array(value, { minLength: 3, maxLength: 3 }),
            fc.oneof(
              fc.constant(''),
              fc.webQueryParameters().map((query) => `?${query}`),
            ),
            fc.oneof(fc.constant('"1"'), fc.constant('*'), headerValue),
            fc.jsonValue(),
            async ({ method, path, hasBody }, values, query, ifMatch, sent) => {
              const at = fill(path, values) + query;
              const answer = await world.administration.call(
                method,
                at,
                hasBody ? sent : undefined,
                {
                  'if-match': ifMatch,
                },
              );
              expect(findFaults(answer), `${method} ${at}: ${answer.text}`).toEqual([]);
            },
          ),
          { ...RUNS, numRuns: 400 },
        );
        await stillWorks();
      },
      TIMEOUT,
    );

    it.each(Object.entries(JSON_BOMBS))(
      'a JSON bomb for each operation that reads JSON: %s',
      async (_, bomb) => {
        for (const { method, path, hasBody } of await readOperations()) {
          if (!hasBody) continue;
          const at = fill(path, ['alpha', client.clientId, 'x']);
          const { administration } = world;
          const answer = await administration.send(method, at, bomb, { 'if-match': '"999"' });
          expect(findFaults(answer), `${method} ${at}: ${answer.text}`).toEqual([]);
        }
        await stillWorks();
      },
      TIMEOUT,
    );

    it(
      'queries that no list has',
      async () => {
        const lists = (await readOperations()).filter(
          ({ method, path }) => method === 'GET' && path.endsWith('s'),
        );
        for (const { path } of lists)
          for (const query of [
            'limit=0',
            'limit=-1',
            'limit=1e3',
            'limit=100000',
            'limit=x',
            'limit=1&limit=2',
            'after=AAAA',
            'after=%00',
            `after=${Buffer.from('{"x":1}').toString('base64url')}`,
            `after=${'A'.repeat(3_000)}`,
            'search=%00',
            'search=%25_%27',
            'search[]=x',
            'unknown=x',
            'since=-1',
            'type=x',
            '%zz',
            '__proto__=x',
          ]) {
            const at = `${fill(path, ['alpha', client.clientId])}?${query}`;
            const answer = await world.administration.call('GET', at);
            expect(findFaults(answer), at).toEqual([]);
          }
      },
      TIMEOUT,
    );

    it('a body that is too large, of another type, or not sent', async () => {
      const path = '/api/realms/alpha/clients';
      const { administration } = world;
      const large = JSON.stringify({ description: 'x'.repeat(300_000) });
      expect((await administration.send('POST', path, large)).status).toBe(413);
      for (const type of ['text/plain', FORM_TYPE, 'application/json; charset=latin1x', 'x', ''])
        expect(
          findFaults(await administration.send('POST', path, '{}', { 'content-type': type })),
          `content-type ${type}`,
        ).toEqual([]);
    });
  });
});
