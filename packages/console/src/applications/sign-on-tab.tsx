import {
  Button,
  Card,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { AsCurl } from '../parts/as-curl.tsx';
import { CopyLine } from '../parts/copy-text.tsx';
import { GRANT_TYPES, TOKEN_BINDINGS, TOKEN_FORMATS } from '../parts/labels.ts';
import { tell } from '../parts/notify.ts';
import { Refused } from '../parts/refused.tsx';
import { useSaving } from '../parts/use-saving.ts';
import { SecretsCard } from './secrets-card.tsx';
import type { Shown } from './shown.ts';
import { useIssuer } from './use-token-endpoint.ts';

export function SignOnTab(shown: Shown) {
  return (
    <Stack maw={960}>
      <CredentialsCard {...shown} />
      <SecretsCard {...shown} />
      <GeneralSettings {...shown} />
    </Stack>
  );
}

function CredentialsCard({ client }: Shown) {
  const issuer = useIssuer();
  return (
    <Card withBorder component="section" aria-labelledby="client-credentials">
      <Title order={2} size="h4" id="client-credentials" mb="md">
        Client Credentials
      </Title>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <CopyLine label="Client ID" value={client.clientId} />
        {issuer !== undefined && (
          <>
            <CopyLine label="Discovery URI" value={`${issuer}/.well-known/openid-configuration`} />
            <CopyLine label="Token" value={`${issuer}/access_token`} />
            <CopyLine label="Introspect" value={`${issuer}/introspect`} />
            <CopyLine label="Revoke" value={`${issuer}/token/revoke`} />
            <CopyLine label="Keys" value={`${issuer}/connect/jwk_uri`} />
          </>
        )}
      </SimpleGrid>
    </Card>
  );
}

function GeneralSettings({ client }: Shown) {
  const forget = useForget();
  const { realm, clientId, revision } = client;
  const form = useForm({
    initialValues: {
      redirectUris: [...client.redirectUris],
      grantTypes: [...client.grantTypes],
      scopes: [...client.scopes],
      defaultScopes: [...client.defaultScopes],
      accessTokenLifetime: client.accessTokenLifetime ?? '',
      tokenFormat: client.tokenFormat ?? '',
      tokenBinding: client.tokenBinding,
    },
  });
  const { busy, error, save, clear } = useSaving(form);
  const { values } = form;
  // Only what was changed is sent: owners may change some of it and not the rest.
  const changed = Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => form.isDirty(name))
      .map(([name, value]) => [name, value === '' ? null : value]),
  );
  const asked = { params: { realm, clientId }, revision, body: changed };
  return (
    <Card withBorder component="section" aria-labelledby="general-settings">
      <Title order={2} size="h4" id="general-settings" mb="md">
        General Settings
      </Title>
      <form
        onSubmit={form.onSubmit(async () => {
          await save(async () => {
            await call('updateClient', asked);
            form.resetDirty();
            await forget();
            tell('Application updated');
          });
        })}
      >
        <Stack>
          <Refused error={error} reload={() => forget().then(clear)} />
          <TagsInput
            label="Sign-in URLs"
            description="Where browsers come back to; client credentials need none. Enter after each."
            splitChars={[' ', ',']}
            acceptValueOnBlur
            {...form.getInputProps('redirectUris')}
          />
          <MultiSelect
            label="Grant Types"
            data={[...GRANT_TYPES]}
            {...form.getInputProps('grantTypes')}
          />
          <TagsInput
            label="Scopes"
            description="What the client may ask for at the realm's default API. Enter after each."
            splitChars={[' ', ',']}
            acceptValueOnBlur
            {...form.getInputProps('scopes')}
          />
          <TagsInput
            label="Default Scopes"
            description="Granted when a request names none. Empty: those of the realm."
            splitChars={[' ', ',']}
            acceptValueOnBlur
            {...form.getInputProps('defaultScopes')}
          />
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            <NumberInput
              label="Access token lifetime (seconds)"
              placeholder="As the realm has it"
              min={1}
              allowDecimal={false}
              {...form.getInputProps('accessTokenLifetime')}
            />
            <Select
              label="Token format"
              data={[{ value: '', label: 'As the realm has it' }, ...TOKEN_FORMATS]}
              allowDeselect={false}
              {...form.getInputProps('tokenFormat')}
            />
            <Select
              label="Tokens bound to"
              data={[...TOKEN_BINDINGS]}
              allowDeselect={false}
              {...form.getInputProps('tokenBinding')}
            />
          </SimpleGrid>
          <Group justify="space-between">
            <AsCurl name="updateClient" asked={asked} />
            <Button type="submit" loading={busy} disabled={!form.isDirty()}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
