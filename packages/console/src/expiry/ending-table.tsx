import { Anchor, Card, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Answer } from '@tessera/server/contract';
import { useRealm } from '../frame/use-realm.ts';
import { Instant } from '../parts/instant.tsx';

type Ending = Answer<'listExpiring'>['items'][number];

const KINDS: Readonly<Record<Ending['kind'], string>> = {
  secret: 'Secret',
  public_key: 'Public key',
  jwks_uri: 'Key set address',
  certificate: 'Certificate',
  certificate_subject: 'Certificate subject',
  trusted_issuer: 'Workload',
  trusted_authority: 'Certificate authority',
  signing_key: 'Signing key',
};

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
      <Table verticalSpacing="sm" horizontalSpacing="md" aria-label="What ends">
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
                  {KINDS[ending.kind]}
                </Text>
                {ending.name !== '' && (
                  <Text size="xs" c="dimmed">
                    {ending.name}
                  </Text>
                )}
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <Owner ending={ending} />
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

/** Where it is replaced. */
function Owner({ ending }: { readonly ending: Ending }) {
  const realm = useRealm();
  const { application, clientId, kind } = ending;
  if (application !== null)
    return (
      <Anchor
        size="sm"
        renderRoot={(props) => (
          <Link
            to="/realms/$realm/applications/$applicationId"
            params={{ realm, applicationId: application.id }}
            search={{ tab: 'sign-on' }}
            {...props}
          />
        )}
      >
        {application.name}
      </Anchor>
    );
  if (clientId !== null)
    return (
      <Text size="sm" ff="monospace">
        {clientId}
      </Text>
    );
  const to = kind === 'signing_key' ? '/realms/$realm/signing-keys' : '/realms/$realm/trust';
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to={to} params={{ realm }} {...props} />}>
      This realm
    </Anchor>
  );
}
