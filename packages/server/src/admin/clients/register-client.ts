import { ok } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { NewEvent } from '../../model/event.ts';
import type { UseCase } from '../use-case.ts';
import { describeClient } from './describe-client.ts';
import { insertClient, prepareClient } from './new-client.ts';

export const registerClient: UseCase<'registerClient'> = async (env, asked, { body }) => {
  const prepared = await prepareClient(env, asked, body, '');
  if (!prepared.ok) return prepared;
  const { client, secret } = prepared.value;
  const registered = await env.store.commit<readonly NewEvent[], AdminRefusal>(
    (events) => events,
    (rows) => insertClient(env, rows, asked, prepared.value),
  );
  return registered.ok
    ? ok({ ...describeClient(client), secret: secret?.once ?? null })
    : registered;
};
