import { Button, Group, SimpleGrid, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { PlusIcon } from '@radix-ui/react-icons';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePermission } from '../session/use-session.ts';

/** Those whose word about clients a realm takes, as cards, and the way to add one. */
export function TrustedList<Item>({
  list,
  what,
  empty,
  addLabel,
  card,
  dialog,
}: {
  readonly list: UseQueryResult<{ readonly items: readonly Item[] }>;
  readonly what: string;
  readonly empty: { readonly title: string; readonly text: string };
  readonly addLabel: string;
  readonly card: (item: Item) => ReactNode;
  readonly dialog: (opened: boolean, close: () => void) => ReactNode;
}) {
  const mayWrite = usePermission('trust:write');
  const [adding, { open, close }] = useDisclosure();
  const add = mayWrite && (
    <Button leftSection={<PlusIcon />} onClick={open}>
      {addLabel}
    </Button>
  );
  return (
    <Stack>
      {list.isPending && <Loading what={what} />}
      {list.isError && <Failed error={list.error} retry={list.refetch} />}
      {list.data?.items.length === 0 && <Empty {...empty} action={add} />}
      {list.data !== undefined && list.data.items.length > 0 && (
        <>
          <Group justify="flex-end">{add}</Group>
          <SimpleGrid cols={{ base: 1, lg: 2 }}>{list.data.items.map(card)}</SimpleGrid>
        </>
      )}
      {dialog(adding, close)}
    </Stack>
  );
}
