import { Badge, Card, Group, Radio, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { Shown } from '../applications/shown.ts';
import { ChangeForm } from '../parts/change-form.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';

const METHODS = [
  {
    value: 'private_key_jwt',
    title: 'Private key',
    best: true,
    text: 'It signs a statement; the key never leaves the machine, so nothing that is sent can be stolen. Workloads of a platform use this, too.',
  },
  {
    value: 'tls_client_auth',
    title: 'Certificate of an authority',
    best: true,
    text: 'Mutual TLS with a certificate that an authority the realm trusts has signed. Tokens can be bound to it.',
  },
  {
    value: 'self_signed_tls_client_auth',
    title: 'Certificate of its own',
    best: true,
    text: 'Mutual TLS with one certificate that is registered here. Needs no authority.',
  },
  {
    value: 'client_secret_basic',
    title: 'Secret, in the header',
    best: false,
    text: 'Works everywhere. Whoever sees it once can be the client, so it has to be replaced now and then.',
  },
  {
    value: 'client_secret_post',
    title: 'Secret, in the form',
    best: false,
    text: 'For libraries that cannot send the header.',
  },
  {
    value: 'client_secret_jwt',
    title: 'Secret that signs',
    best: false,
    text: 'The secret is not sent, but both sides must have it.',
  },
] as const;

/** How the client proves itself, those that are hardest to steal first. */
export function MethodCard({ client }: Shown) {
  const { realm, clientId, revision } = client;
  const form = useChangeForm<{ authenticationMethod: string }>(
    { authenticationMethod: client.authenticationMethod },
    revision,
  );
  const asked = {
    params: { realm, clientId },
    revision: form.revision,
    body: form.changed as { readonly authenticationMethod?: typeof client.authenticationMethod },
  };
  return (
    <Card withBorder component="section" aria-labelledby="method">
      <Title order={2} size="h4" id="method">
        How it authenticates
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        What cannot be copied cannot be stolen: a key or a certificate stays on the machine, a
        secret travels.
      </Text>
      <ChangeForm form={form} name="updateClient" asked={asked} told="Authentication changed">
        <Radio.Group
          aria-label="How it authenticates"
          {...form.getInputProps('authenticationMethod')}
        >
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
            {METHODS.map(({ value, title, text, best }) => (
              <Radio.Card
                key={value}
                value={value}
                p="sm"
                radius="md"
                withBorder
                aria-label={title}
              >
                <Group wrap="nowrap" align="flex-start" gap="sm">
                  <Radio.Indicator mt={2} />
                  <Stack gap={4}>
                    <Group gap={6}>
                      <Text size="sm" fw={600}>
                        {title}
                      </Text>
                      {best && (
                        <Badge size="xs" variant="default">
                          Recommended
                        </Badge>
                      )}
                    </Group>
                    <Text size="xs" c="dimmed">
                      {text}
                    </Text>
                  </Stack>
                </Group>
              </Radio.Card>
            ))}
          </SimpleGrid>
        </Radio.Group>
      </ChangeForm>
    </Card>
  );
}
