import { Card, Table, Text } from '@mantine/core';
import { useAnswer } from '../api/use-answer.ts';
import { Instant } from '../parts/instant.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';
import { usePermission } from '../session/use-session.ts';
import type { Shown } from './shown.ts';

/** What happened to the client and what it did, newest first. */
export function HistoryTab({ client }: Shown) {
  const { realm, clientId } = client;
  const list = usePages('listEvents', { params: { realm }, query: { subjectId: clientId } });
  if (list.isPending) return <Loading what="what happened" />;
  if (list.isError) return <Failed error={list.error} retry={list.refetch} />;
  const items = list.items ?? [];
  if (items.length === 0)
    return (
      <Empty title="Nothing yet" text="Changes, tokens and refusals of this client are here." />
    );
  return (
    <>
      <Card withBorder p={0} mb="md">
        <Table.ScrollContainer minWidth={520}>
          <Table verticalSpacing="xs" aria-label="What happened">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>What</Table.Th>
                <Table.Th>Who</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map(({ id, at, type, actor }) => (
                <Table.Tr key={id}>
                  <Table.Td>
                    <Instant at={at} />
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm" style={{ textTransform: 'capitalize' }}>
                      {type.replaceAll(/[.-]/g, ' ')}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Actor realm={realm} kind={actor.kind} id={actor.id} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Card>
      <ShowMore list={list} />
    </>
  );
}

function Actor({
  realm,
  kind,
  id,
}: {
  readonly realm: string;
  readonly kind: string;
  readonly id: string;
}) {
  const mayUsers = usePermission('users:read');
  const enabled = kind === 'user' && mayUsers;
  const user = useAnswer('findUser', { params: { realm, userId: id } }, { enabled });
  // Administrators of the root realm are not users of this one.
  const root = useAnswer(
    'findUser',
    { params: { realm: 'root', userId: id } },
    { enabled: enabled && user.isError && realm !== 'root' },
  );
  const name = kind === 'user' ? (user.data ?? root.data)?.userName : id;
  return <Text size="sm">{name ?? (kind === 'system' ? 'The server' : 'A person')}</Text>;
}
