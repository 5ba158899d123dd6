import { type Credential, type CredentialOf, isOfKind } from '../../model/credential.ts';
import type { UseCase } from '../use-case.ts';
import { listFamily } from './credential-parts.ts';
import { describeSecret } from './describe-secret.ts';

export const listSecrets: UseCase<'listSecrets'> = (env, asked, { params }) =>
  listFamily(env, asked, params.clientId, isSecret, describeSecret);

const isSecret = (credential: Credential): credential is CredentialOf<'secret'> =>
  isOfKind(credential, 'secret');
