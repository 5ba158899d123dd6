import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Page } from '../parts/page.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';
import type { Event } from './describe-event.ts';
import { EventDetails } from './event-details.tsx';
import { EventFilters } from './event-filters.tsx';
import type { EventSearch } from './event-search.ts';
import { EventTable } from './event-table.tsx';
import { ExportMenu } from './export-menu.tsx';

const DAY = 86_400;

export function EventList() {
  const realm = useRealm();
  const navigate = useNavigate();
  const search: EventSearch = useSearch({ strict: false });
  const { days, type, actor, subject } = search;
  // Of one visit: the question, and what is remembered for it, stay the same.
  const [now] = useState(() => Math.floor(Date.now() / 1_000));
  const query = {
    search: search.search,
    type,
    actorId: actor,
    subjectId: subject,
    since: days === undefined ? undefined : now - days * DAY,
  };
  const list = usePages('listEvents', { params: { realm }, query });
  const show = (next: EventSearch) =>
    navigate({
      to: '/realms/$realm/audit',
      params: { realm },
      search: Object.fromEntries(
        Object.entries(next).filter(([, value]) => value !== '' && value !== 0),
      ),
      replace: true,
    });
  const open = useOpenEvent(list.items, search);
  const close = () => {
    const { event: _event, at: _at, ...filters } = search;
    void show(filters);
  };
  return (
    <Page
      title="Audit log"
      text="Who did what, when, to what. Newest first."
      actions={
        <>
          <AsCommand name="listEvents" asked={{ params: { realm }, query }} />
          <ExportMenu query={query} />
        </>
      }
    >
      <EventFilters search={search} onChange={show} />
      {list.isPending && <Loading what="events" />}
      {list.isError && <Failed error={list.error} retry={list.refetch} />}
      {list.items?.length === 0 && (
        <Empty title="Nothing found" text="Nothing happened here that the filters let through." />
      )}
      {list.items !== undefined && list.items.length > 0 && (
        <EventTable
          events={list.items}
          label="Events"
          onOpen={(event) => show({ ...search, event: event.id, at: event.at })}
        />
      )}
      <ShowMore list={list} />
      <EventDetails
        event={open}
        onClose={close}
        onRequest={({ requestId }) => show({ search: requestId })}
      />
    </Page>
  );
}

/** The event that the address names: of the list, or found by the second in which it happened. */
function useOpenEvent(
  items: readonly Event[] | undefined,
  { event, at }: EventSearch,
): Event | undefined {
  const realm = useRealm();
  const listed = items?.find(({ id }) => id === event);
  const elsewhere = useAnswer(
    'listEvents',
    { params: { realm }, query: { since: at, until: (at ?? 0) + 1, limit: 200 } },
    {
      enabled:
        event !== undefined && at !== undefined && items !== undefined && listed === undefined,
    },
  );
  if (event === undefined) return undefined;
  return listed ?? elsewhere.data?.items.find(({ id }) => id === event);
}
