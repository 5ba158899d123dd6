import { Stack } from '@mantine/core';
import { useAnswer } from '../api/use-answer.ts';
import { ClaimsEditor } from '../claims/claims-editor.tsx';
import { usePermission } from '../session/use-session.ts';
import { HookForm } from './hook-form.tsx';
import type { Shown } from './shown.ts';

export function ClaimsTab({ api }: Shown) {
  const { realm, id: apiId } = api;
  const mayWrite = usePermission('apis:write');
  const mayGrants = usePermission('client-grants:read');
  const holders = useAnswer(
    'listClientsOfApi',
    { params: { realm, apiId }, query: { granted: true, limit: 1 } },
    { enabled: mayGrants },
  );
  return (
    <Stack maw={1280}>
      <ClaimsEditor
        owner={{ kind: 'api', realm, apiId }}
        claims={api.claims}
        revision={api.revision}
        readOnly={!mayWrite}
        example={holders.data?.items[0]?.clientId}
        text="What tokens for this API say besides. A claim of the realm with the same name gives way. Claims that the server writes, such as aud or scope, cannot be set."
      />
      <HookForm api={api} />
    </Stack>
  );
}
