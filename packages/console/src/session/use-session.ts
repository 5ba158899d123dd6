import type { Answer, Permission } from '@tessera/server/contract';
import { createContext, use } from 'react';

export type Session = Answer<'findSession'>;

export const SessionContext = createContext<Session | undefined>(undefined);

/** Who is signed in. Only below the frame, which shows nothing before it knows. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === undefined) throw new Error('nobody is signed in here');
  return session;
}

/** Whether the signed-in person has a permission. Hides what the server would refuse; decides nothing. */
export function usePermission(permission: Permission): boolean {
  return useSession().permissions.includes(permission);
}
