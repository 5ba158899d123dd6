/* A caller of PingAM's administration: signed in by headers, the session in the header of its name. */
import { expect } from 'vitest';
import type { World } from '../world.ts';

export type AmAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AmBody;
};

/** Whatever AM answers; a test says itself what it expects of it. */
export type AmBody = {
  readonly _id: string;
  readonly _rev: string;
  readonly tokenId: string;
  readonly version: string;
  readonly message: string;
  readonly maxIdleExpirationTime: string;
  readonly result: readonly AmBody[];
  readonly pagedResultsCookie: string;
  readonly detail: { readonly validAttributes: readonly string[] };
  readonly coreOAuth2ClientConfig: { readonly scopes: Wrapped; readonly status: Wrapped };
  readonly advancedOAuth2ClientConfig: { readonly grantTypes: Wrapped };
  readonly overrideOAuth2ClientConfig: { readonly accessTokenModificationScript: unknown };
  readonly coreOAuth2Config: { readonly accessTokenLifetime: number };
  readonly advancedOAuth2Config: Readonly<Record<string, unknown>>;
  readonly properties: {
    readonly coreOAuth2ClientConfig: { readonly properties: { readonly status: unknown } };
  };
};

type Wrapped = { readonly value: unknown };

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
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as AmBody,
  };
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
  const { tokenId } = entered.body;
  const am: Am = {
    tokenId,
    call: (method, path, body, headers) =>
      callAm(world, method, path, body, { iPlanetDirectoryPro: tokenId, ...headers }),
  };
  return { ...am, entered };
}
