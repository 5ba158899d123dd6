import { useInfiniteQuery } from '@tanstack/react-query';
import type { Answer, RouteName } from '@tessera/server/contract';
import { type Asked, call } from '../api/call.ts';

type Paged<T> = { readonly items: readonly T[]; readonly next: string | null };
export type PagedRoute = {
  [Name in RouteName]: Answer<Name> extends Paged<unknown> ? Name : never;
}[RouteName];
export type ItemOf<Name extends PagedRoute> = Answer<Name> extends Paged<infer Item> ? Item : never;

const PAGE = 50;

/** A list a page at a time; the server searches and cuts it. */
export function usePages<Name extends PagedRoute>(
  name: Name,
  { params = {}, query = {} }: Pick<Asked<Name>, 'params' | 'query'>,
) {
  const pages = useInfiniteQuery({
    queryKey: [name, params, query, 'pages'],
    queryFn: ({ signal, pageParam }) =>
      call(name, { params, query: { ...query, limit: PAGE, after: pageParam }, signal }) as Promise<
        Paged<ItemOf<Name>>
      >,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    // While somebody types, what was found before stays; what is of another realm does not.
    placeholderData: (before, query) =>
      JSON.stringify(query?.queryKey[1]) === JSON.stringify(params) ? before : undefined,
  });
  return { ...pages, items: pages.data?.pages.flatMap(({ items }) => items) };
}
