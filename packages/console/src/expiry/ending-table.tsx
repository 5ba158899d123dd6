import { Card, Table, Text } from '@mantine/core';
import { Instant } from '../parts/instant.tsx';
import { ENDING_KINDS, type Ending, EndingOwner } from './ending.tsx';

const CAUSES: Readonly<Record<Ending['cause'], string>> = {
  expiry: 'Set when it was made',
  certificate: 'The certificate ends itself',
  policy: 'Longest life of secrets in this realm',
  rotation: 'Rotates by itself',
};

const LATE = {
  color: 'light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))',
} as const;
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

export const EndingTable = ({ endings }: { readonly endings: readonly Ending[] }) => (
  <Card withBorder padding={0}>
    <Table.ScrollContainer minWidth={760}>
      <Table className="stacked" verticalSpacing="sm" horizontalSpacing="md" aria-label="What ends">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Ends</Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th>Of</Table.Th>
            <Table.Th>Why then</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {endings.map((ending) => (
            <Table.Tr key={`${ending.clientId ?? ''} ${ending.id}`}>
              <Table.Td w={230}>
                <When ending={ending} />
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <Text size="sm" fw={500}>
                  {ENDING_KINDS[ending.kind]}
                </Text>
                {ending.name !== '' && (
                  <Text size="xs" c="dimmed">
                    {ending.name}
                  </Text>
                )}
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <EndingOwner ending={ending} />
              </Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed">
                  {CAUSES[ending.cause]}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  </Card>
);

function When({ ending: { endsAt, overdue } }: { readonly ending: Ending }) {
  return (
    <>
      <Text size="sm" fw={500} {...(overdue && { style: LATE })}>
        {DAY.format(new Date(endsAt * 1_000))}
      </Text>
      <Text size="xs" {...(overdue ? { style: LATE } : { c: 'dimmed' })}>
        {overdue && 'Overdue, ended '}
        <Instant at={endsAt} />
      </Text>
    </>
  );
}
