import { Badge, Table, Text, UnstyledButton } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Instant } from '../parts/instant.tsx';
import { Page } from '../parts/page.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';
import {
  colorOf,
  type Event,
  formatValue,
  readDetails,
  titleOf,
  wordsOf,
} from './describe-event.ts';
import { EventDetails } from './event-details.tsx';
import { EventFilters } from './event-filters.tsx';
import type { EventSearch } from './event-search.ts';
import { ExportMenu } from './export-menu.tsx';
import { Party } from './party.tsx';

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
        <Table.ScrollContainer minWidth={720}>
          <Table verticalSpacing="sm" highlightOnHover aria-label="Events">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={130}>When</Table.Th>
                <Table.Th w={210}>What</Table.Th>
                <Table.Th>Who</Table.Th>
                <Table.Th>To what</Table.Th>
                <Table.Th>Details</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items.map((event) => (
                <Line
                  key={event.id}
                  event={event}
                  onOpen={() => show({ ...search, event: event.id, at: event.at })}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
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

function Line({ event, onOpen }: { readonly event: Event; readonly onOpen: () => void }) {
  const { at, type, actor, subject, realm } = event;
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Instant at={at} />
      </Table.Td>
      <Table.Td>
        <UnstyledButton onClick={onOpen} className="event-opener">
          <Badge variant="dot" color={colorOf(type)} tt="none" size="lg" fw={500}>
            {titleOf(type)}
          </Badge>
        </UnstyledButton>
      </Table.Td>
      <Table.Td>
        <Party realm={realm} kind={actor.kind} id={actor.id} />
      </Table.Td>
      <Table.Td>
        <Party realm={realm} kind={subject.kind} id={subject.id} />
      </Table.Td>
      <Table.Td>
        <Text size="sm" c="dimmed" lineClamp={2}>
          {summarize(event)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

/** The most telling of the details, in a line. */
function summarize(event: Event): string {
  const { differences, others } = readDetails(event);
  if (differences.length > 0)
    return differences
      .map(
        ({ member, from, to }) => `${wordsOf(member)}: ${formatValue(from)} → ${formatValue(to)}`,
      )
      .join('; ');
  return ['reason', 'scope', 'name', 'label', 'userName', 'identifier']
    .flatMap((member) => (others[member] === undefined ? [] : [formatValue(others[member])]))
    .join(' · ')
    .replaceAll('_', ' ');
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
