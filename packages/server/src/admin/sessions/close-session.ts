import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Environment } from '../../environment.ts';
import type { Administrator } from '../administrator.ts';
import type { Origin } from './new-session.ts';
import { sessionEvent } from './open-session.ts';

/** Signs out: the cookie is worth nothing from now on, whoever has a copy. */
export async function closeSession(
  env: Pick<Environment, 'clock' | 'store'>,
  administrator: Administrator,
  { requestId }: Origin,
): Promise<Result<undefined, AdminRefusal>> {
  const { sessionDigest } = administrator;
  if (sessionDigest === undefined) return refuse({ reason: 'session_required' });
  const closed = sessionEvent('session.closed', administrator, requestId, env.clock.now());
  return env.store.commit<undefined, AdminRefusal>(closed, async (rows) => {
    await rows.sessions.delete(sessionDigest);
    return ok(undefined);
  });
}
