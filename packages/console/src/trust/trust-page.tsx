import { Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRealm } from '../frame/use-realm.ts';
import { Page } from '../parts/page.tsx';
import { Authorities } from './authorities.tsx';
import { Issuers } from './issuers.tsx';

/** Whose word about clients this realm takes. */
export function TrustPage() {
  const realm = useRealm();
  const navigate = useNavigate();
  const { tab = 'authorities' } = useSearch({ strict: false });
  return (
    <Page
      title="Trust"
      text="Whose word about clients this realm takes: authorities that issue their certificates, and platforms that vouch for their workloads."
    >
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) =>
          navigate({
            to: '/realms/$realm/trust',
            params: { realm },
            search: next === null ? {} : { tab: next },
            replace: true,
          })
        }
      >
        <Tabs.List aria-label="Kinds of trust" mb="lg">
          <Tabs.Tab value="authorities">Certificate authorities</Tabs.Tab>
          <Tabs.Tab value="issuers">Trusted issuers</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="authorities">
          <Authorities />
        </Tabs.Panel>
        <Tabs.Panel value="issuers">
          <Issuers />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
