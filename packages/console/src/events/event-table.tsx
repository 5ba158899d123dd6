import { Badge, Table, Text, UnstyledButton } from '@mantine/core';
import { Instant } from '../parts/instant.tsx';
import {
  colorOf,
  type Difference,
  type Event,
  formatMember,
  formatValue,
  readDetails,
  titleOf,
  wordsOf,
} from './describe-event.ts';
import { Party } from './party.tsx';

/** Events in rows, each of which leads to all that is known of it. */
export const EventTable = ({
  events,
  label,
  subjects = true,
  onOpen,
}: {
  readonly events: readonly Event[];
  readonly label: string;
  /** Whether to say to what they happened: not where all happened to the same. */
  readonly subjects?: boolean;
  readonly onOpen: (event: Event) => void;
}) => (
  <Table.ScrollContainer minWidth={subjects ? 860 : 600}>
    <Table
      className="stacked"
      layout="fixed"
      verticalSpacing="sm"
      highlightOnHover
      aria-label={label}
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={130}>When</Table.Th>
          <Table.Th w={220}>What</Table.Th>
          <Table.Th w={subjects ? '20%' : 180}>Who</Table.Th>
          {subjects && <Table.Th w="25%">To what</Table.Th>}
          <Table.Th>Details</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {events.map((event) => (
          <Line key={event.id} event={event} subjects={subjects} onOpen={() => onOpen(event)} />
        ))}
      </Table.Tbody>
    </Table>
  </Table.ScrollContainer>
);

function Line({
  event,
  subjects,
  onOpen,
}: {
  readonly event: Event;
  readonly subjects: boolean;
  readonly onOpen: () => void;
}) {
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
      {subjects && (
        <Table.Td>
          <Party realm={realm} kind={subject.kind} id={subject.id} />
        </Table.Td>
      )}
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
    return differences.flatMap((difference) => summarizeDifference(difference) ?? []).join('; ');
  return ['reason', 'scope', 'name', 'label', 'userName', 'identifier']
    .flatMap((member) => (others[member] === undefined ? [] : [formatValue(others[member])]))
    .join(' · ')
    .replaceAll('_', ' ');
}

/** Of what is new or gone, what it is: not that it was nothing before, or is nothing now. */
function summarizeDifference({ member, from, to }: Difference): string | undefined {
  if (from !== undefined && to !== undefined)
    return `${wordsOf(member)}: ${formatMember(member, from)} → ${formatMember(member, to)}`;
  const value = from ?? to;
  const empty = value == null || value === '' || (Array.isArray(value) && value.length === 0);
  return empty || /^(?:id|.*Id|createdAt|status|jwk|certificate|recoverable)$/.test(member)
    ? undefined
    : `${wordsOf(member)}: ${formatMember(member, value)}`;
}
