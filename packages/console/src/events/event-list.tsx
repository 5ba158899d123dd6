import { Button, Code, Table, Text, VisuallyHidden } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { useRealm } from '../frame/use-realm.ts';
import { Instant } from '../parts/instant.tsx';
import { Page } from '../parts/page.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';

export function EventList() {
  const realm = useRealm();
  const navigate = useNavigate();
  const { search = '' } = useSearch({ strict: false });
  const [open, setOpen] = useState<string>();
  const list = usePages('listEvents', { params: { realm }, query: { search } });
  return (
    <Page title="Audit log" text="Who did what, when, to what. Newest first.">
      <SearchField
        label="Search events"
        value={search}
        onSearch={(text) =>
          navigate({
            to: '/realms/$realm/audit',
            params: { realm },
            search: text === '' ? {} : { search: text },
            replace: true,
          })
        }
      />
      {list.isPending && <Loading what="events" />}
      {list.isError && <Failed error={list.error} retry={list.refetch} />}
      {list.items?.length === 0 && (
        <Empty title="Nothing found" text="Nothing happened here that has this in it." />
      )}
      {list.items !== undefined && list.items.length > 0 && (
        <Table.ScrollContainer minWidth={640}>
          <Table verticalSpacing="xs" highlightOnHover aria-label="Events">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>What</Table.Th>
                <Table.Th>Who</Table.Th>
                <Table.Th>To what</Table.Th>
                <Table.Th>
                  <VisuallyHidden>Details</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items.map(({ id, at, type, actor, subject, details, requestId }) => (
                <Fragment key={id}>
                  <Table.Tr>
                    <Table.Td>
                      <Instant at={at} />
                    </Table.Td>
                    <Table.Td>
                      <Text size="sm" ff="monospace">
                        {type}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      {actor.kind} {actor.id}
                    </Table.Td>
                    <Table.Td>
                      {subject.kind} {subject.id}
                    </Table.Td>
                    <Table.Td>
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        aria-expanded={open === id}
                        onClick={() => setOpen(open === id ? undefined : id)}
                      >
                        {open === id ? 'Less' : 'More'}
                      </Button>
                    </Table.Td>
                  </Table.Tr>
                  {open === id && (
                    <Table.Tr>
                      <Table.Td colSpan={5}>
                        <Code block tabIndex={0}>
                          {JSON.stringify({ ...details, requestId }, undefined, 2)}
                        </Code>
                      </Table.Td>
                    </Table.Tr>
                  )}
                </Fragment>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <ShowMore list={list} />
    </Page>
  );
}
