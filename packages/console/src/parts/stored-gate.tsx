import { Alert, Checkbox, Text } from '@mantine/core';
import { useEffect, useState } from 'react';

type Gate = {
  readonly stored: boolean;
  readonly warned: boolean;
  readonly setStored: (stored: boolean) => void;
  /** Closes when what is shown has been stored; says what is missing before that. */
  readonly guard: (close: () => void) => () => void;
};

/** Something is shown this once: whoever leaves says first that it is stored. */
export function useStoredGate(shown: boolean): Gate {
  const [stored, setStored] = useState(false);
  const [warned, setWarned] = useState(false);
  const open = shown && !stored;
  useEffect(() => {
    if (!open) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [open]);
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
      It is shown this once: only its digest is kept.
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
