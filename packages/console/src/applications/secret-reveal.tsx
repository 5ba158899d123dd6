import { Alert, Button, Checkbox, Group, Stack, Tabs, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Answer } from '@tessera/server/contract';
import { useState } from 'react';
import { useRealm } from '../frame/use-realm.ts';
import { CopyBlock, CopyLine } from '../parts/copy-text.tsx';
import { snippetsOf } from './snippets.ts';
import { TokenTry } from './token-try.tsx';
import { useTokenEndpoint } from './use-token-endpoint.ts';

/** The one time that a secret is shown: to copy it, to use it, and to see that it works. */
export function SecretReveal({
  created,
  onDone,
}: {
  readonly created: Answer<'createApplication'>;
  readonly onDone: () => void;
}) {
  const realm = useRealm();
  const [stored, setStored] = useState(false);
  const { clientId, secret } = created;
  const { client } = created;
  return (
    <Stack>
      <CopyLine label="Client ID" value={clientId} />
      {secret !== null && (
        <>
          <CopyLine label="Client Secret" value={secret.secret} />
          {secret.note !== null && <Alert color="yellow">{secret.note}</Alert>}
          <Text size="sm" c="dimmed">
            It is shown this once: only its digest is kept.
          </Text>
          <UseIt clientId={clientId} secret={secret.secret} scopes={client.scopes} />
          <Checkbox
            label="I have stored the secret"
            checked={stored}
            onChange={({ currentTarget }) => setStored(currentTarget.checked)}
          />
        </>
      )}
      <Group justify="flex-end">
        <Button
          variant="default"
          disabled={secret !== null && !stored}
          renderRoot={(props) => (
            <Link
              to="/realms/$realm/applications/$applicationId"
              params={{ realm, applicationId: created.id }}
              search={{ tab: 'sign-on' }}
              {...props}
            />
          )}
        >
          To the application
        </Button>
        <Button disabled={secret !== null && !stored} onClick={onDone}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}

export function UseIt({
  clientId,
  secret,
  scopes,
}: {
  readonly clientId: string;
  readonly secret: string;
  readonly scopes: readonly string[];
}) {
  const endpoint = useTokenEndpoint();
  if (endpoint === undefined) return null;
  const snippets = snippetsOf({ endpoint, clientId, secret, scope: scopes.join(' ') });
  return (
    <>
      <Tabs defaultValue="curl">
        <Tabs.List aria-label="How to use it">
          {snippets.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {snippets.map(({ name, text }) => (
          <Tabs.Panel key={name} value={name} pt="sm">
            <CopyBlock value={text} what={`the ${name} example`} />
          </Tabs.Panel>
        ))}
      </Tabs>
      <TokenTry endpoint={endpoint} clientId={clientId} secret={secret} scopes={scopes} />
    </>
  );
}
