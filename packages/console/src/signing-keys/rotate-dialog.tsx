import { Button, Group, Radio, Select, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { SIGNING_ALGORITHMS } from '../parts/labels.ts';
import { tell } from '../parts/notify.ts';
import { Refused } from '../parts/refused.tsx';
import { useSaving } from '../parts/use-saving.ts';

type Algorithm = (typeof SIGNING_ALGORITHMS)[number];

/** A new key ahead of its time: published first, or signing at once. */
export function RotateDialog({
  opened,
  onClose,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  const realm = useRealm();
  const forget = useForget();
  const form = useForm<{ algorithm: Algorithm | null; when: string }>({
    initialValues: { algorithm: null, when: 'ahead' },
  });
  const { busy, error, save, clear } = useSaving(form);
  const { algorithm, when } = form.values;
  const asked = {
    params: { realm },
    body: { ...(algorithm !== null && { algorithm }), immediately: when === 'now' },
  };
  const end = () => {
    form.reset();
    clear();
    onClose();
  };
  return (
    <Dialog opened={opened} onClose={end} title="Rotate a signing key">
      <form
        onSubmit={form.onSubmit(async () => {
          const done = await save(async () => {
            await call('rotateSigningKey', asked);
            await forget();
          });
          if (!done) return;
          tell(when === 'now' ? 'A new key signs' : 'A new key is published');
          end();
        })}
      >
        <Stack>
          <Refused error={error} />
          <Select
            label="Algorithm"
            placeholder="That of the realm"
            data={[...SIGNING_ALGORITHMS]}
            clearable
            {...form.getInputProps('algorithm')}
          />
          <Radio.Group label="The new key signs" {...form.getInputProps('when')}>
            <Stack gap="xs" mt="xs">
              <Radio
                value="ahead"
                label="In an hour"
                description="It is published now, so that every API has it by then. No request fails."
              />
              <Radio
                value="now"
                label="At once"
                description="APIs whose copy of the key set is old may refuse new tokens for up to an hour."
              />
            </Stack>
          </Radio.Group>
          <Group justify="space-between">
            <AsCommand name="rotateSigningKey" asked={asked} />
            <Button type="submit" loading={busy}>
              Rotate
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
