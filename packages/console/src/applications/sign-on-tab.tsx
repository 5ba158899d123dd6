import {
  Card,
  MultiSelect,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  Title,
} from '@mantine/core';
import { ChangeForm } from '../parts/change-form.tsx';
import { CopyLine } from '../parts/copy-text.tsx';
import { GRANT_TYPES, TOKEN_BINDINGS, TOKEN_FORMATS } from '../parts/labels.ts';
import { useChangeForm } from '../parts/use-change-form.ts';
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
  const { realm, clientId, revision } = client;
  const form = useChangeForm(
    {
      redirectUris: [...client.redirectUris],
      grantTypes: [...client.grantTypes],
      scopes: [...client.scopes],
      defaultScopes: [...client.defaultScopes],
      accessTokenLifetime: client.accessTokenLifetime ?? ('' as const),
      tokenFormat: client.tokenFormat ?? ('' as const),
      tokenBinding: client.tokenBinding,
    },
    revision,
  );
  const asked = { params: { realm, clientId }, revision: form.revision, body: form.changed };
  return (
    <Card withBorder component="section" aria-labelledby="general-settings">
      <Title order={2} size="h4" id="general-settings" mb="md">
        General Settings
      </Title>
      <ChangeForm form={form} name="updateClient" asked={asked} told="Application updated">
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
      </ChangeForm>
    </Card>
  );
}
