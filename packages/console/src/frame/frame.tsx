import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { call } from '../api/call.ts';
import { loadPart } from '../api/connection.ts';
import { ProblemError } from '../api/problem.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { ReplacePassword, SignIn } from '../session/sign-in.tsx';
import { SessionContext } from '../session/use-session.ts';

/** Not before somebody is signed in: who signs in waits for nothing that only comes after it. */
const Shell = lazy(async () => ({ default: (await loadPart(() => import('./shell.tsx'))).Shell }));

/** Around every screen: nobody goes further who is not signed in. */
export function Frame() {
  const [typed, setTyped] = useState('');
  const session = useQuery({
    queryKey: ['findSession', {}, {}],
    queryFn: ({ signal }) => call('findSession', { signal }),
    retry: (count, error) => !(error instanceof ProblemError) && count < 3,
    staleTime: 60_000,
  });
  if (session.isPending) return <Loading what="the console" />;
  const { data, error } = session;
  if (data === undefined) {
    const signedOut = error instanceof ProblemError && error.problem.status === 401;
    return signedOut ? (
      <SignIn onOneTimePassword={setTyped} />
    ) : (
      <Failed error={error} retry={session.refetch} />
    );
  }
  if (data.passwordOneTime)
    return <ReplacePassword userName={data.name} typed={typed} onReplaced={() => setTyped('')} />;
  return (
    <SessionContext value={data}>
      <Suspense fallback={<Loading what="the console" />}>
        <Shell session={data} />
      </Suspense>
    </SessionContext>
  );
}
