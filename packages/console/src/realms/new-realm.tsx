import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import type { Body } from '@tessera/server/contract';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { tell } from '../parts/notify.ts';
import { Refused } from '../parts/refused.tsx';
import { useSaving } from '../parts/use-saving.ts';

type File = Body<'importRealm'>['file'];

/** The settings, APIs and trust of a realm: neither its clients nor its people. */
async function templateOf(realm: string, name: string, displayName: string): Promise<File> {
  const file = await call('exportRealm', { params: { realm } });
  const { clients: _clients, users: _users, applications: _applications, ...rest } = file;
  const template = rest as unknown as File;
  return {
    ...template,
    realm: { name, displayName },
    // Whoever may introspect is a client, and clients are not taken along.
    apis: template.apis?.map((api) => ({ ...api, introspectionClients: [] })),
  };
}

export function NewRealm({
  opened,
  onClose,
  realms,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly realms: readonly string[];
}) {
  const forget = useForget();
  const navigate = useNavigate();
  const form = useForm<{ name: string; displayName: string; like: string | null }>({
    initialValues: { name: '', displayName: '', like: null },
  });
  const { busy, error, save, clear } = useSaving(form);
  const { name, displayName, like } = form.values;
  const asked = { body: { name, ...(displayName !== '' && { displayName }) } };
  const end = () => {
    form.reset();
    clear();
    onClose();
  };
  return (
    <Dialog opened={opened} onClose={end} title="New realm">
      <form
        onSubmit={form.onSubmit(async () => {
          const done = await save(async () => {
            if (like === null) await call('createRealm', asked);
            else {
              const file = await templateOf(like, name, displayName === '' ? name : displayName);
              await call('importRealm', { body: { file } });
            }
            await forget();
          });
          if (!done) return;
          tell(`${name} created`);
          end();
          await navigate({ to: '/realms/$realm', params: { realm: name } });
        })}
      >
        <Stack>
          <Refused error={error} />
          <TextInput
            label="Name"
            description="Part of its issuer, for good: lower-case letters, digits, hyphens"
            required
            data-autofocus
            autoComplete="off"
            {...form.getInputProps('name')}
          />
          <TextInput label="Display name" {...form.getInputProps('displayName')} />
          <Select
            label="Like"
            description="Its settings, APIs, scopes and trust; never its clients, people, secrets or keys"
            placeholder="An empty realm"
            data={[...realms]}
            clearable
            {...form.getInputProps('like')}
          />
          <Group justify="space-between">
            {like === null ? <AsCommand name="createRealm" asked={asked} /> : <span />}
            <Button type="submit" loading={busy}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
