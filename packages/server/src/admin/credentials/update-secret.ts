import { ok } from '@tessera/protocol';
import { type CredentialOf, isOfKind } from '../../model/credential.ts';
import { latestEnd } from '../../model/credential-policy.ts';
import type { UseCase } from '../use-case.ts';
import { type CredentialFamily, changeCredential, revokeCredential } from './change-credential.ts';
import { describeSecret } from './describe-secret.ts';

const SECRETS: CredentialFamily<CredentialOf<'secret'>> = {
  noun: 'secret',
  unknown: { reason: 'secret_unknown' },
  includes: (credential) => isOfKind(credential, 'secret'),
  describe: describeSecret,
  async findObstacle(rows, { realm, createdAt, expiresAt }) {
    const provider = await rows.providers.find(realm);
    const limit = provider?.secretLifetimeMax;
    if (provider === undefined || limit === undefined) return undefined;
    const latest = latestEnd(provider, createdAt);
    return latest !== undefined && (expiresAt === undefined || expiresAt > latest)
      ? { reason: 'secret_lifetime_too_long', pointer: '/expiresAt', limit }
      : undefined;
  },
};

export const updateSecret: UseCase<'updateSecret'> = async (env, asked, input) => {
  const { params, body, precondition } = input;
  const named = { clientId: params.clientId, credentialId: params.secretId };
  const changed = await changeCredential(env, asked, SECRETS, named, body, precondition);
  return changed.ok ? ok(describeSecret(changed.value, asked.now)) : changed;
};

export const revokeSecret: UseCase<'revokeSecret'> = (env, asked, { params, precondition }) => {
  const named = { clientId: params.clientId, credentialId: params.secretId };
  return revokeCredential(env, asked, SECRETS, named, precondition);
};
