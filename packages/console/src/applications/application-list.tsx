import { Anchor, Badge, Button, Group, Table, Text } from '@mantine/core';
import { LightningBoltIcon, PlusIcon } from '@radix-ui/react-icons';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useRealm } from '../frame/use-realm.ts';
import { CopyIconButton } from '../parts/copy-text.tsx';
import { Instant } from '../parts/instant.tsx';
import { Page } from '../parts/page.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';
import { usePermission } from '../session/use-session.ts';
import { ApplicationWizard } from './application-wizard.tsx';
import { QuickMachine } from './quick-machine.tsx';

export function ApplicationList() {
  const realm = useRealm();
  const navigate = useNavigate();
  const { search = '', new: quick = false } = useSearch({ strict: false });
  const [wizard, setWizard] = useState(false);
  const mayCreate = usePermission('applications:write');
  const list = usePages('listApplications', { params: { realm }, query: { search } });
  const setSearch = (next: { readonly search?: string; readonly new?: true }) =>
    navigate({ to: '/realms/$realm/applications', params: { realm }, search: next, replace: true });
  const actions = mayCreate && (
    <>
      <Button
        variant="default"
        leftSection={<LightningBoltIcon />}
        onClick={() => setSearch({ new: true })}
      >
        Machine in a minute
      </Button>
      <Button leftSection={<PlusIcon />} onClick={() => setWizard(true)}>
        Custom Application
      </Button>
    </>
  );
  return (
    <Page
      title="Applications"
      text="Set up your applications to use authentication."
      actions={actions}
    >
      <SearchField
        label="Search applications"
        value={search}
        onSearch={(text) => setSearch(text === '' ? {} : { search: text })}
      />
      {list.isError && <Failed error={list.error} retry={list.refetch} />}
      {list.isPending && <Loading what="applications" />}
      {list.items?.length === 0 &&
        (search === '' ? (
          <Empty
            title="No available applications"
            text="An application is a machine that gets access tokens: a service, a job, a device, an agent. Name it, and it has a client and a secret."
            action={
              mayCreate && (
                <Button onClick={() => setSearch({ new: true })}>Create the first one</Button>
              )
            }
          />
        ) : (
          <Empty
            title="Nothing found"
            text={`No application has “${search}” in its name or client id.`}
          />
        ))}
      {list.items !== undefined && list.items.length > 0 && (
        <Table.ScrollContainer minWidth={620}>
          <Table highlightOnHover verticalSpacing="sm" aria-label="Applications">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Type</Table.Th>
                <Table.Th>Client ID</Table.Th>
                <Table.Th>Owners</Table.Th>
                <Table.Th>Created</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items.map(
                ({ id, name, description, template, clientId, owners, createdAt }) => (
                  <Table.Tr key={id}>
                    <Table.Td>
                      <Anchor
                        renderRoot={(props) => (
                          <Link
                            to="/realms/$realm/applications/$applicationId"
                            params={{ realm, applicationId: id }}
                            {...props}
                          />
                        )}
                        fw={600}
                      >
                        {name}
                      </Anchor>
                      {description !== '' && (
                        <Text size="xs" c="dimmed" lineClamp={1}>
                          {description}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td>
                      <Badge variant="default">{template === 'web' ? 'Web' : 'Service'}</Badge>
                    </Table.Td>
                    <Table.Td>
                      <Group gap={2} wrap="nowrap">
                        <Text size="sm" ff="monospace">
                          {clientId}
                        </Text>
                        <CopyIconButton value={clientId} what={`client id ${clientId}`} />
                      </Group>
                    </Table.Td>
                    <Table.Td>
                      {owners.length === 0 ? (
                        <Text size="sm" c="dimmed">
                          none
                        </Text>
                      ) : (
                        owners.length
                      )}
                    </Table.Td>
                    <Table.Td>
                      <Instant at={createdAt} />
                    </Table.Td>
                  </Table.Tr>
                ),
              )}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <ShowMore list={list} />
      <ApplicationWizard opened={wizard} onClose={() => setWizard(false)} />
      <QuickMachine opened={quick} onClose={() => setSearch({})} />
    </Page>
  );
}
