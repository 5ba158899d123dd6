import { Alert, Button, FileButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Answer, Body } from '@tessera/server/contract';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { CopyBlock } from '../parts/copy-text.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { tell } from '../parts/notify.ts';
import { Refused } from '../parts/refused.tsx';
import { useSaving } from '../parts/use-saving.ts';
import { Differences } from './differences.tsx';

type File = Body<'importRealm'>['file'];
type Applied = Answer<'importRealm'>;

/** A file becomes a realm: looked at first, then made, all of it or nothing. */
export function ImportDialog({
  opened,
  onClose,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  const forget = useForget();
  const form = useForm({ initialValues: { name: '' } });
  const { busy, error, save, clear } = useSaving(form);
  const [file, setFile] = useState<File>();
  const [unreadable, setUnreadable] = useState(false);
  const [outcome, setOutcome] = useState<Applied>();
  const end = () => {
    form.reset();
    clear();
    setFile(undefined);
    setOutcome(undefined);
    setUnreadable(false);
    onClose();
  };
  const read = async (chosen: globalThis.File | null) => {
    if (chosen === null) return;
    setOutcome(undefined);
    try {
      const value = JSON.parse(await chosen.text()) as File;
      setFile(value);
      setUnreadable(false);
      form.setFieldValue('name', value.realm.name);
    } catch {
      setFile(undefined);
      setUnreadable(true);
    }
  };
  const send = (dryRun: boolean) =>
    save(async () => {
      if (file === undefined) return;
      const { name } = form.values;
      setOutcome(await call('importRealm', { body: { file, name, dryRun } }));
      if (dryRun) return;
      await forget();
      tell(`${name} imported`);
    });
  const applied = outcome?.applied === true;
  return (
    <Dialog
      opened={opened}
      onClose={end}
      title="Import a realm"
      size="xl"
      closeOnClickOutside={false}
    >
      <Stack>
        <Refused error={error} />
        {unreadable && (
          <Alert color="red" role="alert" title="The file cannot be read">
            Choose a realm file in JSON, as Export writes it.
          </Alert>
        )}
        {!applied && (
          <Group align="flex-end">
            <FileButton accept=".json,application/json" onChange={read}>
              {(props) => (
                <Button variant="default" {...props}>
                  Choose a file
                </Button>
              )}
            </FileButton>
            {file !== undefined && (
              <TextInput label="Name of the realm" required {...form.getInputProps('name')} />
            )}
          </Group>
        )}
        {outcome !== undefined && <Differences answer={outcome} />}
        {applied && outcome.secrets.length > 0 && (
          <Alert color="yellow" title="Secrets of the new clients, shown this once">
            <CopyBlock what="the secrets" value={JSON.stringify(outcome.secrets, null, 2)} />
          </Alert>
        )}
        <Group justify="flex-end">
          {applied ? (
            <Button onClick={end}>Done</Button>
          ) : (
            <>
              <Button
                variant="default"
                disabled={file === undefined}
                loading={busy}
                onClick={() => void send(true)}
              >
                Try
              </Button>
              <Button
                disabled={outcome === undefined}
                loading={busy}
                onClick={() => void send(false)}
              >
                Create realm
              </Button>
            </>
          )}
        </Group>
        {!applied && outcome === undefined && (
          <Text size="sm" c="dimmed">
            Nothing is made before you have seen what it would be.
          </Text>
        )}
      </Stack>
    </Dialog>
  );
}
