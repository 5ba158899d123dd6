import { Badge, Tabs } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { Page } from '../parts/page.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { TabRow } from '../parts/tab-row.tsx';
import { usePermission } from '../session/use-session.ts';
import { ClaimsTab } from './claims-tab.tsx';
import { DangerTab } from './danger-tab.tsx';
import { IntrospectionTab } from './introspection-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { QuickStartTab } from './quick-start-tab.tsx';
import { ScopesTab } from './scopes-tab.tsx';
import { isAdministration } from './shown.ts';
import { TokensTab } from './tokens-tab.tsx';

const TABS = [
  ['overview', 'Overview', OverviewTab],
  ['scopes', 'Scopes', ScopesTab],
  ['tokens', 'Tokens', TokensTab],
  ['claims', 'Claims', ClaimsTab],
  ['introspection', 'Introspection', IntrospectionTab],
  ['quick-start', 'Quick start', QuickStartTab],
  ['danger', 'Danger zone', DangerTab],
] as const;

export function ApiPage() {
  const realm = useRealm();
  const { apiId = '' } = useParams({ strict: false });
  const { tab = 'overview' } = useSearch({ strict: false });
  const navigate = useNavigate();
  const mayProvider = usePermission('providers:read');
  const api = useAnswer('findApi', { params: { realm, apiId } });
  const provider = useAnswer('findProvider', { params: { realm } }, { enabled: mayProvider });
  if (api.isError) return <Failed error={api.error} retry={api.refetch} />;
  if (api.data === undefined || (mayProvider && provider.isPending))
    return <Loading what="the API" />;
  const shown = { api: api.data, provider: provider.data };
  return (
    <Page
      // Forms keep what was typed: of this API, and of no other.
      key={`${realm} ${apiId}`}
      title={api.data.name}
      text={api.data.identifier}
      actions={isAdministration(api.data) && <Badge variant="default">Built in</Badge>}
    >
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) =>
          navigate({
            to: '/realms/$realm/apis/$apiId',
            params: { realm, apiId },
            search: next === null ? {} : { tab: next },
            replace: true,
          })
        }
      >
        <TabRow label="Parts of the API" tabs={TABS} open={tab} />
        {TABS.map(([value, , Part]) => (
          <Tabs.Panel key={value} value={value}>
            <Part {...shown} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
