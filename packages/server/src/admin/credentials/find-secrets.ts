import { ok, refuse } from '@tessera/protocol';
import type { UseCase } from '../use-case.ts';
import { describeSecret } from './describe-secret.ts';

export const listSecrets: UseCase<'listSecrets'> = async (env, { realm, now }, { params }) => {
  const registered = await env.store.clients.find(realm.name, params.clientId);
  return registered === undefined
    ? refuse({ reason: 'client_unknown' })
    : ok({ items: registered.credentials.map((credential) => describeSecret(credential, now)) });
};
