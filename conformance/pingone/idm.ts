/* A caller of PingIDM's administration: with a session in the header of its name, or with a token. */
import { expect } from 'vitest';
import type { World } from '../world.ts';

/** Whatever IDM answers; a test says itself what it expects of it. */
export type IdmBody = {
  readonly _id: string;
  readonly _rev: string;
  readonly message: string;
  readonly accountStatus: string;
  readonly jwks: string;
  readonly scopes: readonly string[];
  readonly owners: readonly { readonly _ref: string }[];
  readonly result: readonly IdmBody[];
  readonly detail: {
    readonly failedPolicyRequirements: readonly {
      readonly property: string;
      readonly policyRequirements: readonly unknown[];
    }[];
  };
};

export type IdmAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: IdmBody;
};

export type Idm = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<IdmAnswer>;

/** Below the server's own address, not below `/am`. */
export const callIdm =
  (world: World, caller: Readonly<Record<string, string>>): Idm =>
  async (method, path, body, headers = {}) => {
    const response = await fetch(`${world.publicUrl}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...caller,
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as IdmBody,
    };
  };
