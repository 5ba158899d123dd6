import {
  Card,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Switch,
  Tabs,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Answer } from '@tessera/server/contract';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { ChangeForm } from '../parts/change-form.tsx';
import {
  GRANT_TYPES,
  SECURITY_PROFILES,
  SIGNING_ALGORITHMS,
  TOKEN_BINDINGS,
  TOKEN_FORMATS,
} from '../parts/labels.ts';
import { Page } from '../parts/page.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';

/** PingOne's "Services > OAuth2 Provider", with its tabs. */
export function ProviderPage() {
  const realm = useRealm();
  const provider = useAnswer('findProvider', { params: { realm } });
  return (
    <Page
      title="OAuth2 Provider"
      text="What holds in this realm unless an API or a client says otherwise."
    >
      {provider.isPending && <Loading what="the settings" />}
      {provider.isError && <Failed error={provider.error} retry={provider.refetch} />}
      {provider.data !== undefined && <Settings key={realm} provider={provider.data} />}
    </Page>
  );
}

function Settings({ provider }: { readonly provider: Answer<'findProvider'> }) {
  const navigate = useNavigate();
  const { tab = 'core' } = useSearch({ strict: false });
  const { realm, revision } = provider;
  const form = useChangeForm(
    {
      accessTokenLifetime: provider.accessTokenLifetime,
      tokenFormat: provider.tokenFormat,
      grantTypes: [...provider.grantTypes],
      defaultScopes: [...provider.defaultScopes],
      signingAlgorithm: provider.signingAlgorithm,
      defaultAudience: provider.defaultAudience ?? '',
      securityProfile: provider.securityProfile,
      tokenBinding: provider.tokenBinding,
      dpopNonces: provider.dpopNonces,
      clientRegistration: provider.clientRegistration,
      registrationScopes: [...provider.registrationScopes],
      clientIdMetadataHosts: [...provider.clientIdMetadataHosts],
    },
    revision,
  );
  const asked = { params: { realm }, revision: form.revision, body: form.changed };
  return (
    <Card withBorder maw={760}>
      <ChangeForm
        form={form}
        name="updateProvider"
        asked={asked}
        told="Settings saved"
        label="Save Changes"
      >
        <Tabs
          value={tab}
          onChange={(next) =>
            navigate({
              to: '/realms/$realm/oauth2-provider',
              params: { realm },
              search: next === null ? {} : { tab: next },
              replace: true,
            })
          }
        >
          <Tabs.List aria-label="Parts of the settings" mb="md">
            <Tabs.Tab value="core">Core</Tabs.Tab>
            <Tabs.Tab value="advanced">Advanced</Tabs.Tab>
            <Tabs.Tab value="registration">Client Dynamic Registration</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="core">
            <Stack>
              <NumberInput
                label="Access Token Lifetime (seconds)"
                min={1}
                allowDecimal={false}
                required
                {...form.getInputProps('accessTokenLifetime')}
              />
              <Select
                label="Access tokens"
                description="JWTs say what they stand for; opaque ones have to be asked about"
                data={[...TOKEN_FORMATS]}
                allowDeselect={false}
                {...form.getInputProps('tokenFormat')}
              />
              <Select
                label="Security profile"
                data={[...SECURITY_PROFILES]}
                allowDeselect={false}
                {...form.getInputProps('securityProfile')}
              />
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="advanced">
            <Stack>
              <MultiSelect
                label="Grant Types"
                description="What clients of this realm may use at all"
                data={[...GRANT_TYPES]}
                {...form.getInputProps('grantTypes')}
              />
              <TagsInput
                label="Default Client Scopes"
                description="Granted when neither request nor client names any. Enter after each."
                splitChars={[' ', ',']}
                acceptValueOnBlur
                {...form.getInputProps('defaultScopes')}
              />
              <Select
                label="OAuth2 Token Signing Algorithm"
                data={[...SIGNING_ALGORITHMS]}
                allowDeselect={false}
                {...form.getInputProps('signingAlgorithm')}
              />
              <TextInput
                label="Default audience"
                description="Of tokens whose scopes belong to no API. Empty: the issuer"
                {...form.getInputProps('defaultAudience')}
              />
              <Select
                label="Tokens bound to"
                data={[...TOKEN_BINDINGS]}
                allowDeselect={false}
                {...form.getInputProps('tokenBinding')}
              />
              <Switch
                label="DPoP proofs need a nonce of this server"
                {...form.getInputProps('dpopNonces', { type: 'checkbox' })}
              />
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="registration">
            <Stack>
              <Select
                label="Clients may register themselves"
                data={[
                  { value: 'off', label: 'Nobody' },
                  { value: 'token', label: 'With an initial access token' },
                  { value: 'open', label: 'Anybody' },
                ]}
                allowDeselect={false}
                {...form.getInputProps('clientRegistration')}
              />
              <TagsInput
                label="Client Registration Scope Allowlist"
                splitChars={[' ', ',']}
                acceptValueOnBlur
                {...form.getInputProps('registrationScopes')}
              />
              <TagsInput
                label="Hosts of client id metadata documents"
                description="Such as app.example.com or *.example.com"
                splitChars={[' ', ',']}
                acceptValueOnBlur
                {...form.getInputProps('clientIdMetadataHosts')}
              />
            </Stack>
          </Tabs.Panel>
        </Tabs>
      </ChangeForm>
    </Card>
  );
}
