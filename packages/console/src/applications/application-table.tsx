import { Card, Checkbox, Group, Stack, Table } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Fact, Facts } from '../parts/facts.tsx';
import type { Selection } from '../parts/selection.ts';
import { Sparkline } from '../parts/sparkline.tsx';
import type { Summary } from './summary.ts';
import {
  Apis,
  ClientId,
  Expires,
  LastUsed,
  Method,
  NameLink,
  Owners,
  Status,
} from './summary-cells.tsx';

type Rows = {
  readonly summaries: readonly Summary[];
  /** Undefined: nothing can be done with several of them. */
  readonly selection: Selection<Summary> | undefined;
};

/** A table where there is room for one, else a card for each application. */
export function ApplicationTable(rows: Rows) {
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false });
  return narrow ? <Cards {...rows} /> : <Columns {...rows} />;
}

function Columns({ summaries, selection }: Rows) {
  return (
    <Table.ScrollContainer minWidth={960}>
      <Table highlightOnHover verticalSpacing="xs" aria-label="Applications">
        <Table.Thead>
          <Table.Tr>
            {selection !== undefined && (
              <Table.Th w={40}>
                <SelectAll summaries={summaries} selection={selection} />
              </Table.Th>
            )}
            <Table.Th>Name and client ID</Table.Th>
            <Table.Th>Authentication</Table.Th>
            <Table.Th>APIs</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Owner</Table.Th>
            <Table.Th>Last used</Table.Th>
            <Table.Th>Expires</Table.Th>
            <Table.Th miw={100}>Tokens, 7 days</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {summaries.map((summary) => (
            <Table.Tr
              key={summary.id}
              {...(selection?.has(summary) && { bg: 'var(--mantine-color-default-hover)' })}
            >
              {selection !== undefined && (
                <Table.Td>
                  <Select summary={summary} selection={selection} />
                </Table.Td>
              )}
              <Table.Td miw={180}>
                <NameLink summary={summary} />
                <ClientId summary={summary} />
              </Table.Td>
              <Table.Td>
                <Method summary={summary} />
              </Table.Td>
              <Table.Td miw={100}>
                <Apis summary={summary} />
              </Table.Td>
              <Table.Td>
                <Status summary={summary} />
              </Table.Td>
              <Table.Td>
                <Owners summary={summary} />
              </Table.Td>
              <Table.Td>
                <LastUsed summary={summary} />
              </Table.Td>
              <Table.Td miw={80}>
                <Expires summary={summary} />
              </Table.Td>
              <Table.Td>
                <Tokens summary={summary} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Cards({ summaries, selection }: Rows) {
  return (
    <Stack gap="sm">
      {selection !== undefined && (
        <SelectAll summaries={summaries} selection={selection} label="Select all that are shown" />
      )}
      <Stack
        gap="sm"
        component="ul"
        p={0}
        m={0}
        aria-label="Applications"
        style={{ listStyle: 'none' }}
      >
        {summaries.map((summary) => (
          <Card key={summary.id} withBorder padding="sm" component="li">
            <Group wrap="nowrap" align="flex-start" gap="sm">
              {selection !== undefined && <Select summary={summary} selection={selection} />}
              <div style={{ flex: 1, minWidth: 0 }}>
                <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
                  <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
                    <NameLink summary={summary} />
                    <ClientId summary={summary} />
                  </div>
                  <Tokens summary={summary} />
                </Group>
                <Group gap={6} mt={4} mb="xs">
                  <Status summary={summary} />
                  <Method summary={summary} />
                </Group>
                <Facts>
                  <Fact label="APIs">
                    <Apis summary={summary} />
                  </Fact>
                  <Fact label="Owner">
                    <Owners summary={summary} />
                  </Fact>
                  <Fact label="Last used">
                    <LastUsed summary={summary} />
                  </Fact>
                  <Fact label="Expires">
                    <Expires summary={summary} />
                  </Fact>
                </Facts>
              </div>
            </Group>
          </Card>
        ))}
      </Stack>
    </Stack>
  );
}

const Tokens = ({ summary: { answeredByDay } }: { readonly summary: Summary }) => (
  <Sparkline counts={answeredByDay} of="Requests answered with a token" />
);

const Select = ({
  summary,
  selection,
}: {
  readonly summary: Summary;
  readonly selection: Selection<Summary>;
}) => (
  <Checkbox
    aria-label={`Select ${summary.name}`}
    checked={selection.has(summary)}
    onChange={() => selection.toggle(summary)}
  />
);

function SelectAll({
  summaries,
  selection,
  label,
}: {
  readonly summaries: readonly Summary[];
  readonly selection: Selection<Summary>;
  readonly label?: string;
}) {
  const count = summaries.filter((summary) => selection.has(summary)).length;
  return (
    <Checkbox
      {...(label === undefined ? { 'aria-label': 'Select all that are shown' } : { label })}
      checked={count > 0 && count === summaries.length}
      indeterminate={count > 0 && count < summaries.length}
      onChange={() => selection.toggleAll(summaries)}
    />
  );
}
