/* A caller of PingAM's administration: signed in by headers, the session in the header of its name. */
import { expect } from 'vitest';
import type { World } from '../world.ts';

export type AmAnswer = {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: every test says what it expects of its own answer
  readonly body: any;
};

export type Am = {
  /** Below `/am/json`. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<AmAnswer>;
  readonly tokenId: string;
};

export async function callAm(
  world: World,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<AmAnswer> {
  const response = await fetch(`${world.publicUrl}/am/json${path}`, {
    method,
    headers: {
      'accept-api-version': 'protocol=2.1,resource=1.0',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  expect(response.headers.get('cache-control')).toBe('no-store');
  return { status: response.status, headers: response.headers, body: await response.json() };
}

export async function signInToAm(world: World, userName = 'admin', password = world.password) {
  const entered = await callAm(
    world,
    'POST',
    '/realms/root/authenticate',
    {},
    {
      'x-openam-username': userName,
      'x-openam-password': password,
    },
  );
  const { tokenId } = entered.body as { readonly tokenId: string };
  const am: Am = {
    tokenId,
    call: (method, path, body, headers) =>
      callAm(world, method, path, body, { iPlanetDirectoryPro: tokenId, ...headers }),
  };
  return { ...am, entered };
}
