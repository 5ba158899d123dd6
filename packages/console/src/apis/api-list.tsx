import { Anchor, Button, Group, Table, Text } from '@mantine/core';
import { PlusIcon } from '@radix-ui/react-icons';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { CopyIconButton } from '../parts/copy-text.tsx';
import { formatDuration } from '../parts/format-duration.ts';
import { Page } from '../parts/page.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';
import { usePermission } from '../session/use-session.ts';
import { NewApi } from './new-api.tsx';
import { formatCounted, nameFormat } from './words.ts';

export function ApiList() {
  const realm = useRealm();
  const navigate = useNavigate();
  const { search = '', new: creating = false } = useSearch({ strict: false });
  const mayCreate = usePermission('apis:write');
  const mayProvider = usePermission('providers:read');
  const provider = useAnswer('findProvider', { params: { realm } }, { enabled: mayProvider });
  const list = usePages('listApis', { params: { realm }, query: { search } });
  const setSearch = (next: { readonly search?: string; readonly new?: true }) =>
    navigate({ to: '/realms/$realm/apis', params: { realm }, search: next, replace: true });
  const create = (label: string) =>
    mayCreate && (
      <Button leftSection={<PlusIcon />} onClick={() => setSearch({ new: true })}>
        {label}
      </Button>
    );
  return (
    <Page
      title="APIs"
      text="What access tokens are for: each API has an audience, scopes, and clients that may call it."
      actions={create('New API')}
    >
      <SearchField
        label="Search APIs"
        value={search}
        onSearch={(text) => setSearch(text === '' ? {} : { search: text })}
      />
      {list.isError && <Failed error={list.error} retry={list.refetch} />}
      {list.isPending && <Loading what="APIs" />}
      {list.items?.length === 0 &&
        (search === '' ? (
          <Empty
            title="No API yet"
            text="Register the first resource server: its address becomes the audience of its tokens, and its scopes are what clients can be granted."
            action={create('Create the first one')}
          />
        ) : (
          <Empty title="Nothing found" text={`No API has “${search}” in its name or audience.`} />
        ))}
      {list.items !== undefined && list.items.length > 0 && (
        <Table.ScrollContainer minWidth={760}>
          <Table highlightOnHover verticalSpacing="sm" aria-label="APIs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Audience</Table.Th>
                <Table.Th ta="right">Scopes</Table.Th>
                <Table.Th ta="right">Clients</Table.Th>
                <Table.Th>Access tokens</Table.Th>
                <Table.Th>Lifetime</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items.map((api) => (
                <Table.Tr key={api.id}>
                  <Table.Td>
                    <Anchor
                      renderRoot={(props) => (
                        <Link
                          to="/realms/$realm/apis/$apiId"
                          params={{ realm, apiId: api.id }}
                          {...props}
                        />
                      )}
                      fw={600}
                    >
                      {api.name}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    <Group gap={2} wrap="nowrap">
                      <Text size="sm" ff="monospace">
                        {api.identifier}
                      </Text>
                      <CopyIconButton value={api.identifier} what={`audience of ${api.name}`} />
                    </Group>
                  </Table.Td>
                  <Table.Td ta="right">{api.scopes.length.toLocaleString()}</Table.Td>
                  <Table.Td ta="right">{formatCounted(api.clients)}</Table.Td>
                  <Table.Td>
                    <Setting
                      own={api.tokenFormat === null ? undefined : nameFormat(api.tokenFormat)}
                      inherited={provider.data && nameFormat(provider.data.tokenFormat)}
                    />
                  </Table.Td>
                  <Table.Td>
                    <Setting
                      own={
                        api.accessTokenLifetime === null
                          ? undefined
                          : formatDuration(api.accessTokenLifetime)
                      }
                      inherited={provider.data && formatDuration(provider.data.accessTokenLifetime)}
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <ShowMore list={list} />
      <NewApi opened={creating} onClose={() => setSearch({})} />
    </Page>
  );
}

/** What the API says itself; dimmed, what holds because it says nothing. */
function Setting({
  own,
  inherited,
}: {
  readonly own: string | undefined;
  readonly inherited: string | undefined;
}) {
  if (own !== undefined) return <Text size="sm">{own}</Text>;
  return (
    <Text size="sm" c="dimmed">
      {inherited === undefined ? 'as the realm has it' : `${inherited} · realm`}
    </Text>
  );
}
