import { Stack, Switch, TextInput } from '@mantine/core';
import type { Answer } from '@tessera/server/contract';
import { ChangeForm } from '../parts/change-form.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';

export function RealmSettings({
  realm,
  opened,
  onClose,
}: {
  readonly realm: Answer<'findRealm'>;
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  const { name, displayName, enabled, revision } = realm;
  const form = useChangeForm({ displayName, enabled }, revision);
  const { displayName: changedName, enabled: changedEnabled } = form.changed;
  const body = {
    ...(typeof changedName === 'string' && { displayName: changedName }),
    ...(changedEnabled !== undefined && { enabled: changedEnabled }),
  };
  const asked = { params: { realm: name }, revision: form.revision, body };
  return (
    <Dialog opened={opened} onClose={onClose} title={`Settings of ${displayName}`}>
      <ChangeForm form={form} name="updateRealm" asked={asked} told="Realm updated">
        <Stack>
          <TextInput label="Display name" required {...form.getInputProps('displayName')} />
          <Switch
            label="Enabled"
            description="A disabled realm issues no tokens, and those it issued are void meanwhile"
            {...form.getInputProps('enabled', { type: 'checkbox' })}
          />
        </Stack>
      </ChangeForm>
    </Dialog>
  );
}
