import { Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import type { Api } from '../apis/shown.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';
import { usePermission } from '../session/use-session.ts';
import { type Draft, differencesOf, rebase } from './draft.ts';
import { MatrixGrid } from './matrix-grid.tsx';
import { ReviewChanges } from './review-changes.tsx';

const NOTHING: Draft = new Map();

export function PermissionsMatrix({
  api,
  search,
  granted,
}: {
  readonly api: Api;
  readonly search: string;
  readonly granted: boolean;
}) {
  const { realm, id: apiId } = api;
  const mayWrite = usePermission('client-grants:write');
  const list = usePages('listClientsOfApi', {
    params: { realm, apiId },
    query: { search, granted: granted || undefined },
  });
  const [edits, setDraft] = useState(NOTHING);
  const [reviewing, setReviewing] = useState(false);
  const draft = rebase(edits, list.items ?? []);
  const differences = differencesOf(draft);
  const added = differences.reduce((sum, one) => sum + one.added.length, 0);
  const removed = differences.reduce((sum, one) => sum + one.removed.length, 0);
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      differences.length > 0 && current.pathname !== next.pathname,
    enableBeforeUnload: differences.length > 0,
    withResolver: true,
  });
  if (list.isError) return <Failed error={list.error} retry={list.refetch} />;
  if (list.items === undefined) return <Loading what="clients" />;
  return (
    <Stack gap="sm">
      {list.items.length === 0 ? (
        <Empty
          title={search === '' && !granted ? 'No client yet' : 'Nothing found'}
          text={
            search !== ''
              ? `No client ${granted ? 'with access ' : ''}has “${search}” in its name or id.`
              : granted
                ? `No client may call ${api.name} yet. Show all clients, and tick what they may do.`
                : 'An application has a client; create the first one.'
          }
        />
      ) : (
        <MatrixGrid
          label={`Clients and scopes of ${api.name}`}
          rows={list.items}
          scopes={api.scopes}
          draft={draft}
          onEdit={mayWrite ? setDraft : undefined}
        />
      )}
      <Group justify="space-between">
        <ShowMore list={list} />
        {!mayWrite && (
          <Text size="sm" c="dimmed">
            You need the permission client-grants:write to change anything.
          </Text>
        )}
      </Group>
      {differences.length > 0 && (
        <Paper
          withBorder
          shadow="md"
          p="sm"
          role="status"
          style={{ position: 'sticky', bottom: 12, zIndex: 5 }}
        >
          <Group justify="space-between">
            <Group gap="xs">
              <Text size="sm" fw={600}>
                {differences.length === 1
                  ? '1 client changed'
                  : `${differences.length.toLocaleString()} clients changed`}
              </Text>
              {added > 0 && (
                <Badge color="teal" variant="light" tt="none">
                  +{added.toLocaleString()} granted
                </Badge>
              )}
              {removed > 0 && (
                <Badge color="red" variant="light" tt="none">
                  −{removed.toLocaleString()} taken away
                </Badge>
              )}
            </Group>
            <Group gap="xs">
              <Button variant="default" onClick={() => setDraft(NOTHING)}>
                Discard
              </Button>
              <Button onClick={() => setReviewing(true)}>Review changes</Button>
            </Group>
          </Group>
        </Paper>
      )}
      <ReviewChanges
        api={api}
        differences={differences}
        opened={reviewing}
        onClose={() => setReviewing(false)}
        onApplied={(done, rows) =>
          setDraft((edited) =>
            rebase(new Map([...edited].filter(([clientId]) => !done.has(clientId))), rows),
          )
        }
      />
      <Dialog
        opened={leaving.status === 'blocked'}
        onClose={() => leaving.reset?.()}
        title="Leave without applying?"
      >
        <Stack>
          <Text size="sm">What you have ticked here has not been applied, and would be lost.</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => leaving.reset?.()}>
              Stay
            </Button>
            <Button color="red" onClick={() => leaving.proceed?.()}>
              Leave
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Stack>
  );
}
