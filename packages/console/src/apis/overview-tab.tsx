import {
  Anchor,
  Button,
  Card,
  Group,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { Figure } from '../applications/usage-tab.tsx';
import { useIssuer } from '../applications/use-token-endpoint.ts';
import { ChangeForm } from '../parts/change-form.tsx';
import { CopyLine } from '../parts/copy-text.tsx';
import { formatDuration } from '../parts/format-duration.ts';
import { Instant } from '../parts/instant.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';
import { usePermission } from '../session/use-session.ts';
import { AccessTable } from './access-table.tsx';
import { isAdministration, type Shown } from './shown.ts';
import { nameFormat } from './words.ts';

const SHOWN = 12;

export function OverviewTab(shown: Shown) {
  const { api, provider } = shown;
  const issuer = useIssuer();
  const format = api.tokenFormat ?? provider?.tokenFormat;
  const lifetime = api.accessTokenLifetime ?? provider?.accessTokenLifetime;
  return (
    <Stack maw={1120}>
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Figure label="Scopes" value={api.scopes.length} />
        <Figure
          label={api.tokenFormat === null ? 'Tokens, from the realm' : 'Tokens'}
          value={format === undefined ? '–' : nameFormat(format)}
        />
        <Figure
          label={api.accessTokenLifetime === null ? 'Lifetime, from the realm' : 'Lifetime'}
          value={lifetime === undefined ? '–' : formatDuration(lifetime)}
        />
        <Figure label="Custom claims" value={api.claims.length} />
      </SimpleGrid>
      <Card withBorder component="section" aria-labelledby="audience">
        <Title order={2} size="h4" id="audience" mb="md">
          Audience
        </Title>
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <CopyLine label="Audience (aud)" value={api.identifier} />
          {issuer !== undefined && <CopyLine label="Issuer (iss)" value={issuer} />}
          <CopyLine label="Id" value={api.id} />
          <div>
            <Text size="sm" fw={500}>
              Created
            </Text>
            <Text size="sm">
              <Instant at={api.createdAt} />
            </Text>
          </div>
        </SimpleGrid>
      </Card>
      <Access {...shown} />
      {!isAdministration(api) && <Names {...shown} />}
    </Stack>
  );
}

function Access({ api }: Shown) {
  const { realm, id: apiId } = api;
  const mayRead = usePermission('client-grants:read');
  const holders = useAnswer(
    'listClientsOfApi',
    { params: { realm, apiId }, query: { granted: true, limit: SHOWN } },
    { enabled: mayRead },
  );
  const permissions = (
    <Button
      variant="default"
      size="xs"
      renderRoot={(props) => (
        <Link
          to="/realms/$realm/permissions"
          params={{ realm }}
          search={{ api: apiId }}
          {...props}
        />
      )}
    >
      Change in Permissions
    </Button>
  );
  return (
    <Card withBorder component="section" aria-labelledby="who-has-access">
      <Group justify="space-between" mb="md">
        <Title order={2} size="h4" id="who-has-access">
          Who has access
        </Title>
        {mayRead && permissions}
      </Group>
      {!mayRead && (
        <Text size="sm" c="dimmed">
          You need the permission client-grants:read to see it.
        </Text>
      )}
      {holders.isError && <Failed error={holders.error} retry={holders.refetch} />}
      {mayRead && holders.isPending && <Loading what="clients" />}
      {holders.data?.items.length === 0 && (
        <Text c="dimmed" ta="center" py="lg">
          No client may call this API yet.
        </Text>
      )}
      {holders.data !== undefined && holders.data.items.length > 0 && (
        <>
          <AccessTable realm={realm} scopes={api.scopes} holders={holders.data.items} />
          {holders.data.next !== null && (
            <Text size="sm" mt="sm">
              These are the first {SHOWN}.{' '}
              <Anchor
                size="sm"
                underline="always"
                renderRoot={(props) => (
                  <Link
                    to="/realms/$realm/permissions"
                    params={{ realm }}
                    search={{ api: apiId, granted: true }}
                    {...props}
                  />
                )}
              >
                See all of them
              </Anchor>
            </Text>
          )}
        </>
      )}
    </Card>
  );
}

function Names({ api }: Shown) {
  const { realm, id: apiId, revision } = api;
  const mayWrite = usePermission('apis:write');
  const form = useChangeForm({ name: api.name, identifier: api.identifier }, revision);
  return (
    <Card withBorder component="section" aria-labelledby="names-of-api">
      <Title order={2} size="h4" id="names-of-api" mb="md">
        Name and audience
      </Title>
      <ChangeForm
        form={form}
        name="updateApi"
        asked={{ params: { realm, apiId }, revision: form.revision, body: form.changed }}
        told="API updated"
      >
        <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
          <TextInput
            label="Name"
            description="For people"
            required
            readOnly={!mayWrite}
            {...form.getInputProps('name')}
          />
          <TextInput
            label="Audience"
            description="An absolute URI. The API must expect the new one: tokens that are out name the old one."
            required
            readOnly={!mayWrite}
            {...form.getInputProps('identifier')}
          />
        </SimpleGrid>
      </ChangeForm>
    </Card>
  );
}
