import { Badge, Button, Group, ScrollArea, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { formatCommand } from '../api/format-command.ts';
import { useForget } from '../api/use-answer.ts';
import type { Api } from '../apis/shown.ts';
import type { Outcome } from '../parts/apply-each.ts';
import { CopyBlock } from '../parts/copy-text.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { OutcomeProgress, OutcomeRow } from '../parts/outcomes.tsx';
import { applyAll, type Place, writeOf } from './apply.ts';
import type { Difference, Held } from './draft.ts';

/** Rows that are shown; all of them are applied. */
const SHOWN = 200;

/** What would change for whom; then, row by row, what became of it. */
export function ReviewChanges({
  api,
  differences,
  opened,
  onClose,
  onApplied,
}: {
  readonly api: Api;
  readonly differences: readonly Difference[];
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Which clients are done, and what the others hold now. */
  readonly onApplied: (done: ReadonlySet<string>, rows: readonly Held[]) => void;
}) {
  const { realm, id: apiId } = api;
  const forget = useForget();
  const [applied, setApplied] = useState<readonly Difference[]>();
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [busy, setBusy] = useState(false);
  const [commands, setCommands] = useState(false);
  const shown = applied ?? differences;
  const place = { realm, apiId, scopes: api.scopes.map(({ name }) => name) };
  const states = [...outcomes.values()].map(({ state }) => state);
  const failed = states.filter((state) => state === 'failed').length;
  const finished = applied !== undefined && !busy;

  const apply = async () => {
    setApplied(differences);
    setOutcomes(new Map());
    setBusy(true);
    const done = new Set<string>();
    const missed: string[] = [];
    await applyAll(place, differences, (clientId, outcome) => {
      if (outcome.state === 'done') done.add(clientId);
      else missed.push(clientId);
      setOutcomes((known) => new Map(known).set(clientId, outcome));
    });
    // What the rows that failed hold now, so that the next attempt is made over that.
    const rows = (
      await Promise.all(missed.map((clientId) => readHeld(realm, apiId, clientId)))
    ).flat();
    onApplied(done, rows);
    await forget();
    setBusy(false);
  };
  const close = () => {
    if (busy) return;
    setApplied(undefined);
    setOutcomes(new Map());
    setCommands(false);
    onClose();
  };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      size="lg"
      title={finished ? 'What was applied' : `Changes at ${api.name}`}
      closeOnClickOutside={!busy}
    >
      <Stack>
        {applied !== undefined && (
          <OutcomeProgress
            total={applied.length}
            outcomes={outcomes.values()}
            told={
              finished
                ? failed === 0
                  ? `All of it is applied: ${applied.length.toLocaleString()} ${applied.length === 1 ? 'client' : 'clients'}.`
                  : `${(applied.length - failed).toLocaleString()} applied, ${failed.toLocaleString()} not. Those are still marked.`
                : undefined
            }
          />
        )}
        <ScrollArea.Autosize mah={420} type="auto">
          <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
            {shown.slice(0, SHOWN).map((difference) => (
              <Row
                key={difference.held.clientId}
                difference={difference}
                outcome={outcomes.get(difference.held.clientId)}
              />
            ))}
          </Stack>
        </ScrollArea.Autosize>
        {shown.length > SHOWN && (
          <Text size="sm" c="dimmed">
            … and {(shown.length - SHOWN).toLocaleString()} more.
          </Text>
        )}
        {commands && applied === undefined && (
          <CopyBlock
            what="the commands"
            value={differences
              .slice(0, SHOWN)
              .map((one) => commandOf(place, one))
              .join('\n')}
          />
        )}
        <Group justify="space-between">
          {applied === undefined ? (
            <Button variant="subtle" color="gray" onClick={() => setCommands(!commands)}>
              {commands ? 'Hide commands' : 'As commands'}
            </Button>
          ) : (
            <span />
          )}
          {finished ? (
            <Button onClick={close} data-autofocus>
              Close
            </Button>
          ) : (
            <Button onClick={apply} loading={busy} data-autofocus>
              Apply to {shown.length.toLocaleString()} {shown.length === 1 ? 'client' : 'clients'}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

function Row({
  difference: { held, added, removed },
  outcome,
}: {
  readonly difference: Difference;
  readonly outcome: Outcome | undefined;
}) {
  return (
    <OutcomeRow name={held.name} outcome={outcome}>
      <Group gap={4} mt={4}>
        {added.map((scope) => (
          <Badge key={scope} color="teal" variant="light" tt="none" ff="monospace">
            + {scope}
          </Badge>
        ))}
        {removed.map((scope) => (
          <Badge key={scope} color="red" variant="light" tt="none" ff="monospace">
            − {scope}
          </Badge>
        ))}
      </Group>
    </OutcomeRow>
  );
}

/** One client as the list has it now; nothing when it is gone or cannot be read. */
async function readHeld(realm: string, apiId: string, clientId: string): Promise<readonly Held[]> {
  try {
    const { items } = await call('listClientsOfApi', {
      params: { realm, apiId },
      query: { search: clientId, limit: 200 },
    });
    return items.filter((item) => item.clientId === clientId);
  } catch {
    return [];
  }
}

function commandOf(place: Place, difference: Difference): string {
  const write = writeOf(place, difference);
  const command =
    write.name === 'setClientGrant'
      ? formatCommand(write.name, write.asked)
      : formatCommand(write.name, write.asked);
  return (command ?? '').replaceAll(' \\\n  ', ' ');
}
