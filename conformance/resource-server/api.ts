/*
 * The same tests on each framework: an API on a port, an issuer that says what a test wants, and
 * what holds for every answer.
 */
import {
  type Refusal,
  type ResourceServer,
  type ResourceServerOptions,
  resourceServer,
} from '@tessera/resource-server';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type Answer, send, type WireRequest } from '../wire.ts';
import { FRAMEWORKS, listen, PREFIX, type RunningApi } from './frameworks.ts';
import { type Issuer, openIssuer } from './issuer.ts';

/** The resource identifier of the API. It is not where the tests reach it, as behind a proxy. */
export const AUDIENCE = 'https://orders.example.com/v1';
export const METADATA = 'https://orders.example.com/.well-known/oauth-protected-resource/v1';

export type Api = {
  readonly framework: string;
  readonly issuer: Issuer;
  readonly port: number;
  /** Why requests were refused, the last at the end. */
  readonly refusals: Refusal['cause']['reason'][];
  /** One request below `PREFIX`; the answer keeps all rules. */
  call(request: Omit<WireRequest, 'path'> & { readonly path?: string }): Promise<Answer>;
  /** One with this token, as the scheme has it. */
  present(token: string, path?: string, headers?: WireRequest['headers']): Promise<Answer>;
};

export type Configure = (issuer: Issuer) => Partial<ResourceServerOptions>;

/** Runs a group of tests on each framework. */
export function onEachFramework(
  tests: (api: Api) => void,
  configure: Configure = () => ({}),
  only?: readonly string[],
): void {
  const frameworks = FRAMEWORKS.filter(({ name }) => only === undefined || only.includes(name));
  describe.each(frameworks)('$name', (framework) => {
    let issuer: Issuer;
    let server: ResourceServer;
    let running: RunningApi;
    const refusals: Api['refusals'] = [];

    beforeAll(async () => {
      issuer = await openIssuer(AUDIENCE);
      server = resourceServer({
        issuer: issuer.url,
        audience: AUDIENCE,
        resource: { name: 'Orders', scopes: ['orders:read', 'orders:write'] },
        onRefused: ({ cause }) => refusals.push(cause.reason),
        ...configure(issuer),
      });
      running = await listen(await framework.open(server));
    });
    afterAll(async () => {
      server.close();
      await running.close();
      await issuer.close();
    });

    const api: Api = {
      framework: framework.name,
      get issuer() {
        return issuer;
      },
      get port() {
        return running.port;
      },
      refusals,
      async call({ path = '/token', ...request }) {
        const answer = await send(running.port, { ...request, path: PREFIX + path });
        expect(findBrokenRules(request.method, answer)).toEqual([]);
        return answer;
      },
      present: (token, path, headers) =>
        api.call({
          ...(path !== undefined && { path }),
          headers: { authorization: `Bearer ${token}`, ...headers },
        }),
    };
    tests(api);
  });
}

const ERRORS: Readonly<Record<number, readonly unknown[]>> = {
  400: ['invalid_request'],
  401: [undefined, 'invalid_token', 'invalid_dpop_proof', 'use_dpop_nonce'],
  403: ['insufficient_scope'],
  503: ['temporarily_unavailable'],
};

/** What holds for every answer of a guarded path, whatever was asked. */
export function findBrokenRules(
  method: string | undefined,
  { status, headers, json, text }: Answer,
): readonly string[] {
  if (status === 200 || (status === 204 && method === 'OPTIONS')) return [];
  const { error, error_description: words } = (json ?? {}) as Record<string, unknown>;
  const silent = method === 'HEAD';
  return Object.entries({
    'the status is a documented one': status in ERRORS,
    'the error is one of that status': silent || ERRORS[status]?.includes(error) === true,
    'the body is JSON': headers['content-type']?.startsWith('application/json') === true,
    'it says what is wrong': silent || (typeof words === 'string' && !/["\\]/.test(words)),
    'nobody keeps it': headers['cache-control'] === 'no-store',
    'a challenge says what is wanted, or Retry-After when':
      status === 503 ? 'retry-after' in headers : 'www-authenticate' in headers,
    'nothing about the program': !/\bat .*:\d+:\d+|node_modules/.test(text),
  })
    .filter(([, holds]) => !holds)
    .map(([rule]) => `${rule}: ${status} ${text}`);
}

/** What a refusal looks like: its status and its error. */
export const refused = (status: number, error?: string) => ({
  status,
  ...(error !== undefined && { json: { error } }),
});

export const INVALID_TOKEN = refused(401, 'invalid_token');
