import { Button, Group, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { tell } from '../parts/notify.ts';
import { Refused } from '../parts/refused.tsx';
import { useSaving } from '../parts/use-saving.ts';

/** A name, an audience and scopes; all else has a default and a tab of its own. */
export function NewApi({
  opened,
  onClose,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  return (
    <Dialog opened={opened} onClose={onClose} title="New API" size="lg">
      <NewApiForm />
    </Dialog>
  );
}

/** A scope has no space in it. RFC 6749 §3.3. People put commas between them, too. */
const splitScopes = (typed: readonly string[]): string[] => [
  ...new Set(typed.flatMap((text) => text.split(/[\s,]+/)).filter((scope) => scope !== '')),
];

function NewApiForm() {
  const realm = useRealm();
  const navigate = useNavigate();
  const forget = useForget();
  const form = useForm({
    initialValues: { name: '', identifier: '', scopes: [] as string[] },
  });
  const { busy, error, save } = useSaving(form);
  const { name, identifier, scopes } = form.values;
  const asked = {
    params: { realm },
    body: { name, identifier, scopes: scopes.map((scope) => ({ name: scope })) },
  };
  return (
    <form
      onSubmit={form.onSubmit(async () => {
        await save(async () => {
          const { id } = await call('createApi', asked);
          await forget();
          tell('API created');
          await navigate({ to: '/realms/$realm/apis/$apiId', params: { realm, apiId: id } });
        });
      })}
    >
      <Stack>
        <Text size="sm">
          Nobody may call it at first: clients are granted its scopes in Permissions.
        </Text>
        <Refused error={error} />
        <TextInput
          label="Name"
          placeholder="Orders"
          required
          data-autofocus
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <TextInput
          label="Audience"
          description="The address that callers know the API by. It is the aud of its tokens, and what resource names in a request."
          placeholder="https://orders.example.com"
          required
          autoComplete="off"
          {...form.getInputProps('identifier')}
        />
        <TagsInput
          label="Scopes"
          description="What may be granted there, such as orders:read. Enter after each."
          splitChars={[' ', ',']}
          acceptValueOnBlur
          {...form.getInputProps('scopes')}
          // Only keys and pasting split; what is dropped or completed there arrives in one piece.
          onChange={(typed) => form.setFieldValue('scopes', splitScopes(typed))}
        />
        <Group justify="space-between">
          <AsCommand name="createApi" asked={asked} />
          <Button type="submit" loading={busy}>
            Create API
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
