import type { Answer, ResourceRouteName } from '../contract/routes.ts';
import type { Environment } from '../environment.ts';
import { ROOT_REALM } from '../model/realm.ts';
import { systemAdministrator } from './administrator.ts';
import { perform } from './perform.ts';

/** The realm of the demonstration: what PingOne's procedure makes by hand. */
export type DemoRealm = {
  /** The secret of `config-service`, when this call made one; undefined: it has one already. */
  readonly configServiceSecret: string | undefined;
  /** The administrator's one-time password; undefined once it was replaced. */
  readonly oneTimePassword: string | undefined;
};

const REALM = 'alpha';
const BY = systemAdministrator('demo');

/**
 * Makes what is missing of the demonstration and leaves alone what is there: an application owner,
 * a resource owner, the application `myClient` with its confidential client, and the client by
 * which the sample API asks about tokens.
 *
 * The secrets are known to everybody. Only a server that listens to its own machine may have them.
 */
export async function ensureDemoRealm(
  env: Environment,
  knowsConfigServiceSecret: boolean,
): Promise<DemoRealm> {
  const { store } = env;
  if ((await store.realms.find(REALM)) === undefined)
    await make(env, 'createRealm', {}, { name: REALM, displayName: 'Alpha' });

  const owner = await ensureUser(env, 'application-owner', 'Avery', 'Owner');
  await ensureUser(env, 'resource-owner', 'Robin', 'Resource');
  if ((await store.clients.find(REALM, 'myClient')) === undefined)
    await make(
      env,
      'createApplication',
      { realm: REALM },
      {
        name: 'myClient',
        description: 'Keeps its own configuration at the sample API.',
        template: 'web',
        owners: [owner],
        client: {
          clientId: 'myClient',
          scopes: ['write'],
          redirectUris: ['https://www.example.com:443/callback'],
          secret: { secret: 'forgerock', label: 'demo' },
        },
      },
    );

  return {
    configServiceSecret: knowsConfigServiceSecret ? undefined : await renewConfigService(env),
    oneTimePassword: await renewOneTimePassword(env),
  };
}

/** The sample API may ask about every token of the realm, as PingAM lets clients with this scope. */
async function renewConfigService(env: Environment): Promise<string> {
  const clientId = 'config-service';
  const known = await env.store.clients.find(REALM, clientId);
  const label = 'demo';
  if (known === undefined) {
    const { secret } = await make(
      env,
      'registerClient',
      { realm: REALM },
      {
        clientId,
        name: 'Sample API',
        grantTypes: [],
        scopes: ['am-introspect-all-tokens'],
        secret: { label },
      },
    );
    if (secret === null) throw new Error('a client that authenticates with a secret has none');
    return secret.secret;
  }
  const params = { realm: REALM, clientId };
  return (await make(env, 'rotateSecret', params, { overlap: 0, label })).secret;
}

async function ensureUser(
  env: Environment,
  userName: string,
  givenName: string,
  familyName: string,
): Promise<string> {
  const known = await env.store.users.findByUserName(REALM, userName);
  if (known !== undefined) return known.id;
  const email = `${userName}@example.com`;
  const body = { userName, givenName, familyName, email };
  return (await make(env, 'createUser', { realm: REALM }, body)).id;
}

/** A one-time password that nobody used is replaced: only its hash is kept, so it cannot be told. */
export async function renewOneTimePassword(env: Environment): Promise<string | undefined> {
  const user = await env.store.users.findByUserName(ROOT_REALM, 'admin');
  if (user === undefined || !user.passwordOneTime) return undefined;
  const params = { realm: ROOT_REALM, userId: user.id };
  return (await make(env, 'setPassword', params, { oneTime: true })).password ?? undefined;
}

/** Through the same door as everybody, as the server itself; a refusal here is a fault. */
async function make<Name extends ResourceRouteName>(
  env: Environment,
  name: Name,
  params: Readonly<Record<string, string>>,
  body: unknown,
): Promise<Answer<Name>> {
  const given = { params, query: undefined, body, precondition: undefined, requestId: '' };
  const made = await perform(env, BY, name, given);
  if (!made.ok) throw new Error(`the demonstration cannot be set up: ${made.refusal.reason}`);
  return made.value;
}
