/*
 * Registration as a client sees it: JSON to the registration endpoint of a realm, with or without
 * a token.
 */
import type { RealmClient } from './realm.ts';
import type { Answer } from './wire.ts';
import type { World } from './world.ts';

export type Registered = {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly registration_access_token: string;
  readonly registration_client_uri: string;
} & Readonly<Record<string, unknown>>;

type Said = {
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly from?: string;
};

/** A public key and nothing else. */
export const EC_KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
} as const;

const headersOf = ({ token, headers }: Said) => ({
  ...(token !== undefined && { authorization: `Bearer ${token}` }),
  ...headers,
});

export const registrationOf = (world: World, realm: RealmClient) => ({
  /** What a client sends that wants to be one; text is sent as it is. */
  post: (document: unknown, said: Said = {}): Promise<Answer> =>
    world.send({
      method: 'POST',
      path: `${realm.path}/register`,
      headers: { 'content-type': 'application/json', ...headersOf(said) },
      body:
        typeof document === 'string' || Buffer.isBuffer(document)
          ? document
          : JSON.stringify(document),
      ...(said.from !== undefined && { from: said.from }),
    }),

  /** A registration that must succeed. */
  async register(document: unknown, token?: string): Promise<Registered> {
    const answer = await this.post(document, { token: token ?? (await this.initialToken()) });
    if (answer.status !== 201) throw new Error(`not registered: ${answer.status} ${answer.text}`);
    return answer.json as Registered;
  },

  /** GET, PUT or DELETE at the address that a registration was answered with. */
  manage: (method: string, at: Registered | string, document?: unknown, said: Said = {}) =>
    world.send({
      method,
      path:
        typeof at === 'string'
          ? `${realm.path}/register?client_id=${encodeURIComponent(at)}`
          : at.registration_client_uri.slice(world.publicUrl.length),
      headers: {
        ...(document !== undefined && { 'content-type': 'application/json' }),
        ...headersOf({
          token: typeof at === 'string' ? undefined : at.registration_access_token,
          ...said,
        }),
      },
      ...(document !== undefined && { body: JSON.stringify(document) }),
    }),

  async initialToken(members: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return (await this.createInitialToken(members)).token;
  },

  createInitialToken: (members: Readonly<Record<string, unknown>> = {}) =>
    world.administration.perform<{ readonly token: string; readonly id: string }>(
      'POST',
      `/api/realms/${realm.name}/initial-access-tokens`,
      members,
    ),
});
