import { Stack, Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { ClaimsEditor } from '../claims/claims-editor.tsx';
import { useRealm } from '../frame/use-realm.ts';
import { Page } from '../parts/page.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { TabRow } from '../parts/tab-row.tsx';
import { usePermission } from '../session/use-session.ts';
import { CredentialPolicy } from './credential-policy.tsx';
import { PolicyOverview } from './policy-overview.tsx';
import { QuotaPolicy } from './quota-policy.tsx';
import type { PolicyProps } from './shown.ts';
import { TokenPolicy } from './token-policy.tsx';

const TABS = [
  ['overview', 'Overview', PolicyOverview],
  ['credentials', 'Credentials', CredentialPolicy],
  ['quotas', 'Quotas', QuotaPolicy],
  ['tokens', 'Tokens', TokenPolicy],
  ['claims', 'Claims', RealmClaims],
] as const;

/** The rules of a realm that are not settings of its OAuth2 provider. */
export function PoliciesPage() {
  const realm = useRealm();
  const { tab = 'overview' } = useSearch({ strict: false });
  const navigate = useNavigate();
  const provider = useAnswer('findProvider', { params: { realm } });
  return (
    <Page
      title="Policies"
      text="What this realm demands of its clients, and how much it lets them have."
    >
      {provider.isPending && <Loading what="the policies" />}
      {provider.isError && <Failed error={provider.error} retry={provider.refetch} />}
      {provider.data !== undefined && (
        <Tabs
          key={realm}
          value={tab}
          keepMounted={false}
          onChange={(next) =>
            navigate({
              to: '/realms/$realm/policies',
              params: { realm },
              search: next === null ? {} : { tab: next },
              replace: true,
            })
          }
        >
          <TabRow label="Parts of the policies" tabs={TABS} open={tab} />
          {TABS.map(([value, , Part]) => (
            <Tabs.Panel key={value} value={value}>
              <Part provider={provider.data} />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Page>
  );
}

function RealmClaims({ provider }: PolicyProps) {
  const { realm } = provider;
  const mayWrite = usePermission('providers:write');
  const mayClients = usePermission('clients:read');
  const clients = useAnswer(
    'listClients',
    { params: { realm }, query: { limit: 1 } },
    { enabled: mayClients },
  );
  return (
    <Stack maw={1280}>
      <ClaimsEditor
        owner={{ kind: 'provider', realm }}
        claims={provider.claims}
        revision={provider.revision}
        readOnly={!mayWrite}
        example={clients.data?.items[0]?.clientId}
        text="What every token of this realm says besides. A claim of the same name at an API takes its place."
      />
    </Stack>
  );
}
