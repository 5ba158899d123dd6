import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type ReactNode, useState } from 'react';
import { useForget } from '../api/use-answer.ts';
import { tell } from '../parts/notify.ts';
import { Refused } from '../parts/refused.tsx';
import { useSaving } from '../parts/use-saving.ts';
import { endAt, type Held, type Of, revoke } from './held.ts';
import { OverlapChoice } from './overlap-choice.tsx';

/**
 * A form that adds a credential and, where there are earlier ones of its kind, says how long these
 * go on working. The new one is there before an earlier one ends.
 */
export function AddCredential({
  of,
  earlier,
  add,
  onAdded,
  command,
  children,
}: {
  readonly of: Of;
  readonly earlier: readonly Held[];
  readonly add: (label: string) => Promise<unknown>;
  readonly onAdded: () => void;
  /** The same in a terminal, with the label that was typed. */
  readonly command: (label: string) => ReactNode;
  readonly children: ReactNode;
}) {
  const forget = useForget();
  const form = useForm({ initialValues: { label: '' } });
  const { busy, error, save } = useSaving(form);
  const [overlap, setOverlap] = useState<number>();
  const active = earlier.filter((held) => held.active);
  return (
    <form
      onSubmit={form.onSubmit(async ({ label }) => {
        await save(async () => {
          await add(label);
          if (overlap !== undefined) {
            const end = Math.floor(Date.now() / 1_000) + overlap;
            for (const held of active) await endOne(held, of, overlap, end);
          }
          await forget();
          tell('Added');
          onAdded();
        });
      })}
    >
      <Stack>
        <Refused error={error} />
        {children}
        <TextInput
          label="Label"
          description="Tells it from the others, such as the machine that has it"
          {...form.getInputProps('label')}
        />
        {active.length > 0 && <OverlapChoice onChange={setOverlap} />}
        <Group justify="space-between">
          <div>{command(form.values.label)}</div>
          <Button type="submit" loading={busy}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What ends sooner by itself is left to that. */
async function endOne(held: Held, of: Of, overlap: number, end: number): Promise<void> {
  if (overlap === 0) await revoke(held, of);
  else if (held.expiresAt === null || held.expiresAt > end) await endAt(held, of, end);
}
