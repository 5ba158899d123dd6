import { Button, Group, Stack } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Answer } from '@tessera/server/contract';
import { type ReactNode, useState } from 'react';
import { useRealm } from '../frame/use-realm.ts';
import { CopyLine } from '../parts/copy-text.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { useStoredGate } from '../parts/stored-gate.tsx';
import { SecretReveal } from './secret-reveal.tsx';

export type Created = Answer<'createApplication'>;

/** Makes an application, whichever way it asks for it, and then shows its secret, this once. */
export function CreationDialog({
  opened,
  onClose,
  title,
  size,
  children,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly size: 'lg' | 'xl';
  readonly children: (onCreated: (created: Created) => void) => ReactNode;
}) {
  const realm = useRealm();
  const [created, setCreated] = useState<Created>();
  const gate = useStoredGate(created?.secret != null);
  const end = gate.guard(() => {
    setCreated(undefined);
    onClose();
  });
  const waits = created?.secret != null && !gate.stored;
  return (
    <Dialog
      opened={opened}
      onClose={end}
      title={created === undefined ? title : `${created.name} is ready`}
      size={size}
      closeOnClickOutside={false}
    >
      {created === undefined ? (
        children(setCreated)
      ) : (
        <Stack>
          {created.secret === null ? (
            <CopyLine label="Client ID" value={created.clientId} />
          ) : (
            <SecretReveal
              clientId={created.clientId}
              secret={created.secret.secret}
              note={created.secret.note}
              scopes={created.client.scopes}
              gate={gate}
            />
          )}
          <Group justify="flex-end">
            <Button
              variant="default"
              disabled={waits}
              renderRoot={(props) => (
                <Link
                  to="/realms/$realm/applications/$applicationId"
                  params={{ realm, applicationId: created.id }}
                  search={{ tab: 'sign-on' }}
                  {...props}
                />
              )}
            >
              To the application
            </Button>
            <Button disabled={waits} onClick={end}>
              Done
            </Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}
