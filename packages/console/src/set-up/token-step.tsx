import { Anchor, Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { TokenTry } from '../applications/token-try.tsx';
import { CopyLine } from '../parts/copy-text.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { StoredGate, useStoredGate } from '../parts/stored-gate.tsx';
import type { Sample } from './sample-step.tsx';
import { Step } from './step.tsx';

/** The real request of the sample application, and where to go from there. */
export function TokenStep({
  sample: { realm, api, created, scope },
  onDone,
}: {
  readonly sample: Sample;
  readonly onDone: () => void;
}) {
  const addresses = useAnswer('findRealmAddresses', { params: { realm } });
  const { clientId, secret } = created;
  const gate = useStoredGate(secret !== null);
  return (
    <Step
      title="The first token"
      text={`${created.name} may now get tokens for ${api.name}. This is what it will send.`}
    >
      <CopyLine label="Client ID" value={clientId} />
      {secret !== null && <CopyLine label="Client Secret" value={secret.secret} />}
      {addresses.isPending && <Loading what="the token endpoint" />}
      {addresses.isError && <Failed error={addresses.error} retry={addresses.refetch} />}
      {addresses.data !== undefined && secret !== null && (
        <TokenTry
          endpoint={addresses.data.tokenEndpoint}
          clientId={clientId}
          secret={secret.secret}
          scopes={[scope]}
        />
      )}
      <StoredGate gate={gate} />
      <Title order={3} size="h5">
        From here
      </Title>
      <List size="sm" spacing="xs">
        <List.Item>
          <Anchor
            size="sm"
            renderRoot={(props) => (
              <Link
                to="/realms/$realm/apis/$apiId"
                params={{ realm, apiId: api.id }}
                search={{ tab: 'quick-start' }}
                {...props}
              />
            )}
          >
            The code that takes its tokens at your API
          </Anchor>
        </List.Item>
        <List.Item>
          <Anchor
            size="sm"
            renderRoot={(props) => (
              <Link
                to="/realms/$realm/playground"
                params={{ realm }}
                search={{ client: clientId }}
                {...props}
              />
            )}
          >
            Every way to get a token, in the playground
          </Anchor>
        </List.Item>
        <List.Item>
          <Anchor size="sm" renderRoot={(props) => <Link to="/server/administrators" {...props} />}>
            Others who administer, and keys for automation
          </Anchor>
        </List.Item>
        <List.Item>
          <Text size="sm" component="span">
            The same in a terminal: <code>tessera login --server {window.location.origin}</code>
          </Text>
        </List.Item>
      </List>
      <Stack align="flex-end">
        <Group>
          <Button onClick={gate.guard(onDone)}>Done</Button>
        </Group>
      </Stack>
    </Step>
  );
}
