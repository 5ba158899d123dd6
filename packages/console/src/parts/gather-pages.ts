import type { Answer } from '@tessera/server/contract';
import { type Asked, call } from '../api/call.ts';
import type { ItemOf, PagedRoute } from './use-pages.ts';

/** What one answer holds at most. */
const PAGE = 200;

/** All that a list has for a query, page after page, up to a bound. */
export async function gatherPages<Name extends PagedRoute>(
  name: Name,
  { params = {}, query = {} }: Pick<Asked<Name>, 'params' | 'query'>,
  max: number,
  onProgress: (count: number) => void,
): Promise<{ readonly items: readonly ItemOf<Name>[]; readonly complete: boolean }> {
  const items: ItemOf<Name>[] = [];
  let after: string | undefined;
  do {
    const page: Answer<PagedRoute> = await call(name, {
      params,
      query: { ...query, limit: PAGE, after },
    });
    items.push(...(page.items as readonly ItemOf<Name>[]));
    onProgress(items.length);
    after = page.next ?? undefined;
  } while (after !== undefined && items.length < max);
  return { items: items.slice(0, max), complete: after === undefined };
}
