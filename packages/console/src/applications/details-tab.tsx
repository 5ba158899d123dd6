import { Card, Textarea, TextInput } from '@mantine/core';
import { ChangeForm } from '../parts/change-form.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';
import { UserPicker } from '../parts/user-picker.tsx';
import type { Shown } from './shown.ts';

export function DetailsTab({ application }: Shown) {
  const { realm, id: applicationId, revision } = application;
  const form = useChangeForm(
    {
      name: application.name,
      description: application.description,
      logoUri: application.logoUri ?? '',
      owners: [...application.owners],
    },
    revision,
  );
  const { logoUri, ...rest } = form.values;
  const asked = {
    params: { realm, applicationId },
    revision: form.revision,
    body: { ...rest, logoUri: logoUri === '' ? null : logoUri },
  };
  return (
    <Card withBorder maw={720}>
      <ChangeForm form={form} name="updateApplication" asked={asked} told="Application updated">
        <TextInput label="Name" required {...form.getInputProps('name')} />
        <TextInput
          label="App Logo URI"
          type="url"
          placeholder="https://"
          {...form.getInputProps('logoUri')}
        />
        <Textarea label="Description" autosize minRows={2} {...form.getInputProps('description')} />
        <UserPicker
          label="Application Owners"
          description="They see and manage this application"
          {...form.getInputProps('owners')}
        />
      </ChangeForm>
    </Card>
  );
}
