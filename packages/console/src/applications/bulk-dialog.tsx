import { Button, Group, ScrollArea, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { formatCommand } from '../api/format-command.ts';
import { describeError, ProblemError } from '../api/problem.ts';
import { useForget } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { applyEach, type Outcome } from '../parts/apply-each.ts';
import { CopyBlock } from '../parts/copy-text.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { OutcomeProgress, OutcomeRow } from '../parts/outcomes.tsx';
import type { Summary } from './summary.ts';

/** Rows that are shown; all of them are changed. */
const SHOWN = 200;

/** Asks before many clients are enabled or disabled; then says row by row what became of it. */
export function BulkDialog({
  summaries: given,
  enabled,
  onClose,
}: {
  readonly summaries: readonly Summary[];
  readonly enabled: boolean;
  /** With those that are done. */
  readonly onClose: (done: readonly Summary[]) => void;
}) {
  const realm = useRealm();
  const forget = useForget();
  // What is being changed does not change with the list behind it.
  const [summaries] = useState(given);
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [state, setState] = useState<'asking' | 'busy' | 'finished'>('asking');
  const [commands, setCommands] = useState(false);
  const changing = summaries.filter((summary) => summary.enabled !== enabled);
  const same = summaries.length - changing.length;
  const done = summaries.filter(({ id }) => outcomes.get(id)?.state === 'done');
  const failed = outcomes.size - done.length;
  const verb = enabled ? 'Enable' : 'Disable';
  const write = ({ clientId, clientRevision }: Summary) => ({
    params: { realm, clientId },
    revision: clientRevision,
    body: { enabled },
  });
  const apply = async () => {
    setState('busy');
    await applyEach(
      changing,
      (summary) => call('updateClient', write(summary)),
      ({ id }, outcome) => setOutcomes((known) => new Map(known).set(id, outcome)),
      (error) =>
        error instanceof ProblemError && error.reason === 'revision_stale'
          ? 'Somebody changed it meanwhile. Nothing was changed here; look at it and try again.'
          : describeError(error).text,
    );
    await forget();
    setState('finished');
  };
  const close = () => {
    if (state !== 'busy') onClose(done);
  };
  return (
    <Dialog
      opened
      onClose={close}
      size="lg"
      title={`${verb} ${count(changing.length)}`}
      closeOnClickOutside={state === 'asking'}
      closeOnEscape={state !== 'busy'}
    >
      <Stack>
        {state === 'asking' ? (
          <Text size="sm">
            {enabled
              ? 'Their clients get tokens again.'
              : 'Their clients get no more tokens, and those that they have are void until they are enabled again. Nothing is deleted.'}
            {same > 0 &&
              ` ${count(same)} of the selection ${same === 1 ? 'is' : 'are'} so already.`}
          </Text>
        ) : (
          <OutcomeProgress
            total={changing.length}
            outcomes={outcomes.values()}
            told={
              state === 'busy'
                ? undefined
                : failed === 0
                  ? `${enabled ? 'Enabled' : 'Disabled'}: ${count(done.length)}.`
                  : `${count(done.length)} done, ${failed.toLocaleString()} not. Those stay selected.`
            }
          />
        )}
        <ScrollArea.Autosize mah={360}>
          <Stack
            gap="xs"
            component="ul"
            p={0}
            m={0}
            style={{ listStyle: 'none' }}
            aria-label="Applications to change"
          >
            {changing.slice(0, SHOWN).map((summary) => (
              <OutcomeRow key={summary.id} name={summary.name} outcome={outcomes.get(summary.id)}>
                <Text size="xs" c="dimmed" ff="monospace">
                  {summary.clientId}
                </Text>
              </OutcomeRow>
            ))}
          </Stack>
        </ScrollArea.Autosize>
        {changing.length > SHOWN && (
          <Text size="sm" c="dimmed">
            … and {(changing.length - SHOWN).toLocaleString()} more.
          </Text>
        )}
        {commands && state === 'asking' && (
          <CopyBlock
            what="the commands"
            value={changing
              .slice(0, SHOWN)
              .map((summary) =>
                (formatCommand('updateClient', write(summary)) ?? '').replaceAll(' \\\n  ', ' '),
              )
              .join('\n')}
          />
        )}
        <Group justify="space-between">
          {state === 'asking' ? (
            <Button variant="subtle" color="gray" onClick={() => setCommands(!commands)}>
              {commands ? 'Hide commands' : 'As commands'}
            </Button>
          ) : (
            <span />
          )}
          <Group gap="xs">
            {state === 'asking' && (
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
            )}
            {state === 'finished' ? (
              <Button onClick={close} data-autofocus>
                Close
              </Button>
            ) : (
              <Button
                onClick={apply}
                loading={state === 'busy'}
                disabled={changing.length === 0}
                data-autofocus
              >
                {verb}
              </Button>
            )}
          </Group>
        </Group>
      </Stack>
    </Dialog>
  );
}

const count = (number: number): string =>
  `${number.toLocaleString()} ${number === 1 ? 'application' : 'applications'}`;
