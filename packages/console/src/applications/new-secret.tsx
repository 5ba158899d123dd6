import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { OverlapChoice } from '../credentials/overlap-choice.tsx';
import { AsCommand } from '../parts/as-command.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Refused } from '../parts/refused.tsx';
import { useStoredGate } from '../parts/stored-gate.tsx';
import { useSaving } from '../parts/use-saving.ts';
import { SecretReveal } from './secret-reveal.tsx';
import type { Shown } from './shown.ts';

export type SecretKind = 'rotate' | 'set';

type Made = { readonly secret: string; readonly note: string | null };

const TITLES = {
  rotate: ['Reset the secret', 'Client secret reset'],
  set: ['Set secret', 'Client secret set'],
} as const;

const DAY = 86_400;

/** Another secret: one that is made here, which replaces the earlier ones, or one that a person chose. */
export function NewSecret({
  kind,
  onClose,
  client,
}: {
  /** undefined: the dialog is closed. */
  readonly kind: SecretKind | undefined;
  readonly onClose: () => void;
  readonly client: Shown['client'];
}) {
  const [made, setMade] = useState<Made>();
  const gate = useStoredGate(made !== undefined);
  const end = gate.guard(() => {
    setMade(undefined);
    onClose();
  });
  const [asking, done] = TITLES[kind ?? 'rotate'];
  return (
    <Dialog
      opened={kind !== undefined}
      onClose={end}
      title={made === undefined ? asking : done}
      size="lg"
      closeOnClickOutside={made === undefined}
    >
      {made === undefined ? (
        <Form kind={kind ?? 'rotate'} client={client} onCancel={end} onMade={setMade} />
      ) : (
        <Stack>
          <SecretReveal
            clientId={client.clientId}
            secret={made.secret}
            note={made.note}
            scopes={client.scopes}
            gate={gate}
          />
          <Group justify="flex-end">
            <Button onClick={end} disabled={!gate.stored}>
              Done
            </Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}

function Form({
  kind,
  client: { realm, clientId },
  onCancel,
  onMade,
}: {
  readonly kind: SecretKind;
  readonly client: Shown['client'];
  readonly onCancel: () => void;
  readonly onMade: (made: Made) => void;
}) {
  const params = { realm, clientId };
  const forget = useForget();
  const [overlap, setOverlap] = useState<number | undefined>(DAY);
  const form = useForm({ initialValues: { secret: '', label: '' } });
  const { busy, error, save } = useSaving(form);
  const { secret, label } = form.values;
  const chosen = { params, body: { secret, label } } as const;
  const rotation = { params, body: { overlap: overlap ?? 0, label } } as const;
  return (
    <form
      onSubmit={form.onSubmit(async () => {
        await save(async () => {
          const answer =
            kind === 'set' ? await call('addSecret', chosen) : await call('rotateSecret', rotation);
          await forget();
          onMade(answer);
        });
      })}
    >
      <Stack>
        <Refused error={error} />
        {kind === 'set' ? (
          <PasswordInput
            label="Client Secret"
            description="8 characters at least. Earlier secrets go on working."
            required
            autoComplete="new-password"
            data-autofocus
            {...form.getInputProps('secret')}
          />
        ) : (
          <OverlapChoice
            label="Earlier secrets go on working"
            description="Long enough to give the new one to every machine: no request fails meanwhile."
            initial={DAY}
            onChange={setOverlap}
          />
        )}
        <TextInput
          label="Label"
          description="Tells it from the others, such as the machine that has it"
          {...form.getInputProps('label')}
        />
        <Group justify="space-between">
          {kind === 'set' ? (
            <AsCommand name="addSecret" asked={chosen} />
          ) : (
            <AsCommand name="rotateSecret" asked={rotation} />
          )}
          <Group>
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              {kind === 'set' ? 'Set secret' : 'Reset'}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
