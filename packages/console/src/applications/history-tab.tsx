import { Card, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Event } from '../events/describe-event.ts';
import { EventDetails } from '../events/event-details.tsx';
import { EventTable } from '../events/event-table.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';
import type { Shown } from './shown.ts';

type Of = 'client' | 'application' | 'deeds';

/** What happened to the client and to its application, and what the client did, newest first. */
export function HistoryTab({ application, client }: Shown) {
  const { realm, clientId } = client;
  const [of, setOf] = useState<Of>('client');
  const [open, setOpen] = useState<Event>();
  const query = {
    client: { subjectKind: 'client', subjectId: clientId },
    application: { subjectKind: 'application', subjectId: application.id },
    deeds: { actorId: clientId },
  }[of];
  const list = usePages('listEvents', { params: { realm }, query });
  const items = list.items ?? [];
  return (
    <>
      <SegmentedControl
        mb="md"
        aria-label="Whose history"
        style={{ maxWidth: '100%', overflowX: 'auto' }}
        data={[
          { value: 'client', label: 'Changes of the client' },
          { value: 'application', label: 'Of the application' },
          { value: 'deeds', label: 'What it did' },
        ]}
        value={of}
        onChange={(next) => setOf(next)}
      />
      {list.isPending && <Loading what="what happened" />}
      {list.isError && <Failed error={list.error} retry={list.refetch} />}
      {list.items?.length === 0 && (
        <Empty
          title="Nothing yet"
          text={
            of === 'deeds'
              ? 'Tokens that it was issued are here.'
              : 'Whoever changes something is here, with what it was from and to.'
          }
        />
      )}
      {items.length > 0 && (
        <Card withBorder p={0} mb="md">
          <EventTable events={items} label="What happened" onOpen={setOpen} subjects={false} />
        </Card>
      )}
      <ShowMore list={list} />
      <EventDetails event={open} onClose={() => setOpen(undefined)} />
    </>
  );
}
