import { Card, NumberInput, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { ChangeForm } from '../parts/change-form.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';
import { usePermission } from '../session/use-session.ts';
import { QuotaReach } from './quota-reach.tsx';
import type { PolicyProps } from './shown.ts';

const QUOTA_WORDS = {
  off: 'Nothing is counted against a quota.',
  observe: 'What is exceeded is told as an event and in metrics. Nothing is refused.',
  enforce: 'Requests beyond a quota are answered with 429 until the hour or day is over.',
} as const;

/** How many tokens each client, and all of them together, may be issued. */
export function QuotaPolicy({ provider }: PolicyProps) {
  const { realm, revision } = provider;
  const mayWrite = usePermission('providers:write');
  const mayUsage = usePermission('usage:read');
  const form = useChangeForm(
    {
      quotaMode: provider.quotaMode,
      tokensPerHour: provider.tokensPerHour ?? ('' as const),
      tokensPerDay: provider.tokensPerDay ?? ('' as const),
      realmTokensPerHour: provider.realmTokensPerHour ?? ('' as const),
      realmTokensPerDay: provider.realmTokensPerDay ?? ('' as const),
    },
    revision,
  );
  const limit = (member: Exclude<keyof typeof form.values, 'quotaMode'>, label: string) => (
    <NumberInput
      label={label}
      placeholder="Any number"
      min={1}
      allowDecimal={false}
      thousandSeparator=","
      readOnly={!mayWrite}
      {...form.getInputProps(member)}
    />
  );
  return (
    <Stack maw={960}>
      <Card withBorder component="section" aria-labelledby="quotas">
        <Title order={2} size="h4" id="quotas" mb="md">
          Quotas of access tokens
        </Title>
        <ChangeForm
          form={form}
          name="updateProvider"
          asked={{ params: { realm }, revision: form.revision, body: form.changed }}
          told="Quotas saved"
        >
          <Stack gap={4} align="flex-start">
            <Text size="sm" fw={600} id="quota-mode">
              When a quota is exceeded
            </Text>
            <SegmentedControl
              aria-labelledby="quota-mode"
              data={[
                { value: 'off', label: 'Off' },
                { value: 'observe', label: 'Observe' },
                { value: 'enforce', label: 'Enforce' },
              ]}
              readOnly={!mayWrite}
              {...form.getInputProps('quotaMode')}
            />
            <Text size="xs" c="dimmed">
              {QUOTA_WORDS[form.values.quotaMode]}
            </Text>
          </Stack>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {limit('tokensPerHour', 'Each client, in an hour')}
            {limit('tokensPerDay', 'Each client, in a day')}
            {limit('realmTokensPerHour', 'All clients together, in an hour')}
            {limit('realmTokensPerDay', 'All clients together, in a day')}
          </SimpleGrid>
          <Text size="xs" c="dimmed">
            Hours and days are those of UTC. A client can have numbers of its own: see Limits of its
            application.
          </Text>
        </ChangeForm>
      </Card>
      {mayUsage && <QuotaReach realm={realm} perDay={form.values.tokensPerDay} />}
    </Stack>
  );
}
