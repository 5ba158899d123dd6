import { ok, refuse } from '@tessera/protocol';
import { isOfKind } from '../../model/credential.ts';
import type { UseCase } from '../use-case.ts';
import { describeSecret } from './describe-secret.ts';

export const listSecrets: UseCase<'listSecrets'> = async (env, { realm, now }, { params }) => {
  const registered = await env.store.clients.find(realm.name, params.clientId);
  return registered === undefined
    ? refuse({ reason: 'client_unknown' })
    : ok({
        items: registered.credentials
          .filter((credential) => isOfKind(credential, 'secret'))
          .map((credential) => describeSecret(credential, now)),
      });
};
