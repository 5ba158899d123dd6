import { Badge, Card, Group, Stack, Table, Text } from '@mantine/core';
import type { Answer } from '@tessera/server/contract';
import { Empty } from '../parts/states.tsx';

type Change = Answer<'compareRealm'>['changes'][number];

const betweenRealms = (here: string, there: string) =>
  ({
    create: { label: `only in ${there}`, color: 'teal' },
    update: { label: 'differs', color: 'yellow' },
    delete: { label: `only in ${here}`, color: 'orange' },
  }) as const;

const DONE = {
  create: { label: 'is made', color: 'teal' },
  update: { label: 'is changed', color: 'yellow' },
  delete: { label: 'is removed', color: 'red' },
} as const;

const KINDS: Readonly<Record<Change['kind'], string>> = {
  realm: 'Realm',
  provider: 'Settings',
  'trusted-authority': 'Authority',
  'trusted-issuer': 'Issuer',
  user: 'User',
  api: 'API',
  client: 'Client',
  key: 'Public key',
  certificate: 'Certificate',
  workload: 'Workload',
  'client-grant': 'Client grant',
  application: 'Application',
};

/** A value as a person reads it. */
function shown(value: unknown): string {
  if (value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return value.toLocaleString();
  if (typeof value === 'string') return value.startsWith('-----BEGIN ') ? 'a certificate' : value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.length === 0 ? 'none' : value.join(', ');
  return JSON.stringify(value);
}

const inWords = (member: string): string => {
  const words = member.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** What differs and nothing else: from what, to what, side by side. */
export function Differences({
  answer: { changes, keptCount },
  here = 'Now',
  there = 'Then',
  comparing = false,
}: {
  readonly answer: Answer<'compareRealm'>;
  readonly here?: string;
  readonly there?: string;
  /** Nothing is to be done: two things are held against each other. */
  readonly comparing?: boolean;
}) {
  if (changes.length === 0)
    return (
      <Empty
        title="Nothing differs"
        text="Settings, APIs, clients, what they hold, people and trust are the same in both."
      />
    );
  const words = comparing ? betweenRealms(here, there) : DONE;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {changes.length.toLocaleString()} {changes.length === 1 ? 'difference' : 'differences'}
        {keptCount > 0 && `; ${keptCount.toLocaleString()} more are left alone`}
      </Text>
      {changes.map((change) => (
        <Card key={`${change.kind} ${change.name} ${change.pointer}`} withBorder padding="md">
          <Group gap="sm" mb={change.action === 'update' ? 'sm' : 0}>
            <Badge variant="dot" color={words[change.action].color} maw="100%">
              {words[change.action].label}
            </Badge>
            <Text size="sm" c="dimmed">
              {KINDS[change.kind]}
            </Text>
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              {change.name}
            </Text>
          </Group>
          {change.action === 'update' && (
            <Table.ScrollContainer minWidth={480}>
              <Table aria-label={`Differences of ${change.name}`} layout="fixed">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th w="26%">Setting</Table.Th>
                    <Table.Th>{here}</Table.Th>
                    <Table.Th>{there}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {Object.entries(change.members).map(([member, { from, to }]) => (
                    <Table.Tr key={member}>
                      <Table.Td>{inWords(member)}</Table.Td>
                      <Table.Td>{shown(from)}</Table.Td>
                      <Table.Td>{shown(to)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )}
        </Card>
      ))}
    </Stack>
  );
}
