import { Button, Card } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useAnswer, useForget } from '../api/use-answer.ts';
import { Act } from '../parts/act.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { tell } from '../parts/notify.ts';
import { usePermission } from '../session/use-session.ts';
import { isAdministration, type Shown } from './shown.ts';

export function DangerTab({ api }: Shown) {
  const { realm, id: apiId, revision } = api;
  const forget = useForget();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const mayWrite = usePermission('apis:write');
  const mayGrants = usePermission('client-grants:read');
  const holders = useAnswer(
    'listClientsOfApi',
    { params: { realm, apiId }, query: { granted: true, limit: 1 } },
    { enabled: mayGrants },
  );
  const held = (holders.data?.items.length ?? 0) > 0;
  const fixed = isAdministration(api);
  return (
    <Card withBorder maw={720} style={{ borderColor: 'var(--mantine-color-red-6)' }}>
      <Act
        title="Delete this API"
        text={
          fixed
            ? 'This is the administration API of the realm. It cannot be deleted.'
            : held
              ? 'Its scopes, claims and settings go, and clients lose what they hold here. Tokens for it are issued no more.'
              : 'Its scopes, claims and settings go. No client holds anything here.'
        }
        button={
          <Button
            color="red"
            disabled={fixed || !mayWrite}
            onClick={() => setAsking(true)}
            style={{ flexShrink: 0 }}
          >
            Delete
          </Button>
        }
      />
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Delete ${api.name}`}
        text="Clients that call it are refused new tokens at once. There is no way back."
        name={api.name}
        verb="Delete"
        act={async () => {
          const asked = { params: { realm, apiId }, query: { cascade: true }, revision };
          await call('deleteApi', asked);
          await navigate({ to: '/realms/$realm/apis', params: { realm } });
          await forget();
          tell('API deleted');
        }}
      />
    </Card>
  );
}
