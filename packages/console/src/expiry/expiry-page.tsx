import { Button, Card, Group, Stack, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { Page } from '../parts/page.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';
import { EndingTable } from './ending-table.tsx';
import { MonthStrip, type Place, placesOf, titleOf } from './month-strip.tsx';

/** What has to be replaced, and by when. */
export function ExpiryPage() {
  const realm = useRealm();
  const navigate = useNavigate();
  const { month } = useSearch({ from: '/realms/$realm/expiry' });
  const months = useAnswer('countExpiring', { params: { realm } });
  const places = months.data === undefined ? undefined : placesOf(months.data);
  const choose = (next: string | undefined) =>
    navigate({
      to: '/realms/$realm/expiry',
      params: { realm },
      search: next === undefined ? {} : { month: next },
      replace: true,
    });
  return (
    <Page
      title="Expiry calendar"
      text="What ends in the next twelve months: secrets, keys and certificates of clients, certificate authorities, and when signing keys rotate."
    >
      {months.isPending && <Loading what="the calendar" />}
      {months.isError && <Failed error={months.error} retry={months.refetch} />}
      {places !== undefined && (
        <>
          <Card withBorder>
            <MonthStrip places={places} chosen={month} choose={choose} />
          </Card>
          <Endings place={places.find(({ name }) => name === month)} choose={choose} />
        </>
      )}
    </Page>
  );
}

function Endings({
  place,
  choose,
}: {
  readonly place: Place | undefined;
  readonly choose: (next: string | undefined) => void;
}) {
  const realm = useRealm();
  const query =
    place === undefined
      ? {}
      : {
          until: String(place.until),
          ...(place.since !== undefined && { since: String(place.since) }),
        };
  const list = usePages('listExpiring', { params: { realm }, query });
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {place === undefined ? 'Soonest first' : titleOf(place)}
        </Title>
        {place !== undefined && (
          <Button size="xs" variant="default" onClick={() => choose(undefined)}>
            Show all
          </Button>
        )}
      </Group>
      {list.isPending && <Loading what="what ends" />}
      {list.isError && <Failed error={list.error} retry={list.refetch} />}
      {list.items?.length === 0 && (
        <Empty
          title={place === undefined ? 'Nothing ends' : 'Nothing ends then'}
          text="Secrets and keys that were made without an end are not here. Policies can limit how long secrets of clients live."
        />
      )}
      {list.items !== undefined && list.items.length > 0 && <EndingTable endings={list.items} />}
      <Group justify="center">
        <ShowMore list={list} />
      </Group>
    </Stack>
  );
}
