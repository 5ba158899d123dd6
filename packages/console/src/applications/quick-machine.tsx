import { Button, Group, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Refused } from '../parts/refused.tsx';
import { useSaving } from '../parts/use-saving.ts';
import { type Created, CreationDialog } from './creation-dialog.tsx';
import { suggestClientId } from './suggest-client-id.ts';

/** From nothing to a token in one dialog: a name and what it may do. */
export function QuickMachine({
  opened,
  onClose,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  return (
    <CreationDialog opened={opened} onClose={onClose} title="A machine in a minute" size="lg">
      {(onCreated) => <NameIt onCreated={onCreated} />}
    </CreationDialog>
  );
}

function NameIt({ onCreated }: { readonly onCreated: (created: Created) => void }) {
  const realm = useRealm();
  const forget = useForget();
  const form = useForm({ initialValues: { name: '', scopes: [] as string[] } });
  const { busy, error, save } = useSaving(form);
  const { name, scopes } = form.values;
  const clientId = suggestClientId(name);
  const body = {
    name,
    template: 'service',
    client: { ...(clientId !== '' && { clientId }), scopes, defaultScopes: scopes },
  } as const;
  return (
    <form
      onSubmit={form.onSubmit(async () => {
        await save(async () => {
          const created = await call('createApplication', { params: { realm }, body });
          await forget();
          onCreated(created);
        });
      })}
    >
      <Stack>
        <Text size="sm">
          It gets a client, a secret that nobody guesses, and a token at once. Everything can be
          changed later.
        </Text>
        <Refused error={error} />
        <TextInput
          label="Name"
          placeholder="Nightly invoices"
          required
          data-autofocus
          {...form.getInputProps('name')}
        />
        <TagsInput
          label="Scopes"
          description="What it may ask for, such as write. Enter after each."
          splitChars={[' ', ',']}
          acceptValueOnBlur
          {...form.getInputProps('scopes')}
        />
        <Group justify="space-between">
          <AsCommand name="createApplication" asked={{ params: { realm }, body }} />
          <Button type="submit" loading={busy}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
