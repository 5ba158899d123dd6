import { Button, FileButton, Group, Stack, Textarea } from '@mantine/core';
import { UploadIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';

/** Text that comes from a file as often as from the clipboard: keys, certificates. */
export const FileText = ({
  label,
  description,
  accept,
  value,
  error,
  onChange,
}: {
  readonly label: string;
  readonly description: string;
  /** Endings of files: `.pem,.crt`. */
  readonly accept: string;
  readonly value: string;
  readonly error?: ReactNode;
  /** `fileName`: it was read from a file of this name. */
  readonly onChange: (text: string, fileName?: string) => void;
}) => (
  <Stack gap="xs">
    <Textarea
      label={label}
      description={description}
      required
      autosize
      minRows={5}
      maxRows={12}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      value={value}
      error={error}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
    <FileButton
      accept={accept}
      onChange={async (file) => file !== null && onChange(await file.text(), file.name)}
    >
      {(props) => (
        <Group>
          <Button {...props} variant="default" size="xs" leftSection={<UploadIcon />}>
            Upload a file
          </Button>
        </Group>
      )}
    </FileButton>
  </Stack>
);
