import { Button, Grid, SimpleGrid, Stack } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { Page } from '../parts/page.tsx';
import { Empty, Failed } from '../parts/states.tsx';
import { usePermission, useSession } from '../session/use-session.ts';
import { CausesCard } from './causes-card.tsx';
import { ClientsCard } from './clients-card.tsx';
import { EndingCard } from './ending-card.tsx';
import { Figures } from './figures.tsx';
import { IssuerCard } from './issuer-card.tsx';
import { KeysCard } from './keys-card.tsx';
import { NodesCard } from './nodes-card.tsx';
import { DayCard, LatencyCard, RateCard } from './rate-cards.tsx';
import { UnusedCard } from './unused-card.tsx';

/** How the realm is doing, on one page: what happens now, today, and what needs somebody. */
export function Overview() {
  const realm = useRealm();
  const mayUsage = usePermission('usage:read');
  const mayEvents = usePermission('events:read');
  const mayCredentials = usePermission('credentials:read');
  const maySystem = usePermission('system:read');
  const mayNodes = useSession().everyRealm && maySystem;
  const mayCreate = usePermission('applications:write');
  const mayKeys = usePermission('signing-keys:read');
  const applications = useAnswer('listApplications', { params: { realm }, query: { limit: 1 } });
  if (applications.isError && applications.data === undefined)
    return (
      <Page title="Overview">
        <Failed error={applications.error} retry={applications.refetch} />
      </Page>
    );
  if (applications.data?.items.length === 0)
    return (
      <Page title="Overview">
        <Empty
          title="Nothing here gets tokens yet"
          text="An application is a machine with a client and a secret. It takes a name and a minute, and ends with a token."
          action={
            mayCreate && (
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
            )
          }
        />
      </Page>
    );
  return (
    <Page title="Overview" text="How this realm is doing, by the numbers of every node.">
      {mayUsage && <Figures />}
      {mayUsage && (
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
          <RateCard />
          <LatencyCard />
        </SimpleGrid>
      )}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Stack gap="lg">
            {mayUsage && <DayCard />}
            {mayUsage && <ClientsCard />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Stack gap="lg">
            {mayEvents && <CausesCard />}
            {mayCredentials && <EndingCard />}
            {mayKeys && <KeysCard />}
            {mayUsage && <UnusedCard />}
            {mayNodes && <NodesCard />}
            <IssuerCard />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
