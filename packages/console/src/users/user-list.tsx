import {
  Anchor,
  Badge,
  Button,
  Checkbox,
  Group,
  PasswordInput,
  Stack,
  Table,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { PlusIcon } from '@radix-ui/react-icons';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Instant } from '../parts/instant.tsx';
import { tell } from '../parts/notify.ts';
import { Page } from '../parts/page.tsx';
import { Refused } from '../parts/refused.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';
import { useSaving } from '../parts/use-saving.ts';
import { usePermission } from '../session/use-session.ts';

/** PingOne's "Identities > Manage > Alpha realm - Users". */
export function UserList() {
  const realm = useRealm();
  const navigate = useNavigate();
  const { search = '', new: creating = false } = useSearch({ strict: false });
  const mayCreate = usePermission('users:write');
  const list = usePages('listUsers', { params: { realm }, query: { search } });
  const go = (next: { readonly search?: string; readonly new?: true }) =>
    navigate({ to: '/realms/$realm/users', params: { realm }, search: next, replace: true });
  const title = `${realm.charAt(0).toUpperCase()}${realm.slice(1)} realm - Users`;
  return (
    <Page
      title={title}
      text="Owners of applications, owners of resources, and those who administer the realm."
      actions={
        mayCreate && (
          <Button leftSection={<PlusIcon />} onClick={() => go({ new: true })}>
            New {realm} realm - User
          </Button>
        )
      }
    >
      <SearchField
        label="Search users"
        value={search}
        onSearch={(text) => go(text === '' ? {} : { search: text })}
      />
      {list.isPending && <Loading what="users" />}
      {list.isError && <Failed error={list.error} retry={list.refetch} />}
      {list.items?.length === 0 && (
        <Empty
          title={search === '' ? 'No users yet' : 'Nothing found'}
          text={
            search === ''
              ? 'Make a profile for the person who will own your first application.'
              : `No user has “${search}” in the name.`
          }
        />
      )}
      {list.items !== undefined && list.items.length > 0 && (
        <Table.ScrollContainer minWidth={600}>
          <Table className="stacked" highlightOnHover verticalSpacing="sm" aria-label="Users">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Username</Table.Th>
                <Table.Th>Name</Table.Th>
                <Table.Th>Email Address</Table.Th>
                <Table.Th>Roles</Table.Th>
                <Table.Th>Created</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items.map(
                ({ id, userName, givenName, familyName, email, roles, enabled, createdAt }) => (
                  <Table.Tr key={id}>
                    <Table.Td>
                      <Anchor
                        fw={600}
                        renderRoot={(props) => (
                          <Link
                            to="/realms/$realm/users/$userId"
                            params={{ realm, userId: id }}
                            {...props}
                          />
                        )}
                      >
                        {userName}
                      </Anchor>
                    </Table.Td>
                    <Table.Td>{`${givenName} ${familyName}`.trim()}</Table.Td>
                    <Table.Td>{email}</Table.Td>
                    <Table.Td>
                      <Group gap={4}>
                        {!enabled && <Badge color="gray">disabled</Badge>}
                        {roles.map((role) => (
                          <Badge key={role} variant="default">
                            {role}
                          </Badge>
                        ))}
                      </Group>
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
      <NewUser opened={creating} onClose={() => go({})} />
    </Page>
  );
}

function NewUser({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const realm = useRealm();
  const forget = useForget();
  const navigate = useNavigate();
  const [again, setAgain] = useState(false);
  const form = useForm({
    initialValues: {
      userName: '',
      givenName: '',
      familyName: '',
      email: '',
      password: '',
      passwordOneTime: true,
    },
  });
  const { busy, error, save, clear } = useSaving(form);
  const { password, passwordOneTime, ...profile } = form.values;
  const asked = {
    params: { realm },
    body: { ...profile, ...(password !== '' && { password, passwordOneTime }) },
  };
  const end = () => {
    form.reset();
    clear();
    onClose();
  };
  return (
    <Dialog
      opened={opened}
      onClose={end}
      title={`New ${realm} realm - User`}
      closeOnClickOutside={false}
    >
      <form
        onSubmit={form.onSubmit(async () => {
          await save(async () => {
            const { id } = await call('createUser', asked);
            await forget();
            tell(`${profile.userName} created`);
            form.reset();
            if (again) return;
            await navigate({ to: '/realms/$realm/users/$userId', params: { realm, userId: id } });
          });
        })}
      >
        <Stack>
          <Refused error={error} />
          <TextInput
            label="Username"
            required
            data-autofocus
            autoComplete="off"
            {...form.getInputProps('userName')}
          />
          <Group grow>
            <TextInput label="First Name" {...form.getInputProps('givenName')} />
            <TextInput label="Last Name" {...form.getInputProps('familyName')} />
          </Group>
          <TextInput label="Email Address" type="email" {...form.getInputProps('email')} />
          <PasswordInput
            label="Password"
            description="12 characters at least. Without one nobody signs in with this profile."
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <Checkbox
            label="To be replaced at the first sign-in"
            disabled={password === ''}
            {...form.getInputProps('passwordOneTime', { type: 'checkbox' })}
          />
          <Group justify="space-between">
            <AsCommand name="createUser" asked={asked} />
            <Group gap="xs">
              <Button type="submit" variant="default" loading={busy} onClick={() => setAgain(true)}>
                Save and add another
              </Button>
              <Button type="submit" loading={busy} onClick={() => setAgain(false)}>
                Save
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
