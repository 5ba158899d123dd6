import type { Environment, NewEvents, Rows, Store } from '../../environment.ts';
import type { NewEvent } from '../../model/event.ts';
import type { AdminEnvironment } from '../use-case.ts';

/**
 * The powers of a use case inside the commit of another: what it writes is part of that commit,
 * and what it reads is what has been written there so far. So that several operations, each with
 * its own rules, are one change.
 *
 * Only what the operations on the things of a realm ask for is read through the commit; whatever
 * else a store answers is as it was before.
 */
export function withinCommit(
  env: AdminEnvironment,
  rows: Rows,
  told: NewEvent[],
): AdminEnvironment {
  const { store } = env;
  const commit: Store['commit'] = async (events, work) => {
    const outcome = await work(rows);
    if (outcome.ok)
      told.push(...listed(typeof events === 'function' ? events(outcome.value) : events));
    return outcome;
  };
  const inside: Environment['store'] = {
    ...store,
    realms: { ...store.realms, find: (name) => rows.realms.find(name) },
    providers: { find: (realm) => rows.providers.find(realm) },
    signingKeys: { all: (realm) => rows.signingKeys.all(realm) },
    trustedIssuers: { all: (realm) => rows.trustedIssuers.all(realm) },
    clients: {
      ...store.clients,
      async find(realm, clientId) {
        const client = await rows.clients.find(realm, clientId);
        if (client === undefined) return undefined;
        return {
          client,
          credentials: await rows.credentials.ofClient(realm, clientId),
          grants: await rows.clientGrants.ofClient(realm, clientId),
        };
      },
    },
    commit,
  };
  return { ...env, store: inside };
}

const listed = (events: NewEvents): readonly NewEvent[] => [events].flat();
