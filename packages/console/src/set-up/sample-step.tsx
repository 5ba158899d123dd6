import { Button, Group, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Answer } from '@tessera/server/contract';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { suggestClientId } from '../applications/suggest-client-id.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Refused } from '../parts/refused.tsx';
import { useSaving } from '../parts/use-saving.ts';
import { Step } from './step.tsx';

export type Sample = {
  readonly realm: string;
  readonly api: Answer<'createApi'>;
  readonly created: Answer<'createApplication'>;
  readonly scope: string;
};

const SCOPES = [
  { name: 'sample:read', description: 'See what there is' },
  { name: 'sample:write', description: 'Change it' },
] as const;

/** The two sides of a token: who takes it, and who gets it. */
export function SampleStep({
  realm,
  onNext,
}: {
  readonly realm: string;
  readonly onNext: (sample: Sample) => void;
}) {
  const forget = useForget();
  // Made already when what comes after it was refused.
  const [made, setMade] = useState<Answer<'createApi'>>();
  const form = useForm({
    initialValues: {
      identifier: 'https://sample.example.com',
      apiName: 'Sample API',
      name: 'Sample service',
    },
  });
  const { busy, error, save } = useSaving(form);
  const { identifier, apiName, name } = form.values;
  const params = { realm };
  const [{ name: scope }] = SCOPES;
  const apiBody = { identifier, name: apiName, scopes: [...SCOPES] };
  const body = {
    name,
    description: 'Made when this server was set up',
    template: 'service',
    client: { clientId: suggestClientId(name) },
  } as const;
  return (
    <Step
      title="A sample API and a sample application"
      text="An API takes tokens and says what its scopes are. An application is a machine that gets them. Both can be deleted later."
    >
      <form
        onSubmit={form.onSubmit(async () => {
          await save(async () => {
            const api = made ?? (await call('createApi', { params, body: apiBody }));
            setMade(api);
            const created = await call('createApplication', { params, body });
            await call('setClientGrant', {
              params: { realm, clientId: created.clientId, apiId: api.id },
              body: { scopes: [scope], authorizationDetailTypes: [] },
            });
            await forget();
            onNext({ realm, api, created, scope });
          });
        })}
      >
        <Stack>
          <Refused error={error} />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label="Name of the API"
              required
              disabled={made !== undefined}
              {...form.getInputProps('apiName')}
            />
            <TextInput
              label="Audience"
              description="What its tokens say they are for; it need not answer."
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              required
              disabled={made !== undefined}
              {...form.getInputProps('identifier')}
            />
          </SimpleGrid>
          <TextInput
            label="Name of the application"
            description={`Its client id is ${suggestClientId(name)}, and it is granted ${scope}.`}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            required
            {...form.getInputProps('name')}
          />
          <Group justify="space-between">
            <Group gap={0}>
              <AsCommand name="createApplication" asked={{ params, body }} />
            </Group>
            <Button type="submit" loading={busy}>
              Make both
            </Button>
          </Group>
        </Stack>
      </form>
    </Step>
  );
}
