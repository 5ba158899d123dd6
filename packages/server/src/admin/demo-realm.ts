import { ok } from '@tessera/protocol';
import type { Body, ResourceRouteName } from '../contract/routes.ts';
import type { Environment } from '../environment.ts';
import { ROOT_REALM } from '../model/realm.ts';
import type { User } from '../model/user.ts';
import { systemAdministrator } from './administrator.ts';
import { eventOf } from './change.ts';
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
    await make(env, 'createApplication', { realm: REALM }, {
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
    });

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
    const { secret } = await make(env, 'registerClient', { realm: REALM }, {
      clientId,
      name: 'Sample API',
      grantTypes: [],
      scopes: ['am-introspect-all-tokens'],
      secret: { label },
    });
    return textOf(secret);
  }
  const { secret } = await make(env, 'rotateSecret', { realm: REALM, clientId }, {
    overlap: 0,
    label,
  });
  return textOf(secret);
}
