import {
  Badge,
  Button,
  CloseButton,
  Code,
  Drawer,
  Group,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyIconButton, CopyLine } from '../parts/copy-text.tsx';
import { Instant } from '../parts/instant.tsx';
import {
  colorOf,
  type Event,
  formatMember,
  formatValue,
  readDetails,
  titleOf,
  wordsOf,
} from './describe-event.ts';
import { Party } from './party.tsx';

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** All of one event, at the side of the list that it is in. */
export function EventDetails({
  event,
  onClose,
  onRequest,
}: {
  readonly event: Event | undefined;
  readonly onClose: () => void;
  /** Shows what else its request did; undefined: it is shown where that cannot be. */
  readonly onRequest?: (event: Event) => void;
}) {
  return (
    <Drawer
      opened={event !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      withCloseButton={false}
    >
      {event !== undefined && (
        <>
          <Group justify="space-between" wrap="nowrap" mb="md">
            <Drawer.Title fw={600} fz="lg">
              {titleOf(event.type)}
            </Drawer.Title>
            <CloseButton aria-label="Close" onClick={onClose} />
          </Group>
          <Content event={event} {...(onRequest && { onRequest })} />
        </>
      )}
    </Drawer>
  );
}

function Content({
  event,
  onRequest,
}: {
  readonly event: Event;
  readonly onRequest?: (event: Event) => void;
}) {
  const { differences, others } = readDetails(event);
  const { type, at, actor, subject, realm, requestId, id } = event;
  const link = `${window.location.origin}/console/realms/${encodeURIComponent(realm)}/audit?event=${id}&at=${at}`;
  return (
    <Stack gap="lg">
      <Group gap="xs">
        <Badge variant="light" color={colorOf(type)} tt="none" ff="monospace">
          {type}
        </Badge>
        <Text size="sm" c="dimmed">
          <Instant at={at} />, {EXACT.format(at * 1_000)}
        </Text>
      </Group>
      <Table layout="fixed" aria-label="Who and what" withRowBorders={false} verticalSpacing={4}>
        <Table.Tbody>
          <Row name="Who">
            <Party realm={realm} kind={actor.kind} id={actor.id} />
          </Row>
          <Row name="To what">
            <Party realm={realm} kind={subject.kind} id={subject.id} />
          </Row>
        </Table.Tbody>
      </Table>
      {differences.length > 0 && (
        <section aria-label="What changed">
          <Title order={3} size="h5" mb="xs">
            What changed
          </Title>
          <Stack gap="sm">
            {differences.map(({ member, from, to }) => (
              <div key={member}>
                <Text size="sm" fw={500}>
                  {wordsOf(member)}
                </Text>
                <Code block className="before" tabIndex={0}>
                  <span aria-hidden>− </span>
                  {formatMember(member, from)}
                </Code>
                <Code block className="after" tabIndex={0}>
                  <span aria-hidden>+ </span>
                  {formatMember(member, to)}
                </Code>
              </div>
            ))}
          </Stack>
        </section>
      )}
      {Object.keys(others).length > 0 && (
        <section aria-label="Details">
          <Title order={3} size="h5" mb="xs">
            Details
          </Title>
          <Table layout="fixed" aria-label="Details" verticalSpacing={6}>
            <Table.Tbody>
              {Object.entries(others).map(([member, value]) => (
                <Row key={member} name={wordsOf(member)}>
                  {INSTANTS.test(member) && typeof value === 'number' ? (
                    <Instant at={value} />
                  ) : (
                    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                      {formatValue(value)}
                    </Text>
                  )}
                </Row>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
      <Stack gap="xs">
        {requestId !== '' && <CopyLine label="Request, as the log names it" value={requestId} />}
        <CopyLine label="Event" value={id} />
        <Group>
          {requestId !== '' && onRequest !== undefined && (
            <Button size="xs" variant="default" onClick={() => onRequest(event)}>
              What else this request did
            </Button>
          )}
          <Group gap={2}>
            <Text size="sm">Link to this event</Text>
            <CopyIconButton value={link} what="the link" />
          </Group>
        </Group>
      </Stack>
    </Stack>
  );
}

/** Members that are instants. */
const INSTANTS = /(?:At|since)$/;

const Row = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <Table.Tr>
    <Table.Th scope="row" w="34%" fw={500} style={{ verticalAlign: 'top' }}>
      {name}
    </Table.Th>
    <Table.Td>{children}</Table.Td>
  </Table.Tr>
);
