import {
  Button,
  Card,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Switch,
  Tabs,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Answer } from '@tessera/server/contract';
import { call } from '../api/call.ts';
import { useAnswer, useForget } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { AsCurl } from '../parts/as-curl.tsx';
import {
  GRANT_TYPES,
  SECURITY_PROFILES,
  SIGNING_ALGORITHMS,
  TOKEN_BINDINGS,
  TOKEN_FORMATS,
} from '../parts/labels.ts';
import { tell } from '../parts/notify.ts';
import { Page } from '../parts/page.tsx';
import { Refused } from '../parts/refused.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { useSaving } from '../parts/use-saving.ts';

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
  const forget = useForget();
  const navigate = useNavigate();
  const { tab = 'core' } = useSearch({ strict: false });
  const { realm, revision } = provider;
  const form = useForm({
    initialValues: {
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
  });
  const { busy, error, save, clear } = useSaving(form);
  const changed = Object.fromEntries(
    Object.entries(form.values)
      .filter(([name]) => form.isDirty(name))
      .map(([name, value]) => [name, value === '' ? null : value]),
  );
  const asked = { params: { realm }, revision, body: changed };
  return (
    <form
      onSubmit={form.onSubmit(async () => {
        await save(async () => {
          await call('updateProvider', asked);
          form.resetDirty();
          await forget();
          tell('Settings saved');
        });
      })}
    >
      <Card withBorder maw={760}>
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
          <Refused error={error} reload={() => forget().then(clear)} />
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
        <Group justify="space-between" mt="lg">
          <AsCurl name="updateProvider" asked={asked} />
          <Button type="submit" loading={busy} disabled={!form.isDirty()}>
            Save Changes
          </Button>
        </Group>
      </Card>
    </form>
  );
}
