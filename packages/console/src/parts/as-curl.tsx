import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { CodeIcon } from '@radix-ui/react-icons';
import type { RouteName } from '@tessera/server/contract';
import { type Asked, describeRequest } from '../api/call.ts';
import { CopyBlock } from './copy-text.tsx';
import { Dialog } from './dialog.tsx';

/** The same thing without the console: what a form would send, to paste into a terminal. */
export function AsCurl<Name extends RouteName>({
  name,
  asked,
}: {
  readonly name: Name;
  readonly asked: Asked<Name>;
}) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="subtle" color="gray" leftSection={<CodeIcon />} onClick={open}>
        As curl
      </Button>
      <Dialog opened={opened} onClose={close} title="The same with curl" size="lg">
        <Stack>
          <Text size="sm">
            With a token of a client in the root realm that holds the scope for it. Secrets and
            passwords are left out.
          </Text>
          <CopyBlock what="the command" value={formatCurl(name, asked)} />
        </Stack>
      </Dialog>
    </>
  );
}

const SECRETS: ReadonlySet<string> = new Set([
  'password',
  'secret',
  'currentPassword',
  'newPassword',
]);

function formatCurl<Name extends RouteName>(name: Name, asked: Asked<Name>): string {
  const { method, address } = describeRequest(name, asked);
  const lines = [
    `curl --request ${method} '${window.location.origin}${address}'`,
    `--header "Authorization: Bearer $TESSERA_TOKEN"`,
  ];
  if (asked.revision !== undefined) lines.push(`--header 'If-Match: "${asked.revision}"'`);
  if (asked.body !== undefined) {
    const body = JSON.stringify(
      asked.body,
      (key, value: unknown) => (SECRETS.has(key) && typeof value === 'string' ? '…' : value),
      2,
    );
    lines.push(
      `--header 'Content-Type: application/json'`,
      `--data '${body.replaceAll("'", "'\\''")}'`,
    );
  }
  return lines.join(' \\\n  ');
}
