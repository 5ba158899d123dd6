import {
  Badge,
  Button,
  Card,
  Group,
  Menu,
  PasswordInput,
  Select,
  Stack,
  Table,
  Text,
  Title,
  VisuallyHidden,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Answer } from '@tessera/server/contract';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useAnswer, useForget } from '../api/use-answer.ts';
import { Confirm } from '../parts/confirm.tsx';
import { CopyLine } from '../parts/copy-text.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Instant } from '../parts/instant.tsx';
import { Refused } from '../parts/refused.tsx';
import { RowMenu } from '../parts/row-menu.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { useSaving } from '../parts/use-saving.ts';
import { UseIt } from './secret-reveal.tsx';
import type { Shown } from './shown.ts';

type Secret = Answer<'listSecrets'>['items'][number];

const OVERLAPS = [
  { value: '0', label: 'At once: earlier secrets end now' },
  { value: '3600', label: 'For an hour' },
  { value: '86400', label: 'For a day' },
  { value: '604800', label: 'For a week' },
];

export function SecretsCard({ client }: Shown) {
  const { realm, clientId } = client;
  const params = { realm, clientId };
  const forget = useForget();
  const secrets = useAnswer('listSecrets', { params }, { refetchInterval: 15_000 });
  const [dialog, setDialog] = useState<'rotate' | 'set'>();
  const [revoking, setRevoking] = useState<Secret>();
  return (
    <Card withBorder component="section" aria-labelledby="secrets">
      <Group justify="space-between" mb="md">
        <Title order={2} size="h4" id="secrets">
          Client Secret
        </Title>
        <Group gap="xs">
          <Button variant="default" size="sm" onClick={() => setDialog('set')}>
            Set secret
          </Button>
          <Button variant="default" size="sm" onClick={() => setDialog('rotate')}>
            Reset
          </Button>
        </Group>
      </Group>
      {secrets.isPending && <Loading what="secrets" />}
      {secrets.isError && <Failed error={secrets.error} retry={secrets.refetch} />}
      {secrets.data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          No secret. The client cannot prove itself with one.
        </Text>
      )}
      {secrets.data !== undefined && secrets.data.items.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="xs" aria-label="Secrets">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Secret</Table.Th>
                <Table.Th>Status</Table.Th>
                <Table.Th>Created</Table.Th>
                <Table.Th>Last used</Table.Th>
                <Table.Th>Expires</Table.Th>
                <Table.Th>
                  <VisuallyHidden>Actions</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {secrets.data.items.map((secret) => (
                <Table.Tr key={secret.id}>
                  <Table.Td>
                    <Text size="sm">
                      {secret.label === ''
                        ? secret.origin === 'chosen'
                          ? 'Chosen by a person'
                          : 'Generated'
                        : secret.label}
                    </Text>
                    {secret.lastFour !== '' && (
                      <Text size="xs" c="dimmed" ff="monospace">
                        …{secret.lastFour}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Badge variant="dot" color={secret.status === 'active' ? 'teal' : 'gray'}>
                      {secret.status}
                    </Badge>
                  </Table.Td>
                  <Table.Td>
                    <Instant at={secret.createdAt} />
                  </Table.Td>
                  <Table.Td>
                    <Instant at={secret.lastUsedAt} />
                  </Table.Td>
                  <Table.Td>
                    <Instant at={secret.expiresAt} />
                  </Table.Td>
                  <Table.Td>
                    <RowMenu of={`the secret ${secret.label} ${secret.lastFour}`}>
                      <Menu.Item color="red" onClick={() => setRevoking(secret)}>
                        Revoke
                      </Menu.Item>
                    </RowMenu>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <NewSecret kind={dialog} onClose={() => setDialog(undefined)} client={client} />
      <Confirm
        opened={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title="Revoke the secret"
        text="It stops working at once. Whoever still uses it gets no more tokens; tokens that it obtained live on."
        name={clientId}
        verb="Revoke"
        act={async () => {
          await call('revokeSecret', { params: { ...params, secretId: revoking?.id ?? '' } });
          await forget();
        }}
      />
    </Card>
  );
}

function NewSecret({
  kind,
  onClose,
  client,
}: {
  readonly kind: 'rotate' | 'set' | undefined;
  readonly onClose: () => void;
  readonly client: Shown['client'];
}) {
  const { realm, clientId, scopes } = client;
  const params = { realm, clientId };
  const forget = useForget();
  const [made, setMade] = useState<string>();
  const form = useForm({ initialValues: { overlap: '86400', secret: '' } });
  const { busy, error, save, clear } = useSaving(form);
  const end = () => {
    setMade(undefined);
    form.reset();
    clear();
    onClose();
  };
  const submit = form.onSubmit(async ({ overlap, secret }) => {
    await save(async () => {
      const answer =
        kind === 'set'
          ? await call('addSecret', { params, body: { secret } })
          : await call('rotateSecret', { params, body: { overlap: Number(overlap) } });
      await forget();
      setMade(answer.secret);
    });
  });
  const title =
    made !== undefined
      ? kind === 'set'
        ? 'Client secret set'
        : 'Client secret reset'
      : kind === 'set'
        ? 'Set secret'
        : 'Reset the secret';
  return (
    <Dialog
      opened={kind !== undefined}
      onClose={end}
      title={title}
      size="lg"
      closeOnClickOutside={made === undefined}
    >
      {made !== undefined ? (
        <Stack>
          <CopyLine label="Client Secret" value={made} />
          <Text size="sm" c="dimmed">
            It is shown this once: only its digest is kept.
          </Text>
          <UseIt clientId={clientId} secret={made} scopes={scopes} />
          <Group justify="flex-end">
            <Button onClick={end}>I have stored it</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <Refused error={error} />
            {kind === 'set' ? (
              <PasswordInput
                label="Client Secret"
                description="8 characters at least. Earlier secrets go on working."
                required
                autoComplete="new-password"
                data-autofocus
                {...form.getInputProps('secret')}
              />
            ) : (
              <Select
                label="Earlier secrets go on working"
                description="Long enough to give the new one to every machine: no request fails meanwhile."
                data={OVERLAPS}
                allowDeselect={false}
                {...form.getInputProps('overlap')}
              />
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={end}>
                Cancel
              </Button>
              <Button type="submit" loading={busy}>
                {kind === 'set' ? 'Set secret' : 'Reset'}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
