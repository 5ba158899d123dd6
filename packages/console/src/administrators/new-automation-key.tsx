import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Answer } from '@tessera/server/contract';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { suggestClientId } from '../applications/suggest-client-id.ts';
import { AsCommand, stepOf } from '../parts/as-command.tsx';
import { CopyBlock, CopyLine } from '../parts/copy-text.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Refused } from '../parts/refused.tsx';
import { StoredGate, useStoredGate } from '../parts/stored-gate.tsx';
import { useSaving } from '../parts/use-saving.ts';
import { useSession } from '../session/use-session.ts';
import { ADMIN_API, PermissionChoice } from './permission-choice.tsx';

/** A client that administers, with the permissions chosen: its secret is shown this once. */
export function NewAutomationKey({
  realm,
  opened,
  onClose,
}: {
  readonly realm: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  const [made, setMade] = useState<Answer<'createApplication'>>();
  const gate = useStoredGate(made?.secret != null);
  const end = gate.guard(() => {
    setMade(undefined);
    onClose();
  });
  return (
    <Dialog
      opened={opened}
      onClose={end}
      title={made === undefined ? 'New automation key' : `${made.name} is ready`}
      size="lg"
      closeOnClickOutside={false}
    >
      {made === undefined ? (
        <Form realm={realm} onMade={setMade} />
      ) : (
        <Stack>
          <CopyLine label="Client ID" value={made.clientId} />
          {made.secret !== null && <CopyLine label="Client Secret" value={made.secret.secret} />}
          <Text size="sm" fw={500}>
            On the machine
          </Text>
          <CopyBlock
            what="the command"
            value={[
              `export TESSERA_SERVER=${window.location.origin}`,
              `tessera login --client-id ${made.clientId} --client-secret-file ./secret`,
            ].join('\n')}
          />
          <StoredGate gate={gate} />
          <Group justify="flex-end">
            <Button onClick={end}>Done</Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}

function Form({
  realm,
  onMade,
}: {
  readonly realm: string;
  readonly onMade: (made: Answer<'createApplication'>) => void;
}) {
  const { permissions } = useSession();
  const forget = useForget();
  const form = useForm({
    initialValues: { name: '', scopes: [] as string[] },
    validate: {
      scopes: (value) => (value.length === 0 ? 'Choose one permission at least' : null),
    },
  });
  const { busy, error, save } = useSaving(form);
  const { name, scopes } = form.values;
  const asked = (named: string) => {
    const clientId = suggestClientId(named);
    return {
      params: { realm },
      body: {
        name: named,
        description: 'Administers by itself',
        template: 'service',
        client: { ...(clientId !== '' && { clientId }) },
      },
    } as const;
  };
  return (
    <form
      onSubmit={form.onSubmit(async () => {
        await save(async () => {
          const made = await call('createApplication', asked(name));
          try {
            await call('setClientGrant', {
              params: { realm, clientId: made.clientId, apiId: ADMIN_API },
              body: { scopes },
            });
          } catch (caught) {
            // Without permissions it would be of no use.
            await call('deleteApplication', {
              params: { realm, applicationId: made.id },
              query: { withClient: true },
              revision: made.revision,
            });
            throw caught;
          }
          await forget();
          onMade(made);
        });
      })}
    >
      <Stack>
        <Text size="sm">
          {realm === 'root'
            ? 'It reaches every realm with these permissions, and nothing else.'
            : 'It reaches this realm with these permissions, and nothing else.'}
        </Text>
        <Refused error={error} />
        <TextInput
          label="Name"
          placeholder="Deployment pipeline"
          required
          data-autofocus
          {...form.getInputProps('name')}
        />
        <PermissionChoice
          value={form.values.scopes}
          onChange={(scopes) => form.setFieldValue('scopes', scopes)}
          held={permissions}
        />
        {form.errors['scopes'] !== undefined && (
          <Text size="sm" c="red" role="alert">
            {form.errors['scopes']}
          </Text>
        )}
        <Group justify="space-between">
          <AsCommand
            name="createApplication"
            asked={asked(name)}
            then={stepOf('setClientGrant', {
              params: {
                realm,
                clientId: suggestClientId(name) || 'CLIENT_ID',
                apiId: ADMIN_API,
              },
              body: { scopes },
            })}
          />
          <Button type="submit" loading={busy}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
