import { Button, Group, Stack } from '@mantine/core';
import type { RouteName } from '@tessera/server/contract';
import { type ReactNode, useState } from 'react';
import { type Asked, call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { AsCommand } from './as-command.tsx';
import { tell } from './notify.ts';
import { Refused } from './refused.tsx';
import type { ChangeForm as Form } from './use-change-form.ts';
import { useSaving } from './use-saving.ts';

/**
 * A form that changes something that is there: what was refused above it, the same as a command
 * and the button below it. It is keyed by what it changes, so that another starts afresh.
 */
export function ChangeForm<Name extends RouteName, Values extends object>({
  form,
  name,
  asked,
  told,
  onSaved,
  label = 'Save',
  ready = true,
  children,
}: {
  readonly form: Form<Values>;
  readonly name: Name;
  readonly asked: Asked<Name>;
  /** Said when it is done. */
  readonly told: string;
  readonly onSaved?: () => void;
  readonly label?: string;
  /** Whether what was typed can be sent at all. */
  readonly ready?: boolean;
  readonly children: ReactNode;
}) {
  const forget = useForget();
  const { busy, error, save, clear } = useSaving(form);
  const [reloading, setReloading] = useState(false);
  return (
    <form
      onSubmit={form.onSubmit(async () => {
        await save(async () => {
          await call(name, asked);
          form.resetDirty();
          await forget();
          tell(told);
          onSaved?.();
        });
      })}
    >
      <Stack>
        <Refused
          error={error}
          reload={async () => {
            setReloading(true);
            await forget();
            form.rebase();
            setReloading(false);
            clear();
          }}
        />
        {children}
        <Group justify="space-between">
          <AsCommand name={name} asked={asked} />
          <Button
            type="submit"
            loading={busy || reloading || form.rebasing}
            disabled={!form.isDirty() || !ready}
          >
            {label}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
