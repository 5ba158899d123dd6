import { Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { call } from '../api/call.ts';
import { useAnswer, useForget } from '../api/use-answer.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Refused } from '../parts/refused.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { useSaving } from '../parts/use-saving.ts';
import { Step } from './step.tsx';

const NEW = '';

/** In which realm machines will be; made here when there is none but the root. */
export function RealmStep({ onNext }: { readonly onNext: (realm: string) => void }) {
  const realms = useAnswer('listRealms', { query: { limit: 50 } });
  return (
    <Step
      title="The realm"
      text="A realm is a tenant: its own issuer, clients, keys and users. The root realm is for administrators, so machines get one of their own."
    >
      {realms.isPending && <Loading what="the realms" />}
      {realms.isError && <Failed error={realms.error} retry={realms.refetch} />}
      {realms.data !== undefined && <Choice realms={realms.data.items} onNext={onNext} />}
    </Step>
  );
}

function Choice({
  realms,
  onNext,
}: {
  readonly realms: readonly { readonly name: string; readonly displayName: string }[];
  readonly onNext: (realm: string) => void;
}) {
  const forget = useForget();
  const first = realms.find(({ name }) => name !== 'root')?.name;
  const form = useForm({
    initialValues: { realm: first ?? NEW, name: first === undefined ? 'alpha' : '' },
  });
  const { busy, error, save } = useSaving(form);
  const { realm, name } = form.values;
  const body = { name };
  return (
    <form
      onSubmit={form.onSubmit(async () => {
        if (realm !== NEW) return onNext(realm);
        await save(async () => {
          await call('createRealm', { body });
          await forget();
          onNext(name);
        });
      })}
    >
      <Stack>
        <Refused error={error} />
        <Radio.Group aria-label="Realm" {...form.getInputProps('realm')}>
          <Stack gap="xs">
            <Radio value={NEW} label="A new one" />
            {realms.map((one) => (
              <Radio
                key={one.name}
                value={one.name}
                label={one.displayName === one.name ? one.name : `${one.displayName} (${one.name})`}
              />
            ))}
          </Stack>
        </Radio.Group>
        {realm === NEW && (
          <TextInput
            label="Name of the realm"
            description="Small letters, digits and hyphens. It is part of the issuer."
            required
            maw={360}
            {...form.getInputProps('name')}
          />
        )}
        <Group justify="space-between">
          {realm === NEW ? <AsCommand name="createRealm" asked={{ body }} /> : <span />}
          <Button type="submit" loading={busy}>
            {realm === NEW ? 'Make this realm' : 'Use this realm'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
