import {
  Anchor,
  Card,
  NumberInput,
  Progress,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { ChangeForm } from '../parts/change-form.tsx';
import { InheritedLabel } from '../parts/inherited.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';
import { usePermission } from '../session/use-session.ts';
import type { Shown } from './shown.ts';

const MODES = { off: 'Off', observe: 'Observe', enforce: 'Enforce' } as const;

/** How many tokens the client may be issued, and for how long one answers again. */
export function LimitsCards({ client }: Pick<Shown, 'client'>) {
  const { realm, clientId, revision } = client;
  const mayWrite = usePermission('clients:write');
  const mayProvider = usePermission('providers:read');
  const { data: provider } = useAnswer(
    'findProvider',
    { params: { realm } },
    { enabled: mayProvider },
  );
  const form = useChangeForm(
    {
      quotaMode: client.quotaMode ?? ('' as const),
      tokensPerHour: client.tokensPerHour ?? ('' as const),
      tokensPerDay: client.tokensPerDay ?? ('' as const),
      tokenReuseSeconds: client.tokenReuseSeconds ?? ('' as const),
    },
    revision,
  );
  const above = (value: string | undefined) =>
    value === undefined ? 'As the realm has it' : `As the realm has it: ${value}`;
  const limitOf = (value: number | null | undefined) =>
    value === undefined ? undefined : value === null ? 'any number' : value.toLocaleString();
  const number = (
    member: Exclude<keyof typeof form.values, 'quotaMode'>,
    label: string,
    inherited: string | undefined,
    max?: number,
  ) => (
    <NumberInput
      label={<InheritedLabel inherited={form.values[member] === ''}>{label}</InheritedLabel>}
      placeholder={above(inherited)}
      min={member === 'tokenReuseSeconds' ? 0 : 1}
      {...(max !== undefined && { max })}
      allowDecimal={false}
      thousandSeparator=","
      readOnly={!mayWrite}
      {...form.getInputProps(member)}
    />
  );
  return (
    <>
      <Card withBorder component="section" aria-labelledby="limits">
        <Title order={2} size="h4" id="limits">
          Limits
        </Title>
        <Text size="sm" c="dimmed" mb="md">
          How many access tokens it may be issued. What is empty is as the{' '}
          {mayProvider ? (
            <Anchor
              size="sm"
              underline="always"
              renderRoot={(props) => (
                <Link
                  to="/realms/$realm/policies"
                  params={{ realm }}
                  search={{ tab: 'quotas' }}
                  {...props}
                />
              )}
            >
              realm
            </Anchor>
          ) : (
            'realm'
          )}{' '}
          has it.
        </Text>
        <ChangeForm
          form={form}
          name="updateClient"
          asked={{ params: { realm, clientId }, revision: form.revision, body: form.changed }}
          told="Limits saved"
        >
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {number('tokensPerHour', 'Tokens in an hour', limitOf(provider?.tokensPerHour))}
            {number('tokensPerDay', 'Tokens in a day', limitOf(provider?.tokensPerDay))}
            <Select
              label={
                <InheritedLabel inherited={form.values.quotaMode === ''}>
                  When it is exceeded
                </InheritedLabel>
              }
              data={[
                { value: '', label: above(provider && MODES[provider.quotaMode]) },
                ...Object.entries(MODES).map(([value, label]) => ({ value, label })),
              ]}
              allowDeselect={false}
              readOnly={!mayWrite}
              {...form.getInputProps('quotaMode')}
            />
            {number(
              'tokenReuseSeconds',
              'One token answers again for (seconds)',
              provider?.tokenReuseSeconds.toLocaleString(),
              300,
            )}
          </SimpleGrid>
        </ChangeForm>
      </Card>
      <Left client={client} />
    </>
  );
}

/** What is left of the quotas that hold now. */
function Left({ client: { realm, clientId } }: Pick<Shown, 'client'>) {
  const usage = useAnswer(
    'listUsageOfClient',
    { params: { realm, clientId }, query: { by: 'hour' } },
    { refetchInterval: 15_000 },
  );
  const quotas = usage.data?.quotas ?? [];
  if (quotas.length === 0) return null;
  return (
    <Card withBorder component="section" aria-labelledby="quotas-now">
      <Title order={2} size="h4" id="quotas-now" mb="md">
        Used so far
      </Title>
      <Stack gap="md">
        {quotas.map(({ of, span, mode, limit, issued }) => (
          <div key={`${of} ${span}`}>
            <Text size="sm" mb={4}>
              {of === 'client' ? 'This client' : 'All clients of the realm'}, this {span}:{' '}
              <b>{issued.toLocaleString()}</b> of {limit.toLocaleString()}
              {mode === 'observe' && ' (observed only)'}
            </Text>
            <Progress
              value={Math.min(100, (issued / limit) * 100)}
              color={issued >= limit ? 'red' : issued > limit * 0.8 ? 'orange' : 'indigo'}
              aria-label={`Used of the quota for this ${span}`}
            />
          </div>
        ))}
      </Stack>
    </Card>
  );
}
