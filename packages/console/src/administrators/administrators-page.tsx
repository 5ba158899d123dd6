import { Select, Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { Page } from '../parts/page.tsx';
import { TabRow } from '../parts/tab-row.tsx';
import { usePermission, useSession } from '../session/use-session.ts';
import { AutomationTab } from './automation-tab.tsx';
import { PeopleTab } from './people-tab.tsx';
import { RolesTab } from './roles-tab.tsx';
import { SessionsTab } from './sessions-tab.tsx';

const TABS = [
  ['people', 'People'],
  ['automation', 'Automation keys'],
  ['sessions', 'Sessions'],
  ['roles', 'Roles'],
] as const;

/** Who may do what on this server: people and machines, and who is signed in. */
export function AdministratorsPage() {
  const session = useSession();
  const { tab = 'people', of } = useSearch({ strict: false });
  const realm = session.everyRealm ? (of ?? 'root') : session.realm;
  const mayRealms = usePermission('realms:read');
  const realms = useAnswer(
    'listRealms',
    { query: { limit: 200 } },
    { enabled: mayRealms && session.everyRealm },
  );
  const navigate = useNavigate();
  const go = (next: { readonly tab?: string; readonly of?: string }) =>
    navigate({ to: '/server/administrators', search: { tab, of: realm, ...next }, replace: true });
  const choices = (realms.data?.items ?? []).map(({ name, displayName }) => ({
    value: name,
    label: name === 'root' ? 'Root: the whole server' : displayName,
  }));
  return (
    <Page
      title="Administrators"
      text="Who may do what: people with roles, machines with permissions, and who is signed in."
      actions={
        choices.length > 1 && (
          <Select
            label="Of the realm"
            data={choices}
            value={realm}
            allowDeselect={false}
            searchable={choices.length > 8}
            onChange={(chosen) => chosen !== null && go({ of: chosen })}
          />
        )
      }
    >
      <Tabs value={tab} keepMounted={false} onChange={(next) => next !== null && go({ tab: next })}>
        <TabRow label="Kinds of access" tabs={TABS} open={tab} />
        <Tabs.Panel value="people">
          <PeopleTab key={realm} realm={realm} />
        </Tabs.Panel>
        <Tabs.Panel value="automation">
          <AutomationTab key={realm} realm={realm} />
        </Tabs.Panel>
        <Tabs.Panel value="sessions">
          <SessionsTab key={realm} realm={realm} />
        </Tabs.Panel>
        <Tabs.Panel value="roles">
          <RolesTab realm={realm} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
