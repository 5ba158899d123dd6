import { Anchor, Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { CheckCircledIcon, CircleIcon } from '@radix-ui/react-icons';
import { Link } from '@tanstack/react-router';
import { formatDuration } from '../parts/format-duration.ts';
import { SECURITY_PROFILES, TOKEN_BINDINGS } from '../parts/labels.ts';
import type { PolicyProps, Provider } from './shown.ts';

/** Rules that make misuse harder, whether each holds, and where it is set. */
export function PolicyOverview({ provider }: PolicyProps) {
  const rules = rulesOf(provider);
  const held = rules.filter(({ on }) => on).length;
  return (
    <Stack maw={1120}>
      <Card withBorder component="section" aria-labelledby="rules-that-hold">
        <Group justify="space-between" mb="md">
          <Title order={2} size="h4" id="rules-that-hold">
            Rules that hold
          </Title>
          <Badge variant="light" tt="none" size="lg">
            {held} of {rules.length}
          </Badge>
        </Group>
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" verticalSpacing="md">
          {rules.map(({ title, text, on, at }) => (
            <Group key={title} wrap="nowrap" align="flex-start" gap="sm">
              {on ? (
                <CheckCircledIcon
                  color="var(--mantine-color-teal-6)"
                  aria-label="Holds"
                  style={{ flexShrink: 0, marginTop: 4 }}
                />
              ) : (
                <CircleIcon
                  color="var(--mantine-color-dimmed)"
                  aria-label="Does not hold"
                  style={{ flexShrink: 0, marginTop: 4 }}
                />
              )}
              <div>
                <Text size="sm" fw={600}>
                  {title}
                </Text>
                <Text size="sm" c="dimmed">
                  {text}{' '}
                  <Anchor
                    size="sm"
                    underline="always"
                    aria-label={`Change: ${title}`}
                    renderRoot={(props) => (
                      <Link
                        to={`/realms/$realm/${at.screen}`}
                        params={{ realm: provider.realm }}
                        search={{ tab: at.tab }}
                        {...props}
                      />
                    )}
                  >
                    Change
                  </Anchor>
                </Text>
              </div>
            </Group>
          ))}
        </SimpleGrid>
      </Card>
      <Card withBorder component="section" aria-labelledby="what-tokens-are">
        <Title order={2} size="h4" id="what-tokens-are" mb="xs">
          What holds unless an API or a client says otherwise
        </Title>
        <Text size="sm">
          Tokens live {formatDuration(provider.accessTokenLifetime)} and are{' '}
          {provider.tokenFormat === 'jwt'
            ? `JWTs, signed with ${provider.signingAlgorithm}`
            : 'opaque'}
          .{' '}
          {provider.defaultScopes.length === 0
            ? 'A request that names no scope is given none.'
            : `A request that names no scope is given ${provider.defaultScopes.join(', ')}.`}{' '}
          <Anchor
            size="sm"
            underline="always"
            renderRoot={(props) => (
              <Link
                to="/realms/$realm/oauth2-provider"
                params={{ realm: provider.realm }}
                {...props}
              />
            )}
          >
            Change in OAuth2 Provider
          </Anchor>
        </Text>
      </Card>
    </Stack>
  );
}

type Rule = {
  readonly title: string;
  readonly text: string;
  readonly on: boolean;
  readonly at: { readonly screen: 'policies' | 'oauth2-provider'; readonly tab: string };
};

const labelOf = (
  labels: readonly { readonly value: string; readonly label: string }[],
  value: string,
): string => labels.find((one) => one.value === value)?.label ?? value;

function rulesOf(provider: Provider): readonly Rule[] {
  const { secretLifetimeMax, rsaKeyBitsMin, quotaMode } = provider;
  return [
    {
      title: 'Tokens are bound to a key',
      text:
        provider.securityProfile === 'fapi2' || provider.tokenBinding !== 'optional'
          ? `${labelOf(TOKEN_BINDINGS, provider.tokenBinding === 'optional' ? 'either' : provider.tokenBinding)}: a stolen token is worth nothing.`
          : 'A token that was stolen can be used by whoever has it.',
      on: provider.securityProfile === 'fapi2' || provider.tokenBinding !== 'optional',
      at: { screen: 'oauth2-provider', tab: 'advanced' },
    },
    {
      title: 'DPoP proofs need a fresh nonce',
      text: provider.dpopNonces
        ? 'Proofs that were made beforehand are refused.'
        : 'A proof counts for as long as its time is right.',
      on: provider.dpopNonces,
      at: { screen: 'oauth2-provider', tab: 'advanced' },
    },
    {
      title: 'FAPI 2.0 holds',
      text: `${labelOf(SECURITY_PROFILES, provider.securityProfile)}.`,
      on: provider.securityProfile === 'fapi2',
      at: { screen: 'oauth2-provider', tab: 'core' },
    },
    {
      title: 'Secrets end by themselves',
      text:
        secretLifetimeMax === null
          ? 'A secret can live for ever.'
          : `After ${formatDuration(secretLifetimeMax)} at most${
              provider.secretRotationForced ? ', older ones too' : '; older ones are left alone'
            }.`,
      on: secretLifetimeMax !== null,
      at: { screen: 'policies', tab: 'credentials' },
    },
    {
      title: 'RSA keys are long',
      text: `Keys of clients have ${rsaKeyBitsMin.toLocaleString()} bits or more.`,
      on: rsaKeyBitsMin > 2_048,
      at: { screen: 'policies', tab: 'credentials' },
    },
    {
      title: 'Quotas are enforced',
      text: {
        off: 'Any client gets as many tokens as it asks for.',
        observe: 'What is exceeded is told; nothing is refused.',
        enforce: 'Requests beyond a quota are refused until the hour or day is over.',
      }[quotaMode],
      on: quotaMode === 'enforce',
      at: { screen: 'policies', tab: 'quotas' },
    },
    {
      title: 'APIs learn of revoked JWTs',
      text: provider.statusLists
        ? 'By status lists, without asking for each token.'
        : 'Only those that introspect do.',
      on: provider.statusLists,
      at: { screen: 'policies', tab: 'tokens' },
    },
    {
      title: 'Clients are registered by administrators',
      text: {
        off: 'Nobody else registers any.',
        token: 'Or by whoever has an initial access token.',
        open: 'Anybody may register clients.',
      }[provider.clientRegistration],
      on: provider.clientRegistration === 'off',
      at: { screen: 'oauth2-provider', tab: 'registration' },
    },
  ];
}
