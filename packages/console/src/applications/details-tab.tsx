import { Button, Card, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { AsCurl } from '../parts/as-curl.tsx';
import { tell } from '../parts/notify.ts';
import { Refused } from '../parts/refused.tsx';
import { useSaving } from '../parts/use-saving.ts';
import { UserPicker } from '../parts/user-picker.tsx';
import type { Shown } from './shown.ts';

export function DetailsTab({ application }: Shown) {
  const forget = useForget();
  const { realm, id: applicationId, revision } = application;
  const form = useForm({
    initialValues: {
      name: application.name,
      description: application.description,
      logoUri: application.logoUri ?? '',
      owners: [...application.owners],
    },
  });
  const { busy, error, save, clear } = useSaving(form);
  const { logoUri, ...rest } = form.values;
  const asked = {
    params: { realm, applicationId },
    revision,
    body: { ...rest, logoUri: logoUri === '' ? null : logoUri },
  };
  return (
    <form
      onSubmit={form.onSubmit(async () => {
        await save(async () => {
          await call('updateApplication', asked);
          form.resetDirty();
          await forget();
          tell('Application updated');
        });
      })}
    >
      <Card withBorder maw={720}>
        <Stack>
          <Refused error={error} reload={() => forget().then(clear)} />
          <TextInput label="Name" required {...form.getInputProps('name')} />
          <TextInput
            label="App Logo URI"
            type="url"
            placeholder="https://"
            {...form.getInputProps('logoUri')}
          />
          <Textarea
            label="Description"
            autosize
            minRows={2}
            {...form.getInputProps('description')}
          />
          <UserPicker
            label="Application Owners"
            description="They see and manage this application"
            {...form.getInputProps('owners')}
          />
          <Group justify="space-between">
            <AsCurl name="updateApplication" asked={asked} />
            <Button type="submit" loading={busy} disabled={!form.isDirty()}>
              Save
            </Button>
          </Group>
        </Stack>
      </Card>
    </form>
  );
}
