import {
  Alert,
  Anchor,
  Button,
  Card,
  Center,
  Group,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type SyntheticEvent, useState } from 'react';
import { call } from '../api/call.ts';
import { describeError, ProblemError } from '../api/problem.ts';
import { Mark } from '../frame/mark.tsx';
import { isFirstRun } from './is-first-run.ts';

/** `again`: the session ended while somebody worked; what is behind the dialog stays as it is. */
export function SignIn({
  again,
  onOneTimePassword,
}: {
  readonly again?: { readonly userName: string; readonly realm: string };
  /** What was typed is good for one thing: see `ReplacePassword`. */
  readonly onOneTimePassword?: (password: string) => void;
}) {
  const client = useQueryClient();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [elsewhere, setElsewhere] = useState(again !== undefined && again.realm !== 'root');
  const form = useForm({
    initialValues: { realm: again?.realm ?? 'root', userName: again?.userName ?? '', password: '' },
  });
  const submit = form.onSubmit(async (values) => {
    setBusy(true);
    setError(undefined);
    try {
      const session = await call('openSession', { body: values });
      if (session.passwordOneTime) onOneTimePassword?.(values.password);
      client.setQueryData(['findSession', {}, {}], session);
      await client.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] !== 'findSession',
      });
    } catch (caught) {
      setError(caught);
      form.setFieldValue('password', '');
    } finally {
      setBusy(false);
    }
  });
  return (
    <SessionCard title={again === undefined ? 'Sign in' : 'Sign in again'} onSubmit={submit}>
      {again !== undefined && (
        <Text size="sm">Your session has ended. Nothing that you typed is lost.</Text>
      )}
      <Refused error={error} />
      {elsewhere && <TextInput label="Realm" autoComplete="off" {...form.getInputProps('realm')} />}
      <TextInput
        label="User name"
        autoComplete="username"
        required
        data-autofocus
        autoFocus
        {...form.getInputProps('userName')}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        required
        {...form.getInputProps('password')}
      />
      <Button type="submit" loading={busy} fullWidth>
        Sign in
      </Button>
      {!elsewhere && (
        <Anchor component="button" type="button" size="sm" onClick={() => setElsewhere(true)}>
          I am a user of another realm
        </Anchor>
      )}
    </SessionCard>
  );
}

/**
 * The password that somebody else chose is good for one thing: to choose another. Who has just typed
 * it is not asked for it again.
 */
export function ReplacePassword({
  userName,
  typed,
  onReplaced,
}: {
  readonly userName: string;
  /** Empty in a page that was loaded since. */
  readonly typed: string;
  readonly onReplaced: () => void;
}) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const form = useForm({
    initialValues: { currentPassword: typed, newPassword: '', repeated: '' },
    validate: {
      newPassword: (value) => (value.length < 12 ? 'At least 12 characters' : null),
      repeated: (value, values) => (value === values.newPassword ? null : 'Not the same password'),
    },
  });
  const submit = form.onSubmit(async ({ currentPassword, newPassword }) => {
    setBusy(true);
    setError(undefined);
    try {
      const body = { currentPassword, newPassword };
      const session = await call('changePassword', { body });
      if (await isFirstRun(session)) await navigate({ to: '/server/set-up', replace: true });
      client.setQueryData(['findSession', {}, {}], session);
      onReplaced();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  });
  return (
    <SessionCard title="Choose your password" onSubmit={submit}>
      <Text size="sm">
        {userName}, the password you signed in with works once. Choose one that only you know.
      </Text>
      <Refused error={error} />
      {typed === '' && (
        <PasswordInput
          label="Password you signed in with"
          autoComplete="current-password"
          required
          {...form.getInputProps('currentPassword')}
        />
      )}
      <PasswordInput
        label="New password"
        description="At least 12 characters"
        autoComplete="new-password"
        required
        {...form.getInputProps('newPassword')}
      />
      <PasswordInput
        label="New password again"
        autoComplete="new-password"
        required
        {...form.getInputProps('repeated')}
      />
      <Button type="submit" loading={busy} fullWidth>
        Go on
      </Button>
    </SessionCard>
  );
}

function Refused({ error }: { readonly error: unknown }) {
  if (error === undefined) return null;
  const elsewhere = error instanceof ProblemError && error.reason === 'origin_mismatched';
  const { title, text } = elsewhere
    ? {
        title: 'Not the address of this server',
        text: `This page was opened at ${window.location.origin}. Open the console at the public URL of the server; whoever runs it sets that as TESSERA_PUBLIC_URL.`,
      }
    : describeError(error);
  return (
    <Alert color="red" title={title} role="alert">
      {text}
    </Alert>
  );
}

function SessionCard({
  title,
  onSubmit,
  children,
}: {
  readonly title: string;
  readonly onSubmit: (event?: SyntheticEvent<HTMLFormElement>) => void;
  readonly children: React.ReactNode;
}) {
  return (
    <Center mih="100vh" p="md" component="main">
      <Card withBorder shadow="sm" padding="xl" radius="md" w="100%" maw={400}>
        <form onSubmit={onSubmit}>
          <Stack>
            <Group gap="sm">
              <Mark size={28} />
              <Title order={1} size="h3">
                {title}
              </Title>
            </Group>
            {children}
          </Stack>
        </form>
      </Card>
    </Center>
  );
}
