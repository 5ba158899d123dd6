/*
 * One realm, from outside: what a client of its OAuth 2.0 endpoints sends, and what an
 * administrator puts into it.
 */
import type { Administration } from './administration.ts';
import type { Answer, WireRequest } from './wire.ts';

/** What a realm is reached through. */
export type Reach = {
  /** Scheme and authority, as the server is configured. */
  readonly publicUrl: string;
  readonly administration: Administration;
  /** One request, from an address of its own unless it says otherwise; the answer keeps all rules. */
  send(request: WireRequest & { readonly from?: string }): Promise<Answer>;
};

/** A client's credentials, as its owner has them. */
export type ClientCredentials = { readonly clientId: string; readonly secret: string };

/** A text is the body as it is; anything else is form-encoded. */
export type Form =
  | string
  | Readonly<Record<string, string>>
  | readonly (readonly [string, string])[];

export type Ask = {
  /** Sends these with HTTP Basic, form-encoded as RFC 6749 §2.3.1 has it. */
  readonly as?: ClientCredentials;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly from?: string;
  readonly method?: string;
};

export type TokenEndpointAnswer = {
  readonly access_token: string;
  readonly scope?: string;
  readonly token_type: string;
  readonly expires_in: number;
};

export type RealmClient = {
  readonly name: string;
  readonly issuer: string;
  readonly path: string;
  post(endpoint: string, form: Form, ask?: Ask): Promise<Answer>;
  read(endpoint: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The answer to a client credentials request with these parameters on top. */
  request(client: ClientCredentials, form?: Readonly<Record<string, string>>): Promise<Answer>;
  /** A token, from a request that must succeed. */
  token(client: ClientCredentials, form?: Readonly<Record<string, string>>): Promise<string>;
  introspect(token: string, as: ClientCredentials): Promise<Answer>;
  revoke(token: string, as: ClientCredentials): Promise<Answer>;

  registerClient(members?: Readonly<Record<string, unknown>>): Promise<ClientCredentials>;
  /** A client without a secret; the administration does not give it this grant. */
  registerPublicClient(): Promise<ClientCredentials>;
  registerApi(members: Readonly<Record<string, unknown>>): Promise<string>;
  grant(
    client: ClientCredentials,
    apiId: string,
    scopes: readonly string[],
    authorizationDetailTypes?: readonly string[],
  ): Promise<void>;
  changeClient(client: ClientCredentials, patch: Readonly<Record<string, unknown>>): Promise<void>;
  deleteClient(client: ClientCredentials): Promise<void>;
  changeProvider(patch: Readonly<Record<string, unknown>>): Promise<void>;
};

export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** A client credentials request and nothing else. RFC 6749 §4.4.2. */
export const CLIENT_CREDENTIALS = { grant_type: 'client_credentials' } as const;

/** Form-encoding of one component. RFC 6749 App. B. */
const formEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

/** An Authorization header of exactly this text or these bytes. RFC 7617 §2. */
export const rawBasic = (text: string | Buffer): string =>
  `Basic ${Buffer.from(text as string).toString('base64')}`;

export const basic = ({ clientId, secret }: ClientCredentials): string =>
  rawBasic(`${formEncode(clientId)}:${formEncode(secret)}`);

/** What an answer looks like that refuses; the description only where the words matter. */
export const refusal = (status: number, error: string, description?: string) => ({
  status,
  json: { error, ...(description !== undefined && { error_description: description }) },
});

export const readToken = ({ status, json, text }: Answer): TokenEndpointAnswer => {
  if (status !== 200) throw new Error(`no token: ${status} ${text}`);
  return json as TokenEndpointAnswer;
};

const encodeForm = (form: Form): string =>
  typeof form === 'string' ? form : new URLSearchParams(form as Record<string, string>).toString();

let clients = 0;

export function realmClient(world: Reach, name: string): RealmClient {
  const path = name === 'root' ? '/am/oauth2/realms/root' : `/am/oauth2/realms/root/realms/${name}`;
  const inRealm = `/api/realms/${name}`;
  const clientPath = ({ clientId }: ClientCredentials) =>
    `${inRealm}/clients/${encodeURIComponent(clientId)}`;

  const realm: RealmClient = {
    name,
    path,
    get issuer() {
      return world.publicUrl + path;
    },
    post: (endpoint, form, { as, headers, from, method = 'POST' } = {}) =>
      world.send({
        method,
        path: `${path}/${endpoint}`,
        headers: {
          'content-type': FORM_TYPE,
          ...(as !== undefined && { authorization: basic(as) }),
          ...headers,
        },
        body: encodeForm(form),
        ...(from !== undefined && { from }),
      }),
    read: (endpoint, headers = {}) => world.send({ path: `${path}/${endpoint}`, headers }),
    request: (as, form = {}) =>
      realm.post('access_token', { ...CLIENT_CREDENTIALS, ...form }, { as }),
    token: async (as, form) => readToken(await realm.request(as, form)).access_token,
    introspect: (token, as) => realm.post('introspect', { token }, { as }),
    revoke: (token, as) => realm.post('token/revoke', { token }, { as }),

    async registerClient(members = {}) {
      const made = await world.administration.perform<{
        readonly clientId: string;
        readonly secret: { readonly secret: string } | null;
      }>('POST', `${inRealm}/clients`, {
        clientId: `client-${++clients}`,
        scopes: ['read', 'write'],
        ...members,
      });
      return { clientId: made.clientId, secret: made.secret?.secret ?? '' };
    },
    registerPublicClient: () =>
      realm.registerClient({
        type: 'public',
        authenticationMethod: 'none',
        grantTypes: ['authorization_code'],
        secret: null,
      }),
    async registerApi(members) {
      const made = await world.administration.perform<{ readonly id: string }>(
        'POST',
        `${inRealm}/apis`,
        { name: 'An API', ...members },
      );
      return made.id;
    },
    async grant(client, apiId, scopes, authorizationDetailTypes = []) {
      await world.administration.perform('PUT', `${clientPath(client)}/grants/${apiId}`, {
        scopes,
        authorizationDetailTypes,
      });
    },
    async changeClient(client, patch) {
      await world.administration.change(clientPath(client), patch);
    },
    async deleteClient(client) {
      await world.administration.remove(clientPath(client));
    },
    async changeProvider(patch) {
      await world.administration.change(`${inRealm}/provider`, patch);
    },
  };
  return realm;
}
