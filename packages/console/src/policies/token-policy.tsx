import { Anchor, Card, NumberInput, Stack, Switch, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ChangeForm } from '../parts/change-form.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';
import { usePermission } from '../session/use-session.ts';
import type { PolicyProps } from './shown.ts';

/** How tokens are revoked without being asked for, and whether one answers several requests. */
export function TokenPolicy({ provider }: PolicyProps) {
  const { realm, revision } = provider;
  const mayWrite = usePermission('providers:write');
  const form = useChangeForm(
    { statusLists: provider.statusLists, tokenReuseSeconds: provider.tokenReuseSeconds },
    revision,
  );
  return (
    <Card withBorder maw={760} component="section" aria-labelledby="token-policy">
      <Title order={2} size="h4" id="token-policy">
        Tokens
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        Format, lifetime, algorithm and binding are settings of the{' '}
        <Anchor
          size="sm"
          underline="always"
          renderRoot={(props) => (
            <Link to="/realms/$realm/oauth2-provider" params={{ realm }} {...props} />
          )}
        >
          OAuth2 Provider
        </Anchor>
        .
      </Text>
      <ChangeForm
        form={form}
        name="updateProvider"
        asked={{ params: { realm }, revision: form.revision, body: form.changed }}
        told="Token policy saved"
      >
        <Stack gap="md">
          <Switch
            label="JWTs name their place in a status list"
            description={
              provider.securityProfile === 'pingone'
                ? 'The security profile PingOne has none.'
                : 'APIs learn of revoked tokens within seconds, without asking for each.'
            }
            disabled={!mayWrite}
            {...form.getInputProps('statusLists', { type: 'checkbox' })}
          />
          <NumberInput
            label="One token answers further requests for (seconds)"
            description="For clients that fetch a token before every call and cannot be changed. 0: every request gets a new one. At most 300."
            min={0}
            max={300}
            maw={420}
            allowDecimal={false}
            readOnly={!mayWrite}
            {...form.getInputProps('tokenReuseSeconds')}
          />
        </Stack>
      </ChangeForm>
    </Card>
  );
}
