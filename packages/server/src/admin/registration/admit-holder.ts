import { isClientId, ok, type Refusal, type Result, refuse } from '@tessera/protocol';
import { isRegistrationToken } from '../../clients/registration-token.ts';
import type { RegisteredClient } from '../../model/client.ts';
import type { RegistrationEnvironment, RegistrationRequest } from './registration-request.ts';

/** A client that has shown its registration access token, and the token. */
export type Holder = RegisteredClient & { readonly token: string };

/**
 * The client that the address names, if the token is its own. RFC 7592 §2: a client that does not
 * exist is refused as a wrong token is, and so is one that an administrator made or disabled.
 */
export async function admitHolder(
  env: RegistrationEnvironment,
  request: RegistrationRequest,
  clientId: string,
): Promise<Result<Holder, Refusal>> {
  const { authorization, provider, realm, address } = request;
  if (provider.clientRegistration === 'off') return refuse({ reason: 'registration_disabled' });
  if (authorization.kind === 'repeated') return refuse({ reason: 'authorization_repeated' });
  if (authorization.kind !== 'bearer') return refuse({ reason: 'registration_token_missing' });
  const key = { realm: realm.name, claimant: `registration access token from ${address}`, address };
  const retryAfter = env.failureBudget.wait(key);
  if (retryAfter > 0) return refuse({ reason: 'registrations_too_many', retryAfter });

  const { token } = authorization;
  const registered = isClientId(clientId)
    ? await env.store.clients.find(realm.name, clientId)
    : undefined;
  const isTheirs = isRegistrationToken(env, registered?.client, token);
  if (registered !== undefined && isTheirs && registered.client.enabled)
    return ok({ ...registered, token });
  env.failureBudget.failed(key);
  return refuse({ reason: 'registration_token_wrong', clientId });
}
