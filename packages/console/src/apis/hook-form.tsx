import {
  Card,
  NumberInput,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { ChangeForm } from '../parts/change-form.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';
import { usePermission } from '../session/use-session.ts';
import type { Api } from './shown.ts';

/** Who is asked for claims that are only known when a token is issued. */
export function HookForm({ api }: { readonly api: Api }) {
  const { realm, id: apiId, revision, claimsHook } = api;
  const mayWrite = usePermission('apis:write');
  const form = useChangeForm(
    {
      url: claimsHook?.url ?? '',
      timeoutMilliseconds: claimsHook?.timeoutMilliseconds ?? 500,
      onFailure: claimsHook?.onFailure ?? ('refuse' as const),
      cacheSeconds: claimsHook?.cacheSeconds ?? 60,
    },
    revision,
  );
  const { url, onFailure } = form.values;
  const body = { claimsHook: url.trim() === '' ? null : form.values };
  return (
    <Card withBorder component="section" aria-labelledby="claims-hook">
      <Title order={2} size="h4" id="claims-hook">
        Claims hook
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        A service of yours that is asked, by a signed request, for claims that are only known when a
        token is issued.
      </Text>
      <ChangeForm
        form={form}
        name="updateApi"
        asked={{ params: { realm, apiId }, revision: form.revision, body }}
        told="Claims hook saved"
      >
        <TextInput
          label="URL"
          description="By https. Empty: nobody is asked."
          placeholder="https://claims.example.com/orders"
          type="url"
          readOnly={!mayWrite}
          {...form.getInputProps('url')}
        />
        <SimpleGrid cols={{ base: 1, sm: 3 }} style={{ alignItems: 'start' }}>
          <NumberInput
            label="Time limit (milliseconds)"
            min={50}
            max={5_000}
            allowDecimal={false}
            readOnly={!mayWrite}
            {...form.getInputProps('timeoutMilliseconds')}
          />
          <NumberInput
            label="An answer is used for (seconds)"
            min={0}
            max={3_600}
            allowDecimal={false}
            readOnly={!mayWrite}
            {...form.getInputProps('cacheSeconds')}
          />
          <Stack gap={4}>
            <Text size="sm" fw={600} id="when-it-fails">
              When it does not answer
            </Text>
            <SegmentedControl
              aria-labelledby="when-it-fails"
              data={[
                { value: 'refuse', label: 'No token' },
                { value: 'omit', label: 'Leave out' },
              ]}
              readOnly={!mayWrite}
              {...form.getInputProps('onFailure')}
            />
            <Text size="xs" c="dimmed">
              {onFailure === 'refuse'
                ? 'Requests are answered with 503 until it answers again.'
                : 'Tokens are issued without its claims.'}
            </Text>
          </Stack>
        </SimpleGrid>
      </ChangeForm>
    </Card>
  );
}
