import { QueryClient, type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Answer, RouteName } from '@tessera/server/contract';
import { type Asked, call } from './call.ts';
import { ProblemError } from './problem.ts';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What was refused is refused again; what did not answer may answer.
      retry: (count, error) => !(error instanceof ProblemError) && count < 2,
    },
  },
});

type Question<Name extends RouteName> = Pick<Asked<Name>, 'params' | 'query'>;

/** The answer to a read, remembered under its question: never one to another question. */
export const useAnswer = <Name extends RouteName>(
  name: Name,
  question: Question<Name> = {},
  options: { readonly enabled?: boolean; readonly refetchInterval?: number } = {},
): UseQueryResult<Answer<Name>, Error> =>
  useQuery({
    queryKey: [name, question.params ?? {}, question.query ?? {}],
    queryFn: ({ signal }) => call(name, { ...question, signal }),
    ...options,
  });

/** Forgets what was read, since something was changed. */
export function useForget(): () => Promise<void> {
  const client = useQueryClient();
  return () =>
    client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'findSession' });
}
