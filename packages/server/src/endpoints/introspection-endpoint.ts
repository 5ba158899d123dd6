import {
  type Asker,
  describeSignedIntrospection,
  describeToken,
  INTROSPECT_ALL_SCOPE,
  type IntrospectionResponse,
  ok,
  profileRules,
  type Refusal,
  type Result,
  refuse,
  wantsSignedIntrospection,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { Api } from '../model/api.ts';
import type { Client } from '../model/client.ts';
import { findObstacle, readToken } from '../tokens/find-token.ts';
import { isOpaqueToken } from '../tokens/opaque-token.ts';
import { type AdmissionEnvironment, admitConfidentialClient } from './admit-caller.ts';
import type { OAuthRequest } from './oauth-request.ts';

type Env = AdmissionEnvironment & Pick<Environment, 'keyRing' | 'introspectionBudget'>;

/** An answer, or the same as a signed JWT. RFC 9701 §5 */
export type IntrospectionAnswer = IntrospectionResponse | { readonly jwt: string };

/** RFC 7662 §2. `token_type_hint` is not needed: the form of a token tells what it is. */
export async function answerIntrospection(
  env: Env,
  request: OAuthRequest,
): Promise<Result<IntrospectionAnswer, Refusal>> {
  const caller = await admitConfidentialClient(env, request);
  if (!caller.ok) return caller;

  const text = request.form.single.get('token');
  if (text === undefined) return refuse({ reason: 'token_missing' });

  const { realm, provider, now } = request;
  const retryAfter = env.introspectionBudget.wait(caller.value.client, text);
  // Only what is looked up can be guessed. A signature cannot: with it a token gets its answer, however
  // much rubbish was sent to its API.
  const facts =
    retryAfter > 0 && isOpaqueToken(text) ? undefined : await readToken(env, realm.name, text);
  if (retryAfter > 0 && facts === undefined) {
    const { clientId } = caller.value.client;
    return refuse({ reason: 'introspections_too_many', clientId, retryAfter });
  }
  env.introspectionBudget.answered(caller.value.client, text, facts !== undefined);
  const isVoid = facts === undefined || (await findObstacle(env, facts)) !== undefined;
  const asker = await describeAsker(env, caller.value.client);
  const { responses } = profileRules(provider.securityProfile);
  const signed = wantsSignedIntrospection(request.accept);
  const describe = signed ? responses.describeSignedToken : responses.describeActiveToken;
  const answer = describeToken(isVoid ? undefined : facts, asker, now, describe);
  if (!signed) return ok(answer);

  const issuer = env.addresses.issuer(realm.name);
  const claims = describeSignedIntrospection(answer, issuer, asker.clientId, now);
  const jwt = await env.keyRing.signIntrospection(realm.name, provider.signingAlgorithm, claims);
  return ok({ jwt });
}

/** For as long as the store hands out the same client and the same APIs. */
const known = new WeakMap<Client, { readonly of: readonly Api[]; readonly asker: Asker }>();

async function describeAsker(env: Pick<Environment, 'store'>, client: Client): Promise<Asker> {
  const { realm, clientId, scopes } = client;
  const of = await env.store.apis.all(realm);
  const before = known.get(client);
  if (before?.of === of) return before.asker;
  const apis = of.filter((api) => api.introspectionClients.includes(clientId));
  const asker = {
    clientId,
    ofWholeRealm: scopes.includes(INTROSPECT_ALL_SCOPE),
    apis: apis.map((api) => api.identifier),
    detailTypes: apis.flatMap((api) => api.authorizationDetailTypes.map(({ type }) => type)),
  };
  known.set(client, { of, asker });
  return asker;
}
