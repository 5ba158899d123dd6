import { Button, Card, Divider, Stack } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { Act } from '../parts/act.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { tell, tellError } from '../parts/notify.ts';
import type { Shown } from './shown.ts';

export function DangerTab({ application, client }: Shown) {
  const forget = useForget();
  const navigate = useNavigate();
  const { realm, id: applicationId } = application;
  const { clientId } = client;
  const [asking, setAsking] = useState<'revoke' | 'delete'>();
  const toggle = async () => {
    try {
      await call('updateClient', {
        params: { realm, clientId },
        revision: client.revision,
        body: { enabled: !client.enabled },
      });
      await forget();
      tell(client.enabled ? 'Deactivated' : 'Activated');
    } catch (error) {
      tellError(error);
    }
  };
  return (
    <Card withBorder maw={720} style={{ borderColor: 'var(--mantine-color-red-6)' }}>
      <Stack>
        <Act
          title={client.enabled ? 'Deactivate' : 'Activate'}
          text={
            client.enabled
              ? 'Its client gets no more tokens, and those that it has are void until it is activated again.'
              : 'Its client gets tokens again.'
          }
          button={
            <Button variant="default" onClick={toggle}>
              {client.enabled ? 'Deactivate' : 'Activate'}
            </Button>
          }
        />
        <Divider />
        <Act
          title="Revoke all tokens"
          text="Every access token that the client was issued until now is void at once. It can get new ones."
          button={
            <Button variant="outline" color="red" onClick={() => setAsking('revoke')}>
              Revoke all
            </Button>
          }
        />
        <Divider />
        <Act
          title="Delete"
          text="The application and its client, with secrets and grants. Its tokens are void. There is no way back."
          button={
            <Button color="red" onClick={() => setAsking('delete')}>
              Delete
            </Button>
          }
        />
      </Stack>
      <Confirm
        opened={asking === 'revoke'}
        onClose={() => setAsking(undefined)}
        title="Revoke all tokens"
        text="Machines that hold one are refused until they fetch another."
        name={clientId}
        verb="Revoke all"
        act={async () => {
          await call('revokeTokensOfClient', { params: { realm, clientId } });
          await forget();
          tell('All tokens are revoked');
        }}
      />
      <Confirm
        opened={asking === 'delete'}
        onClose={() => setAsking(undefined)}
        title={`Delete ${application.name}`}
        text="Machines that use it stop working at once."
        name={application.name}
        verb="Delete"
        act={async () => {
          await call('deleteApplication', {
            params: { realm, applicationId },
            query: { withClient: true },
            revision: application.revision,
          });
          await navigate({ to: '/realms/$realm/applications', params: { realm } });
          await forget();
          tell('Application deleted');
        }}
      />
    </Card>
  );
}
