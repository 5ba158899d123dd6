import { type Credential, type CredentialOf, isOfKind } from '../../model/credential.ts';
import { underPolicy } from '../../model/credential-policy.ts';
import type { UseCase } from '../use-case.ts';
import { listFamily } from './credential-parts.ts';
import { describeSecret } from './describe-secret.ts';

/** With the end that each has under the policy of the realm, as they are believed. */
export const listSecrets: UseCase<'listSecrets'> = async (env, asked, { params }) => {
  const provider = await env.store.providers.find(asked.realm.name);
  return listFamily(env, asked, params.clientId, isSecret, (credential, now) =>
    describeSecret(provider === undefined ? credential : underPolicy(provider, credential), now),
  );
};

const isSecret = (credential: Credential): credential is CredentialOf<'secret'> =>
  isOfKind(credential, 'secret');
