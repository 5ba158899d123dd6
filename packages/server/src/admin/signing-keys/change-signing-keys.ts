import { ok, type Result, refuse, type SigningAlgorithm } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer } from '../../contract/routes.ts';
import type { Environment } from '../../environment.ts';
import type { NewEvent } from '../../model/event.ts';
import { isFresh } from '../change.ts';
import type { UseCase } from '../use-case.ts';
import { describeSigningKey } from './describe-signing-key.ts';
import type { FreshKey } from './new-signing-key.ts';
import { keyEvent, retire, takeOver } from './take-over.ts';

type Env = Pick<Environment, 'store' | 'keyRing'>;
type KeyList = Answer<'listSigningKeys'>;

export const listSigningKeys: UseCase<'listSigningKeys'> = async (env, { realm }) =>
  ok(await describeKeys(env, realm.name));

const describeKeys = async (env: Pick<Env, 'store'>, realm: string): Promise<KeyList> => ({
  items: (await env.store.signingKeys.all(realm)).map(describeSigningKey),
});

export const rotateSigningKey: UseCase<'rotateSigningKey'> = async (env, asked, { body }) => {
  const realm = asked.realm.name;
  const provider = await env.store.providers.find(realm);
  if (provider === undefined) return refuse({ reason: 'realm_unknown' });
  const algorithm = body.algorithm ?? provider.signingAlgorithm;
  const fresh = await prepareSuccessor(env, realm, algorithm);
  const rotated = await env.store.commit<readonly NewEvent[], AdminRefusal>(
    (events) => events,
    (rows) => takeOver(env, rows, asked, algorithm, fresh, body.immediately),
  );
  return rotated.ok ? ok(await describeKeys(env, realm)) : rotated;
};

/** The key that signs is replaced at once, so that there is always one that does. */
export const retireSigningKey: UseCase<'retireSigningKey'> = async (env, asked, input) => {
  const { params, precondition } = input;
  const realm = asked.realm.name;
  const fresh = await prepareSuccessorOf(env, realm, params.kid);
  const retired = await env.store.commit<readonly NewEvent[], AdminRefusal>(
    (events) => events,
    async (rows) => {
      const key = await rows.signingKeys.find(realm, params.kid);
      if (key === undefined) return refuse({ reason: 'signing_key_unknown' });
      if (!isFresh(precondition, key)) return refuse({ reason: 'revision_stale' });
      return key.state === 'signing'
        ? takeOver(env, rows, asked, key.algorithm, fresh, true)
        : retire(rows, asked, key);
    },
  );
  return retired.ok ? ok(await describeKeys(env, realm)) : retired;
};

/** For a key that others may have. Nothing that it signed is believed here from now on. */
export const revokeSigningKey: UseCase<'revokeSigningKey'> = async (env, asked, input) => {
  const { params, precondition } = input;
  const realm = asked.realm.name;
  const fresh = await prepareSuccessorOf(env, realm, params.kid);
  const revoked = await env.store.commit<readonly NewEvent[], AdminRefusal>(
    (events) => events,
    async (rows): Promise<Result<readonly NewEvent[], AdminRefusal>> => {
      const key = await rows.signingKeys.find(realm, params.kid);
      if (key === undefined) return refuse({ reason: 'signing_key_unknown' });
      if (!isFresh(precondition, key)) return refuse({ reason: 'revision_stale' });
      await rows.signingKeys.delete(realm, key.kid);
      const { algorithm, state } = key;
      const event = keyEvent(asked, 'signing-key.revoked', key.kid, { algorithm, state });
      if (state !== 'signing') return ok([event]);
      const succeeded = await takeOver(env, rows, asked, algorithm, fresh, true);
      return succeeded.ok ? ok([event, ...succeeded.value]) : succeeded;
    },
  );
  return revoked.ok ? ok(undefined) : revoked;
};

/** Outside the transaction: a key, unless one is published already that can take over. */
async function prepareSuccessor(
  env: Env,
  realm: string,
  algorithm: SigningAlgorithm,
): Promise<FreshKey | undefined> {
  const keys = await env.store.signingKeys.all(realm);
  return keys.some((key) => key.algorithm === algorithm && key.state === 'published')
    ? undefined
    : env.keyRing.generate(algorithm);
}

async function prepareSuccessorOf(
  env: Env,
  realm: string,
  kid: string,
): Promise<FreshKey | undefined> {
  const key = (await env.store.signingKeys.all(realm)).find((one) => one.kid === kid);
  return key?.state === 'signing' ? prepareSuccessor(env, realm, key.algorithm) : undefined;
}
