import { Anchor, Button, Card, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { Figure } from '../applications/usage-tab.tsx';
import { useIssuer } from '../applications/use-token-endpoint.ts';
import { useRealm } from '../frame/use-realm.ts';
import { CopyLine } from '../parts/copy-text.tsx';
import { Instant } from '../parts/instant.tsx';
import { Page } from '../parts/page.tsx';
import { Empty, Failed } from '../parts/states.tsx';
import { UsageChart } from '../parts/usage-chart.tsx';
import { usePermission } from '../session/use-session.ts';

export function Overview() {
  const realm = useRealm();
  const mayUsage = usePermission('usage:read');
  const mayKeys = usePermission('signing-keys:read');
  const issuer = useIssuer();
  const usage = useAnswer(
    'listUsage',
    { params: { realm }, query: { by: 'hour' } },
    { enabled: mayUsage, refetchInterval: 5_000 },
  );
  const top = useAnswer(
    'listUsageByClient',
    { params: { realm }, query: { top: 5 } },
    { enabled: mayUsage, refetchInterval: 5_000 },
  );
  const keys = useAnswer('listSigningKeys', { params: { realm } }, { enabled: mayKeys });
  const applications = useAnswer('listApplications', { params: { realm }, query: { limit: 1 } });
  if (applications.data?.items.length === 0)
    return (
      <Page title="Overview">
        <Empty
          title="Nothing here gets tokens yet"
          text="An application is a machine with a client and a secret. It takes a name and a minute, and ends with a token."
          action={
            <Button
              renderRoot={(props) => (
                <Link
                  to="/realms/$realm/applications"
                  params={{ realm }}
                  search={{ new: true }}
                  {...props}
                />
              )}
            >
              Create the first one
            </Button>
          }
        />
      </Page>
    );
  return (
    <Page title="Overview">
      {usage.isError && <Failed error={usage.error} retry={usage.refetch} />}
      {usage.data !== undefined && (
        <>
          <SimpleGrid cols={{ base: 2, md: 4 }}>
            <Figure label="Tokens, last 24 hours" value={usage.data.total.issued} />
            <Figure label="Refused" value={usage.data.total.refused} />
            <Figure label="Fetched although one was valid" value={usage.data.total.wasted} />
            <Figure label="Answered again" value={usage.data.total.reused} />
          </SimpleGrid>
          <Card withBorder>
            <Title order={2} size="h4" mb="md">
              Tokens by hour
            </Title>
            <UsageChart usage={usage.data} />
          </Card>
        </>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {top.data !== undefined && top.data.items.length > 0 && (
          <Card withBorder>
            <Title order={2} size="h4" mb="sm">
              Busiest clients
            </Title>
            <Table aria-label="Busiest clients">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Client</Table.Th>
                  <Table.Th ta="right">Tokens</Table.Th>
                  <Table.Th ta="right">Refused</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {top.data.items.map(({ clientId, issued, refused }) => (
                  <Table.Tr key={clientId}>
                    <Table.Td>
                      <Anchor
                        renderRoot={(props) => (
                          <Link
                            to="/realms/$realm/applications"
                            params={{ realm }}
                            search={{ search: clientId }}
                            {...props}
                          />
                        )}
                      >
                        {clientId}
                      </Anchor>
                    </Table.Td>
                    <Table.Td ta="right">{issued.toLocaleString()}</Table.Td>
                    <Table.Td ta="right">{refused.toLocaleString()}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Card>
        )}
        {keys.data !== undefined && (
          <Card withBorder>
            <Title order={2} size="h4" mb="sm">
              Signing keys
            </Title>
            <Stack gap="xs">
              {keys.data.items.map(({ kid, algorithm, state, createdAt }) => (
                <Text key={kid} size="sm">
                  {algorithm}, {state}, made <Instant at={createdAt} />
                </Text>
              ))}
            </Stack>
          </Card>
        )}
      </SimpleGrid>
      {issuer !== undefined && (
        <Card withBorder>
          <CopyLine label="Issuer" value={issuer} />
        </Card>
      )}
    </Page>
  );
}
