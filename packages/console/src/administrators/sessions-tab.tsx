import { Badge, Card, Group, Menu, Table, Text, VisuallyHidden } from '@mantine/core';
import type { Answer } from '@tessera/server/contract';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Instant } from '../parts/instant.tsx';
import { tell, tellError } from '../parts/notify.ts';
import { RowMenu } from '../parts/row-menu.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';
import { usePermission } from '../session/use-session.ts';
import { describeUserAgent } from './describe-user-agent.ts';

type SignedIn = Answer<'listSessions'>['items'][number];

/** Who is signed in, since when and from where. */
export function SessionsTab({ realm }: { readonly realm: string }) {
  const list = usePages('listSessions', { params: { realm } });
  const mayEnd = usePermission('sessions:write');
  const forget = useForget();
  const [ending, setEnding] = useState<SignedIn>();
  if (list.isPending) return <Loading what="sessions" />;
  if (list.isError) return <Failed error={list.error} retry={list.refetch} />;
  const items = [...(list.items ?? [])].sort((one, other) => other.lastSeenAt - one.lastSeenAt);
  if (items.length === 0)
    return (
      <Empty
        title="Nobody is signed in"
        text="Sessions of people of this realm are here, from their sign-in until eight hours later."
      />
    );
  const end = async ({ id, userName }: SignedIn) => {
    try {
      await call('endSession', { params: { realm, sessionId: id } });
      await forget();
      tell(`The session of ${userName} has ended`);
    } catch (error) {
      tellError(error);
    }
  };
  return (
    <>
      <Card withBorder p={0}>
        <Table.ScrollContainer minWidth={720}>
          <Table className="stacked" verticalSpacing="sm" highlightOnHover aria-label="Sessions">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Person</Table.Th>
                <Table.Th>Last seen</Table.Th>
                <Table.Th>Signed in</Table.Th>
                <Table.Th>From</Table.Th>
                <Table.Th>Ends</Table.Th>
                <Table.Th>
                  <VisuallyHidden>Actions</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((session) => (
                <Table.Tr key={session.id}>
                  <Table.Td>
                    <Group gap="xs">
                      <Text size="sm" fw={600}>
                        {session.userName}
                      </Text>
                      {session.current && (
                        <Badge variant="light" size="sm">
                          This one
                        </Badge>
                      )}
                    </Group>
                    <Text size="xs" c="dimmed">
                      {session.roles.length > 0 ? session.roles.join(', ') : 'application owner'}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Instant at={session.lastSeenAt} />
                  </Table.Td>
                  <Table.Td>
                    <Instant at={session.createdAt} />
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm">{session.address}</Text>
                    <Text size="xs" c="dimmed" title={session.userAgent}>
                      {describeUserAgent(session.userAgent)}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Instant at={session.expiresAt} />
                  </Table.Td>
                  <Table.Td>
                    {mayEnd && (
                      <RowMenu of={`the session of ${session.userName} from ${session.address}`}>
                        <Menu.Item onClick={() => end(session)}>End this session</Menu.Item>
                        <Menu.Item color="red" onClick={() => setEnding(session)}>
                          End all of {session.userName}
                        </Menu.Item>
                      </RowMenu>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Card>
      <ShowMore list={list} />
      <Confirm
        opened={ending !== undefined}
        onClose={() => setEnding(undefined)}
        title={`End all sessions of ${ending?.userName ?? ''}`}
        text="Every browser and terminal of this person has to sign in again."
        name={ending?.userName ?? ''}
        verb="End all"
        act={async () => {
          await call('endSessionsOfUser', { params: { realm, userId: ending?.userId ?? '' } });
          await forget();
          tell('All sessions have ended');
        }}
      />
    </>
  );
}
