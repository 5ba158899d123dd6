import { Card, NumberInput, Select, SimpleGrid, Text, Title } from '@mantine/core';
import { ChangeForm } from '../parts/change-form.tsx';
import { formatDuration } from '../parts/format-duration.ts';
import { InheritedLabel } from '../parts/inherited.tsx';
import { SIGNING_ALGORITHMS, TOKEN_BINDINGS, TOKEN_FORMATS } from '../parts/labels.ts';
import { useChangeForm } from '../parts/use-change-form.ts';
import { usePermission } from '../session/use-session.ts';
import type { Shown } from './shown.ts';
import { nameFormat } from './words.ts';

/** How tokens for the API are made. What it leaves open is the client's, else the realm's. */
export function TokensTab({ api, provider }: Shown) {
  const { realm, id: apiId, revision } = api;
  const mayWrite = usePermission('apis:write');
  const form = useChangeForm(
    {
      tokenFormat: api.tokenFormat ?? ('' as const),
      accessTokenLifetime: api.accessTokenLifetime ?? ('' as const),
      signingAlgorithm: api.signingAlgorithm ?? ('' as const),
      tokenBinding: api.tokenBinding,
    },
    revision,
  );
  const { tokenFormat, accessTokenLifetime, signingAlgorithm } = form.values;
  const above = (value: string | undefined): string =>
    value === undefined ? 'As the realm has it' : `As the realm has it: ${value}`;
  const jwt = (tokenFormat || provider?.tokenFormat) !== 'opaque';
  return (
    <Card withBorder maw={960} component="section" aria-labelledby="tokens-of-api">
      <Title order={2} size="h4" id="tokens-of-api">
        Access tokens
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        What the API leaves open is as the client has it, else as the realm has it.
      </Text>
      <ChangeForm
        form={form}
        name="updateApi"
        asked={{ params: { realm, apiId }, revision: form.revision, body: form.changed }}
        told="Token settings saved"
      >
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="md" style={{ alignItems: 'start' }}>
          <Select
            label={<InheritedLabel inherited={tokenFormat === ''}>Format</InheritedLabel>}
            description="JWTs are verified without asking; opaque tokens are looked up."
            data={[
              { value: '', label: above(provider && nameFormat(provider.tokenFormat)) },
              ...TOKEN_FORMATS,
            ]}
            allowDeselect={false}
            readOnly={!mayWrite}
            {...form.getInputProps('tokenFormat')}
          />
          <NumberInput
            label={
              <InheritedLabel inherited={accessTokenLifetime === ''}>
                Lifetime (seconds)
              </InheritedLabel>
            }
            description={
              typeof accessTokenLifetime === 'number'
                ? `That is ${formatDuration(accessTokenLifetime)}. A token for several APIs has the shortest.`
                : 'A token for several APIs has the shortest of theirs.'
            }
            placeholder={above(provider && formatDuration(provider.accessTokenLifetime))}
            min={1}
            max={2_592_000}
            allowDecimal={false}
            readOnly={!mayWrite}
            {...form.getInputProps('accessTokenLifetime')}
          />
          <Select
            label={<InheritedLabel inherited={signingAlgorithm === ''}>Signed with</InheritedLabel>}
            description={
              jwt ? 'Libraries that know no ES256 take RS256.' : 'Opaque tokens are not signed.'
            }
            data={[
              { value: '', label: above(provider?.signingAlgorithm) },
              ...SIGNING_ALGORITHMS.map((value) => ({ value, label: value })),
            ]}
            allowDeselect={false}
            readOnly={!mayWrite}
            {...form.getInputProps('signingAlgorithm')}
          />
          <Select
            label="Bound to"
            description={
              provider !== undefined && provider.tokenBinding !== 'optional'
                ? 'The realm asks for bound tokens already; the API can ask for more.'
                : 'A token that was stolen is worth nothing without the key it is bound to.'
            }
            data={[...TOKEN_BINDINGS]}
            allowDeselect={false}
            readOnly={!mayWrite}
            {...form.getInputProps('tokenBinding')}
          />
        </SimpleGrid>
      </ChangeForm>
    </Card>
  );
}
