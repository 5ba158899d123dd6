import { Card, Select, SimpleGrid, Stack, Switch, Text, Title } from '@mantine/core';
import { ChangeForm } from '../parts/change-form.tsx';
import { DurationInput } from '../parts/duration-input.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';
import { Warning } from '../parts/warning.tsx';
import { usePermission } from '../session/use-session.ts';
import type { PolicyProps } from './shown.ts';

const BITS = ['2048', '3072', '4096'] as const;

/** How long a secret may live, and how long an RSA key must be. */
export function CredentialPolicy({ provider }: PolicyProps) {
  const { realm, revision } = provider;
  const mayWrite = usePermission('providers:write');
  const form = useChangeForm(
    {
      secretLifetimeMax: provider.secretLifetimeMax ?? ('' as const),
      secretRotationForced: provider.secretRotationForced,
      rsaKeyBitsMin: String(provider.rsaKeyBitsMin),
    },
    revision,
  );
  const { rsaKeyBitsMin, ...rest } = form.changed;
  const body = {
    ...rest,
    ...(typeof rsaKeyBitsMin === 'string' && { rsaKeyBitsMin: Number(rsaKeyBitsMin) }),
  };
  const { secretLifetimeMax, secretRotationForced } = form.values;
  const bounded = secretLifetimeMax !== '';
  return (
    <Card withBorder maw={760} component="section" aria-labelledby="credential-policy">
      <Title order={2} size="h4" id="credential-policy">
        Credentials of clients
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        Holds for everybody who adds, rotates or registers one: here, by command, by API, and for
        clients that register themselves.
      </Text>
      <ChangeForm
        form={form}
        name="updateProvider"
        asked={{ params: { realm }, revision: form.revision, body }}
        told="Credential policy saved"
      >
        <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'start' }}>
          <DurationInput
            label="A secret lives at most"
            description="Without an expiry of its own, a new secret gets this one. Empty: it may live for ever."
            placeholder="For ever"
            readOnly={!mayWrite}
            {...form.getInputProps('secretLifetimeMax')}
          />
          <Select
            label="RSA keys have at least"
            description="Registered and published keys, and certificates. Shorter ones prove nothing any more."
            data={BITS.map((value) => ({
              value,
              label: `${Number(value).toLocaleString()} bits`,
            }))}
            allowDeselect={false}
            readOnly={!mayWrite}
            {...form.getInputProps('rsaKeyBitsMin')}
          />
        </SimpleGrid>
        <Switch
          label="Secrets that were made before end at that age, too"
          description="Rotation is forced: who does not rotate in time is refused."
          disabled={!mayWrite || !bounded}
          {...form.getInputProps('secretRotationForced', { type: 'checkbox' })}
        />
        {bounded && secretRotationForced && form.isDirty() && (
          <Warning title="Some machines may stop at once">
            <Stack gap={4}>
              <Text size="sm">
                Secrets that are older already are refused from the moment you save. Rotate them
                first, or give a longer life and shorten it later.
              </Text>
            </Stack>
          </Warning>
        )}
      </ChangeForm>
    </Card>
  );
}
