import { call } from '../api/call.ts';
import type { Session } from './use-session.ts';

/**
 * Whether somebody is the only user of a server in which nothing was made: no realm but the root,
 * and no application in that. Asked once, when the first password was chosen. Who cannot be
 * answered goes where everybody goes.
 */
export async function isFirstRun(session: Session): Promise<boolean> {
  if (!session.everyRealm || !session.permissions.includes('realms:write')) return false;
  const params = { realm: 'root' };
  const query = { limit: 2 };
  try {
    const lists = await Promise.all([
      call('listRealms', { query }),
      call('listUsers', { params, query }),
    ]);
    if (lists.some(({ items }) => items.length > 1)) return false;
    const { items } = await call('listApplications', { params, query });
    return items.length === 0;
  } catch {
    return false;
  }
}
