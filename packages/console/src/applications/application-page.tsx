import { Badge, Group, Tabs } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { CredentialsTab } from '../credentials/credentials-tab.tsx';
import { useRealm } from '../frame/use-realm.ts';
import { Page } from '../parts/page.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { TabRow } from '../parts/tab-row.tsx';
import { usePermission } from '../session/use-session.ts';
import { AccessTab } from './access-tab.tsx';
import { AttributesTab } from './attributes-tab.tsx';
import { DangerTab } from './danger-tab.tsx';
import { DetailsTab } from './details-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { RestrictionsTab } from './restrictions-tab.tsx';
import { SignOnTab } from './sign-on-tab.tsx';
import { TokensTab } from './tokens-tab.tsx';
import { UsageTab } from './usage-tab.tsx';

const TABS = [
  ['details', 'Details'],
  ['sign-on', 'Sign On'],
  ['credentials', 'Credentials'],
  ['access', 'Access'],
  ['attributes', 'Attributes and claims'],
  ['limits', 'Restrictions'],
  ['tokens', 'Tokens'],
  ['usage', 'Usage'],
  ['history', 'History'],
  ['danger', 'Danger zone'],
] as const;

export function ApplicationPage() {
  const realm = useRealm();
  const { applicationId = '' } = useParams({ strict: false });
  const { tab = 'details' } = useSearch({ strict: false });
  const navigate = useNavigate();
  const mayEvents = usePermission('events:read');
  const application = useAnswer('findApplication', { params: { realm, applicationId } });
  const clientId = application.data?.clientId;
  const client = useAnswer(
    'findClient',
    { params: { realm, clientId: clientId ?? '' } },
    { enabled: clientId !== undefined },
  );
  if (application.isError) return <Failed error={application.error} retry={application.refetch} />;
  if (client.isError) return <Failed error={client.error} retry={client.refetch} />;
  if (application.data === undefined || client.data === undefined)
    return <Loading what="the application" />;
  const shown = { application: application.data, client: client.data };
  return (
    <Page
      // Forms keep what was typed: of this application, and of no other.
      key={application.data.id}
      title={application.data.name}
      text={application.data.description}
      actions={
        <Group gap="xs">
          <Badge variant="default">{application.data.template === 'web' ? 'Web' : 'Service'}</Badge>
          <Badge variant="dot" color={client.data.enabled ? 'teal' : 'gray'}>
            {client.data.enabled ? 'Active' : 'Inactive'}
          </Badge>
        </Group>
      }
    >
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) =>
          navigate({
            to: '/realms/$realm/applications/$applicationId',
            params: { realm, applicationId },
            search: next === null ? {} : { tab: next },
            replace: true,
          })
        }
      >
        <TabRow
          label="Parts of the application"
          tabs={TABS.filter(([value]) => value !== 'history' || mayEvents)}
          open={tab}
        />
        <Tabs.Panel value="details">
          <DetailsTab {...shown} />
        </Tabs.Panel>
        <Tabs.Panel value="sign-on">
          <SignOnTab {...shown} />
        </Tabs.Panel>
        <Tabs.Panel value="credentials">
          <CredentialsTab {...shown} />
        </Tabs.Panel>
        <Tabs.Panel value="access">
          <AccessTab {...shown} />
        </Tabs.Panel>
        <Tabs.Panel value="attributes">
          <AttributesTab {...shown} />
        </Tabs.Panel>
        <Tabs.Panel value="limits">
          <RestrictionsTab {...shown} />
        </Tabs.Panel>
        <Tabs.Panel value="tokens">
          <TokensTab {...shown} />
        </Tabs.Panel>
        <Tabs.Panel value="usage">
          <UsageTab {...shown} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryTab {...shown} />
        </Tabs.Panel>
        <Tabs.Panel value="danger">
          <DangerTab {...shown} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
