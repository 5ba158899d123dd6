import {
  Anchor,
  Badge,
  Button,
  Card,
  Group,
  List,
  MultiSelect,
  PasswordInput,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { Answer } from '@tessera/server/contract';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useAnswer, useForget } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { ChangeForm } from '../parts/change-form.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { CopyLine } from '../parts/copy-text.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { tell } from '../parts/notify.ts';
import { Page } from '../parts/page.tsx';
import { Refused } from '../parts/refused.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';
import { useSaving } from '../parts/use-saving.ts';

type User = Answer<'findUser'>;

const ROLES = [
  { value: 'administrator', label: 'Administrator' },
  { value: 'realm-administrator', label: 'Realm administrator' },
  { value: 'auditor', label: 'Auditor' },
];

export function UserPage() {
  const realm = useRealm();
  const { userId = '' } = useParams({ strict: false });
  const user = useAnswer('findUser', { params: { realm, userId } });
  if (user.isError) return <Failed error={user.error} retry={user.refetch} />;
  if (user.data === undefined) return <Loading what="the user" />;
  return <Profile key={user.data.id} user={user.data} />;
}

function Profile({ user }: { readonly user: User }) {
  const { realm, id: userId } = user;
  const navigate = useNavigate();
  const forget = useForget();
  const [dialog, setDialog] = useState<'password' | 'delete'>();
  return (
    <Page
      title={user.userName}
      text={`${user.givenName} ${user.familyName}`.trim()}
      actions={
        <>
          <Badge variant="dot" color={user.enabled ? 'teal' : 'gray'}>
            {user.enabled ? 'Active' : 'Inactive'}
          </Badge>
          <Button variant="default" onClick={() => setDialog('password')}>
            {user.hasPassword ? 'Reset Password' : 'Set Password'}
          </Button>
          <Button variant="outline" color="red" onClick={() => setDialog('delete')}>
            Delete
          </Button>
        </>
      }
    >
      <ProfileForm user={user} />
      <Owned user={user} />
      <NewPassword
        user={user}
        opened={dialog === 'password'}
        onClose={() => setDialog(undefined)}
      />
      <Confirm
        opened={dialog === 'delete'}
        onClose={() => setDialog(undefined)}
        title={`Delete ${user.userName}`}
        text="Applications of this owner stay, without this owner."
        name={user.userName}
        verb="Delete"
        act={async () => {
          await call('deleteUser', { params: { realm, userId }, revision: user.revision });
          await navigate({ to: '/realms/$realm/users', params: { realm } });
          await forget();
          tell('User deleted');
        }}
      />
    </Page>
  );
}

function ProfileForm({ user }: { readonly user: User }) {
  const { realm, id: userId, revision } = user;
  const form = useChangeForm(
    {
      userName: user.userName,
      givenName: user.givenName,
      familyName: user.familyName,
      email: user.email,
      enabled: user.enabled,
      roles: [...user.roles],
    },
    revision,
  );
  const asked = { params: { realm, userId }, revision: form.revision, body: form.values };
  return (
    <Card withBorder maw={720}>
      <ChangeForm form={form} name="updateUser" asked={asked} told="User updated">
        <TextInput label="Username" required {...form.getInputProps('userName')} />
        <Group grow>
          <TextInput label="First Name" {...form.getInputProps('givenName')} />
          <TextInput label="Last Name" {...form.getInputProps('familyName')} />
        </Group>
        <TextInput label="Email Address" type="email" {...form.getInputProps('email')} />
        <MultiSelect
          label="Roles"
          description="An owner of applications needs none"
          data={ROLES}
          {...form.getInputProps('roles')}
        />
        <Switch label="May sign in" {...form.getInputProps('enabled', { type: 'checkbox' })} />
      </ChangeForm>
    </Card>
  );
}

function Owned({ user }: { readonly user: User }) {
  const { realm, id } = user;
  const owned = useAnswer('listApplications', {
    params: { realm },
    query: { owner: id, limit: 50 },
  });
  if (owned.data === undefined || owned.data.items.length === 0) return null;
  return (
    <Card withBorder maw={720}>
      <Title order={2} size="h4" mb="sm">
        Owns
      </Title>
      <List>
        {owned.data.items.map((application) => (
          <List.Item key={application.id}>
            <Anchor
              renderRoot={(props) => (
                <Link
                  to="/realms/$realm/applications/$applicationId"
                  params={{ realm, applicationId: application.id }}
                  {...props}
                />
              )}
            >
              {application.name}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </Card>
  );
}

function NewPassword({
  user,
  opened,
  onClose,
}: {
  readonly user: User;
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  const forget = useForget();
  const { realm, id: userId, revision } = user;
  const [made, setMade] = useState<string>();
  const form = useForm({ initialValues: { password: '' } });
  const { busy, error, save, clear } = useSaving(form);
  const end = () => {
    setMade(undefined);
    form.reset();
    clear();
    onClose();
  };
  return (
    <Dialog opened={opened} onClose={end} title={`Password of ${user.userName}`}>
      {made === undefined ? (
        <form
          onSubmit={form.onSubmit(async ({ password }) => {
            await save(async () => {
              const answer = await call('setPassword', {
                params: { realm, userId },
                revision,
                body: password === '' ? {} : { password },
              });
              await forget();
              if (answer.password !== null) setMade(answer.password);
              else {
                tell('Password set');
                end();
              }
            });
          })}
        >
          <Stack>
            <Text size="sm">
              It has to be replaced at the first sign-in. Sessions of this user end.
            </Text>
            <Refused error={error} />
            <PasswordInput
              label="Password"
              description="12 characters at least. Left empty, one is made."
              autoComplete="new-password"
              data-autofocus
              {...form.getInputProps('password')}
            />
            <Group justify="flex-end">
              <Button type="submit" loading={busy}>
                Set password
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack>
          <CopyLine label="Password, shown this once" value={made} />
          <Group justify="flex-end">
            <Button onClick={end}>I have stored it</Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}
