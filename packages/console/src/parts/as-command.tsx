import { Button, Stack, Tabs, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { CodeIcon } from '@radix-ui/react-icons';
import type { RouteName } from '@tessera/server/contract';
import type { Asked } from '../api/call.ts';
import { formatCommand, formatCurl } from '../api/format-command.ts';
import { CopyBlock } from './copy-text.tsx';
import { Dialog } from './dialog.tsx';

type Step = { readonly command: () => string | undefined; readonly curl: () => string };

export const stepOf = <Name extends RouteName>(name: Name, asked: Asked<Name>): Step => ({
  command: () => formatCommand(name, asked),
  curl: () => formatCurl(name, asked),
});

/** The same thing without the console: what a form would send, to paste into a terminal. */
export function AsCommand<Name extends RouteName>({
  name,
  asked,
  then,
}: {
  readonly name: Name;
  readonly asked: Asked<Name>;
  /** What the form sends after it. */
  readonly then?: Step;
}) {
  const [opened, { open, close }] = useDisclosure();
  const steps = opened ? [stepOf(name, asked), ...(then === undefined ? [] : [then])] : [];
  const commands = steps.map((step) => step.command());
  const command = opened && !commands.includes(undefined) ? commands.join('\n\n') : undefined;
  const curl = steps.map((step) => step.curl()).join('\n\n');
  return (
    <>
      <Button variant="subtle" color="gray" leftSection={<CodeIcon />} onClick={open}>
        As a command
      </Button>
      <Dialog opened={opened} onClose={close} title="The same in a terminal" size="lg">
        <Tabs defaultValue={command === undefined ? 'curl' : 'tessera'}>
          <Tabs.List aria-label="Kinds of command" mb="md">
            {command !== undefined && <Tabs.Tab value="tessera">tessera</Tabs.Tab>}
            <Tabs.Tab value="curl">curl</Tabs.Tab>
          </Tabs.List>
          {command !== undefined && (
            <Tabs.Panel value="tessera">
              <Stack>
                <Text size="sm">
                  After <code>tessera login --server {window.location.origin}</code>. Secrets and
                  passwords are left out.
                </Text>
                <CopyBlock what="the command" value={command} />
              </Stack>
            </Tabs.Panel>
          )}
          <Tabs.Panel value="curl">
            <Stack>
              <Text size="sm">
                With a token of a client in the root realm that holds the scope for it. Secrets and
                passwords are left out.
              </Text>
              <CopyBlock what="the request" value={curl} />
            </Stack>
          </Tabs.Panel>
        </Tabs>
      </Dialog>
    </>
  );
}
