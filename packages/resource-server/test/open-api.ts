import { afterAll, afterEach, beforeEach } from 'vitest';
import { resourceServer } from '../src/node.ts';
import type { ResourceServerOptions } from '../src/options.ts';
import type { PresentedRequest } from '../src/presented-request.ts';
import type { Requirement } from '../src/requirement.ts';
import type { ResourceServer } from '../src/resource-server.ts';
import { AUDIENCE, type Issuer, startIssuer } from './issuer.ts';

/** An issuer for each test, and APIs that take its tokens and end with it. */
export function issuerOfEachTest(): {
  issuer(): Issuer;
  openApi(
    more?: Partial<ResourceServerOptions>,
    open?: (options: ResourceServerOptions) => ResourceServer,
  ): ResourceServer;
} {
  const issuers: Issuer[] = [];
  const apis: ResourceServer[] = [];
  const issuer = (): Issuer => {
    const current = issuers.at(-1);
    if (current === undefined) throw new Error('no test runs');
    return current;
  };
  beforeEach(async () => {
    issuers.push(await startIssuer());
  });
  afterEach(() => {
    for (const api of apis.splice(0)) api.close();
  });
  afterAll(() => Promise.all(issuers.map((one) => one.close())));
  return {
    issuer,
    openApi(more = {}, open = resourceServer) {
      const api = open({ issuer: issuer().url, audience: AUDIENCE, ...more });
      apis.push(api);
      return api;
    },
  };
}

/** What becomes of a token: `admitted`, or status and reason. */
export async function present(
  api: ResourceServer,
  token: string,
  requirement?: Requirement,
  more: Partial<PresentedRequest> = {},
): Promise<string> {
  const admitted = await api.admit(
    { method: 'GET', url: '/orders/1', headers: { authorization: `Bearer ${token}` }, ...more },
    requirement,
  );
  if (admitted.ok) return 'admitted';
  const { status, cause } = admitted.refusal;
  return `${status} ${cause.reason}`;
}
