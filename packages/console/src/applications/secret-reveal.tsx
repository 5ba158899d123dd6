import { Alert, Button, Group, Stack, Tabs, Text } from '@mantine/core';
import { DownloadIcon } from '@radix-ui/react-icons';
import { useState } from 'react';
import { CopyBlock, CopyLine } from '../parts/copy-text.tsx';
import { download } from '../parts/download.ts';
import { type Gate, StoredGate } from '../parts/stored-gate.tsx';
import { TabRow } from '../parts/tab-row.tsx';
import { secretFilesOf } from './secret-files.ts';
import { type Machine, snippetsOf } from './snippets.ts';
import { TokenTry } from './token-try.tsx';
import { useTokenEndpoint } from './use-token-endpoint.ts';

/**
 * The one time that a secret is shown: to copy it, to take it along as a file, to use it, and to see
 * that it works. Whoever leaves says first that it is stored.
 */
export function SecretReveal({
  clientId,
  secret,
  note = null,
  scopes,
  gate,
}: {
  readonly clientId: string;
  readonly secret: string;
  /** What the server says of a weak one. */
  readonly note?: string | null;
  readonly scopes: readonly string[];
  readonly gate: Gate;
}) {
  const endpoint = useTokenEndpoint();
  const machine =
    endpoint === undefined ? undefined : { endpoint, clientId, secret, scope: scopes.join(' ') };
  return (
    <Stack>
      <CopyLine label="Client ID" value={clientId} />
      <CopyLine label="Client Secret" value={secret} />
      {note !== null && (
        <Alert color="yellow" styles={{ message: { color: 'var(--mantine-color-text)' } }}>
          {note}
        </Alert>
      )}
      {machine !== undefined && (
        <>
          <Downloads machine={machine} />
          <Examples machine={machine} />
          <TokenTry
            endpoint={machine.endpoint}
            clientId={clientId}
            secret={secret}
            scopes={scopes}
          />
        </>
      )}
      <StoredGate gate={gate} />
    </Stack>
  );
}

function Downloads({ machine }: { readonly machine: Machine }) {
  const files = secretFilesOf(machine);
  const missing = files.filter(({ text }) => text === undefined);
  return (
    <Stack gap={4}>
      <Group gap="xs" role="group" aria-label="Download">
        {files.map(({ label, name, text }) => (
          <Button
            key={label}
            size="xs"
            variant="default"
            leftSection={<DownloadIcon />}
            disabled={text === undefined}
            onClick={() => text !== undefined && download(name, text)}
          >
            {label}
          </Button>
        ))}
      </Group>
      {missing.length > 0 && (
        <Text size="xs" c="dimmed">
          Not as {missing.map(({ label }) => label).join(', ')}: programs that read such files do
          not agree on some characters of this secret.
        </Text>
      )}
    </Stack>
  );
}

function Examples({ machine }: { readonly machine: Machine }) {
  const snippets = snippetsOf(machine);
  const [open, setOpen] = useState('curl');
  return (
    <Tabs value={open} onChange={(next) => next !== null && setOpen(next)} keepMounted={false}>
      <TabRow
        label="How to use it"
        tabs={snippets.map(({ name }) => [name, name] as const)}
        open={open}
      />
      {snippets.map(({ name, text, hint }) => (
        <Tabs.Panel key={name} value={name}>
          {hint !== undefined && (
            <Text size="xs" c="dimmed" mb={4}>
              {hint}
            </Text>
          )}
          <CopyBlock value={text} what={`the ${name} example`} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
