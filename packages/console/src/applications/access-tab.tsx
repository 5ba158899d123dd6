import { Alert, Badge, Card, Checkbox, Group, List, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useAnswer, useForget } from '../api/use-answer.ts';
import { tellError } from '../parts/notify.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { usePermission } from '../session/use-session.ts';
import type { Shown } from './shown.ts';

/** What the client would get now, and why not; and its scopes at each API. */
export function AccessTab({ client }: Shown) {
  const { realm, clientId } = client;
  const access = useAnswer('findClientAccess', { params: { realm, clientId } });
  if (access.isPending) return <Loading what="what it may do" />;
  if (access.isError) return <Failed error={access.error} retry={access.refetch} />;
  const { usable, obstacles, apis } = access.data;
  return (
    <Stack maw={960}>
      <Alert
        color={usable ? 'indigo' : 'red'}
        title={usable ? 'It would get a token now' : 'It would get no token now'}
      >
        {obstacles.length > 0 && (
          <List size="sm">
            {obstacles.map((obstacle) => (
              <List.Item key={obstacle}>{obstacle}</List.Item>
            ))}
          </List>
        )}
      </Alert>
      <Card withBorder>
        <Title order={2} size="h4" mb="md">
          What its tokens can be
        </Title>
        <Stack gap="md">
          {apis.map(
            ({
              apiId,
              name,
              identifier,
              scopes,
              accessTokenLifetime,
              tokenFormat,
              tokenBinding,
            }) => (
              <div key={identifier}>
                <Text fw={600}>{name}</Text>
                <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {apiId === null ? 'The default API of the realm' : identifier}
                </Text>
                <Group gap={6} mt={6}>
                  {scopes.length === 0 && (
                    <Text size="sm" c="dimmed">
                      no scopes
                    </Text>
                  )}
                  {scopes.map((scope) => (
                    <Badge key={scope} variant="default" tt="none">
                      {scope}
                    </Badge>
                  ))}
                </Group>
                <Text size="sm" mt={6}>
                  {tokenFormat.value === 'jwt' ? 'JWT' : 'Opaque'} (from the {tokenFormat.from}),{' '}
                  {accessTokenLifetime.value} s (from the {accessTokenLifetime.from})
                  {tokenBinding.length > 0 && `, bound: ${tokenBinding.join(', ')}`}
                </Text>
              </div>
            ),
          )}
        </Stack>
      </Card>
      <Grants realm={realm} clientId={clientId} />
    </Stack>
  );
}

function Grants({ realm, clientId }: { readonly realm: string; readonly clientId: string }) {
  const mayRead = usePermission('apis:read');
  const apis = useAnswer(
    'listApis',
    { params: { realm }, query: { limit: 200 } },
    { enabled: mayRead },
  );
  const grants = useAnswer('listGrantsOfClient', {
    params: { realm, clientId },
    query: { limit: 200 },
  });
  if (!mayRead || apis.data === undefined || grants.data === undefined) return null;
  if (apis.data.items.length === 0) return null;
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">
        Scopes at each API
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        What is ticked is granted at once.
      </Text>
      <Stack>
        {apis.data.items.map((api) => (
          <GrantOfApi
            key={api.id}
            realm={realm}
            clientId={clientId}
            api={api}
            held={grants.data.items.find(({ apiId }) => apiId === api.id)}
          />
        ))}
      </Stack>
    </Card>
  );
}

type Held = {
  readonly scopes: readonly string[];
  readonly authorizationDetailTypes: readonly string[];
  readonly revision: number;
};

function GrantOfApi({
  realm,
  clientId,
  api,
  held,
}: {
  readonly realm: string;
  readonly clientId: string;
  readonly api: {
    readonly id: string;
    readonly name: string;
    readonly scopes: readonly { readonly name: string; readonly description: string }[];
  };
  readonly held: Held | undefined;
}) {
  const forget = useForget();
  const mayWrite = usePermission('client-grants:write');
  const [busy, setBusy] = useState(false);
  const set = async (scopes: readonly string[]) => {
    setBusy(true);
    const params = { realm, clientId, apiId: api.id };
    const revision = held === undefined ? {} : { revision: held.revision };
    const authorizationDetailTypes = held?.authorizationDetailTypes ?? [];
    try {
      if (scopes.length + authorizationDetailTypes.length > 0)
        await call('setClientGrant', {
          params,
          ...revision,
          body: { scopes, authorizationDetailTypes },
        });
      else await call('removeClientGrant', { params, ...revision });
    } catch (error) {
      tellError(error);
    } finally {
      await forget();
      setBusy(false);
    }
  };
  return (
    <Checkbox.Group
      label={api.name}
      value={[...(held?.scopes ?? [])]}
      onChange={set}
      readOnly={!mayWrite || busy}
    >
      <Group gap="lg" mt={6}>
        {api.scopes.map(({ name, description }) => (
          <Checkbox
            key={name}
            value={name}
            label={name}
            description={description}
            disabled={!mayWrite}
          />
        ))}
        {api.scopes.length === 0 && (
          <Text size="sm" c="dimmed">
            This API has no scopes yet.
          </Text>
        )}
      </Group>
    </Checkbox.Group>
  );
}
