import { Alert, Checkbox, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';

export type Gate = {
  readonly stored: boolean;
  readonly warned: boolean;
  readonly setStored: (stored: boolean) => void;
  /** Closes when what is shown has been stored; says what is missing before that. */
  readonly guard: (close: () => void) => () => void;
};

/**
 * Something is shown this once: whoever leaves says first that it is stored. Another screen, the way
 * back and the end of the tab are ways to leave as well.
 */
export function useStoredGate(shown: boolean): Gate {
  const [stored, setStored] = useState(false);
  const [warned, setWarned] = useState(false);
  const open = shown && !stored;
  useBlocker({
    disabled: !open,
    enableBeforeUnload: open,
    shouldBlockFn: () => {
      setWarned(true);
      return true;
    },
  });
  return {
    stored,
    warned: warned && open,
    setStored,
    guard: (close) => () => {
      if (open) {
        setWarned(true);
        return;
      }
      setStored(false);
      setWarned(false);
      close();
    },
  };
}

export const StoredGate = ({ gate }: { readonly gate: Gate }) => (
  <>
    <Text size="sm" c="dimmed">
      It is shown this once: nobody can look it up again.
    </Text>
    {gate.warned && (
      <Alert
        color="yellow"
        role="alert"
        title="Not stored yet"
        styles={{ title: { color: 'var(--mantine-color-text)' } }}
      >
        Nobody can show it again. Copy or download it, and say so below.
      </Alert>
    )}
    <Checkbox
      label="I have stored it"
      checked={gate.stored}
      onChange={({ currentTarget }) => gate.setStored(currentTarget.checked)}
    />
  </>
);
