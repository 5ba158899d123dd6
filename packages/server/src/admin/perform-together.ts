import { ok, type Result } from '@tessera/protocol';
import type { AdminRefusal } from '../contract/refusal.ts';
import type { ResourceRouteName } from '../contract/routes.ts';
import type { NewEvent } from '../model/event.ts';
import type { Administrator } from './administrator.ts';
import { hashAhead } from './hash-ahead.ts';
import { perform } from './perform.ts';
import { withinCommit } from './realm-files/within-commit.ts';
import type { AdminEnvironment, Given } from './use-case.ts';

/**
 * The one door, for several operations that are one change: each by its own permission and rules,
 * and what the first refusal refuses is all of it. `passwords` are those that they set.
 */
export async function performTogether(
  env: AdminEnvironment,
  administrator: Administrator,
  operations: readonly { readonly name: ResourceRouteName; readonly given: Given }[],
  passwords: readonly string[],
): Promise<Result<undefined, AdminRefusal>> {
  const hasher = await hashAhead(env, passwords);
  if (!hasher.ok) return hasher;
  const done = await env.store.commit<readonly NewEvent[], AdminRefusal>(
    (events) => events,
    async (rows) => {
      const events: NewEvent[] = [];
      const inside = { ...withinCommit(env, rows, events), hasher: hasher.value };
      for (const { name, given } of operations) {
        const answered = await perform(inside, administrator, name, given);
        if (!answered.ok) return answered;
      }
      return ok(events);
    },
  );
  return done.ok ? ok(undefined) : done;
}
