import { Card, Stack, Text, Title } from '@mantine/core';
import { useIssuer } from '../applications/use-token-endpoint.ts';
import { ChangeForm } from '../parts/change-form.tsx';
import { ClientsPicker } from '../parts/client-picker.tsx';
import { CopyBlock, CopyLine } from '../parts/copy-text.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';
import { Warning } from '../parts/warning.tsx';
import { usePermission } from '../session/use-session.ts';
import type { Shown } from './shown.ts';

/** Who may ask whether a token for the API is active. RFC 7662 §2.1 */
export function IntrospectionTab({ api, provider }: Shown) {
  const { realm, id: apiId, revision } = api;
  const issuer = useIssuer();
  const mayWrite = usePermission('apis:write');
  const form = useChangeForm({ introspectionClients: [...api.introspectionClients] }, revision);
  const opaque = (api.tokenFormat ?? provider?.tokenFormat) === 'opaque';
  const nobody = opaque && api.introspectionClients.length === 0;
  const [first = 'CLIENT_ID'] = api.introspectionClients;
  return (
    <Stack maw={960}>
      {nobody && (
        <Warning title="Nobody can tell what its tokens are">
          Tokens for this API are opaque, and no client may introspect them. Add the client that the
          API itself is.
        </Warning>
      )}
      <Card withBorder component="section" aria-labelledby="who-introspects">
        <Title order={2} size="h4" id="who-introspects">
          Who may introspect
        </Title>
        <Text size="sm" c="dimmed" mb="md">
          The API asks as a client of its own. It learns of tokens for this API alone; everybody
          else is told that a token is not active.
        </Text>
        <ChangeForm
          form={form}
          name="updateApi"
          asked={{ params: { realm, apiId }, revision: form.revision, body: form.changed }}
          told="Introspection saved"
        >
          <ClientsPicker
            label="Clients"
            readOnly={!mayWrite}
            {...form.getInputProps('introspectionClients')}
          />
        </ChangeForm>
      </Card>
      {issuer !== undefined && (
        <Card withBorder component="section" aria-labelledby="ask-about-a-token">
          <Title order={2} size="h4" id="ask-about-a-token" mb="md">
            Ask about a token
          </Title>
          <Stack>
            <CopyLine label="Introspection endpoint" value={`${issuer}/introspect`} />
            <CopyBlock
              what="the request"
              value={[
                `curl --request POST --user '${first.replaceAll("'", "'\\''")}:SECRET'`,
                `--data-urlencode "token=$ACCESS_TOKEN"`,
                `'${issuer}/introspect'`,
              ].join(' \\\n  ')}
            />
          </Stack>
        </Card>
      )}
    </Stack>
  );
}
