import { Navigate } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { useSession } from '../session/use-session.ts';
import { latestRealm } from './use-realm.ts';

/** Where people begin: the realm that they looked at last, their own, or the first below the root. */
export function Home() {
  const { realm, everyRealm } = useSession();
  const known = latestRealm() ?? (everyRealm ? undefined : realm);
  const realms = useAnswer('listRealms', { query: { limit: 2 } }, { enabled: known === undefined });
  if (realms.isError) return <Failed error={realms.error} retry={realms.refetch} />;
  const first = realms.data?.items.find(({ name }) => name !== 'root')?.name ?? 'root';
  const chosen = known ?? (realms.data === undefined ? undefined : first);
  return chosen === undefined ? (
    <Loading what="the realms" />
  ) : (
    <Navigate to="/realms/$realm" params={{ realm: chosen }} replace />
  );
}
