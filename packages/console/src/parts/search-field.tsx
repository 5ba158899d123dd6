import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { MagnifyingGlassIcon } from '@radix-ui/react-icons';
import { useState } from 'react';

/** What is typed goes into the address a moment later: a search can be sent to somebody. */
export function SearchField({
  label,
  value,
  onSearch,
}: {
  readonly label: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  const later = useDebouncedCallback(onSearch, 250);
  const change = (next: string): void => {
    setText(next);
    later(next);
  };
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      leftSection={<MagnifyingGlassIcon />}
      rightSection={
        text === '' ? null : <CloseButton size="sm" aria-label="Clear" onClick={() => change('')} />
      }
      value={text}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      maw={420}
    />
  );
}
