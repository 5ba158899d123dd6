import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { describeError } from '../api/problem.ts';
import { Dialog } from './dialog.tsx';

/** Before something that cannot be undone: its name has to be typed. */
export function Confirm({
  opened,
  onClose,
  title,
  text,
  name,
  verb,
  act,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly text: string;
  readonly name: string;
  readonly verb: string;
  readonly act: () => Promise<unknown>;
}) {
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const end = () => {
    setTyped('');
    setError(undefined);
    onClose();
  };
  const go = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await act();
      end();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog opened={opened} onClose={end} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === name) void go();
        }}
      >
        <Stack>
          <Text size="sm">{text}</Text>
          {error !== undefined && (
            <Alert color="red" role="alert" title={describeError(error).title}>
              {describeError(error).text}
            </Alert>
          )}
          <TextInput
            label={`Type ${name} to confirm`}
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={end}>
              Cancel
            </Button>
            <Button type="submit" color="red" disabled={typed !== name} loading={busy}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
