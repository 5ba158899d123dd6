import {
  describeToken,
  INTROSPECT_ALL_SCOPE,
  type IntrospectionResponse,
  ok,
  type Refusal,
  type Result,
  refuse,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { Client } from '../model/client.ts';
import { findToken } from '../tokens/find-token.ts';
import { type AdmissionEnvironment, admitConfidentialClient } from './admit-caller.ts';
import type { OAuthRequest } from './oauth-request.ts';

type Env = AdmissionEnvironment & Pick<Environment, 'keyRing'>;

/** RFC 7662 §2. `token_type_hint` is not needed: the form of a token tells what it is. */
export async function answerIntrospection(
  env: Env,
  request: OAuthRequest,
): Promise<Result<IntrospectionResponse, Refusal>> {
  const caller = await admitConfidentialClient(env, request);
  if (!caller.ok) return caller;

  const text = request.form.single.get('token');
  if (text === undefined) return refuse({ reason: 'token_missing' });

  const token = await findToken(env, request.realm.name, text);
  return ok(describeToken(token, await describeAsker(env, caller.value.client), request.now));
}

async function describeAsker(env: Pick<Environment, 'store'>, { realm, clientId, scopes }: Client) {
  const apis = await env.store.apis.all(realm);
  return {
    clientId,
    ofWholeRealm: scopes.includes(INTROSPECT_ALL_SCOPE),
    apis: apis
      .filter((api) => api.introspectionClients.includes(clientId))
      .map((api) => api.identifier),
  };
}
