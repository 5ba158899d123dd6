import { QueryClient, type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Answer, RouteName } from '@tessera/server/contract';
import { type Asked, call } from './call.ts';
import { ProblemError, UnreachableError } from './problem.ts';

const RETRY_MILLISECONDS_MAX = 3_000;

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A server on this machine answers without a network.
      networkMode: 'always',
      // What was refused is refused again. A server that is away is waited for.
      retry: (count, error) =>
        error instanceof UnreachableError || (!(error instanceof ProblemError) && count < 2),
      retryDelay: (count) => Math.min(500 * 2 ** count, RETRY_MILLISECONDS_MAX),
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
