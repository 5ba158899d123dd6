import { Alert, Button, Card, Group, Select, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Answer, Body } from '@tessera/server/contract';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useAnswer, useForget } from '../api/use-answer.ts';
import { Confirm } from '../parts/confirm.tsx';
import { CopyBlock } from '../parts/copy-text.tsx';
import { tell } from '../parts/notify.ts';
import { Page } from '../parts/page.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePermission } from '../session/use-session.ts';
import { Differences } from './differences.tsx';

type File = Body<'applyRealm'>['file'];

/** What a realm is, in the form in which another can be made like it. */
const exportOf = async (realm: string): Promise<File> =>
  (await call('exportRealm', { params: { realm } })) as unknown as File;

/** Two realms side by side: only what differs. And the way from one to the other. */
export function ComparePage() {
  const navigate = useNavigate();
  const { from, to } = useSearch({ strict: false });
  const realms = useAnswer('listRealms', { query: { limit: 200 } });
  const names = realms.data?.items.map(({ name, displayName }) => ({
    value: name,
    label: displayName,
  }));
  const go = (next: { readonly from?: string; readonly to?: string }) =>
    navigate({
      to: '/server/realms/compare',
      search: {
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...next,
      },
      replace: true,
    });
  const choose = (label: string, value: string | undefined, onChosen: (name: string) => void) => (
    <Select
      label={label}
      data={names ?? []}
      value={value ?? null}
      allowDeselect={false}
      searchable
      onChange={(chosen) => chosen !== null && onChosen(chosen)}
    />
  );
  return (
    <Page
      title="Compare realms"
      text="What differs between two realms: settings, APIs, clients, client grants, people and trust. Secrets are never compared."
    >
      <Card withBorder>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {choose('This realm', from, (name) => void go({ from: name }))}
          {choose('Beside', to, (name) => void go({ to: name }))}
        </SimpleGrid>
      </Card>
      {realms.isError && <Failed error={realms.error} retry={realms.refetch} />}
      {from === undefined || to === undefined || from === to ? (
        <Empty title="Choose two realms" text="Only what differs between them is shown." />
      ) : (
        <Comparison key={`${from} ${to}`} from={from} to={to} />
      )}
    </Page>
  );
}

function Comparison({ from, to }: { readonly from: string; readonly to: string }) {
  const forget = useForget();
  const mayWrite = usePermission('realms:write');
  const [prune, setPrune] = useState(false);
  const [promoting, { open, close }] = useDisclosure();
  const [applied, setApplied] = useState<Answer<'applyRealm'>>();
  const compared = useQuery({
    queryKey: ['compareRealm', from, to],
    queryFn: async () =>
      call('compareRealm', {
        params: { realm: to },
        body: { file: await exportOf(from), prune: true },
      }),
  });
  if (compared.isPending) return <Loading what="both realms" />;
  if (compared.isError) return <Failed error={compared.error} retry={compared.refetch} />;
  const { changes } = compared.data;
  return (
    <Stack>
      {applied !== undefined && applied.secrets.length > 0 && (
        <Alert color="yellow" title="Secrets of the new clients, shown this once">
          <CopyBlock what="the secrets" value={JSON.stringify(applied.secrets, null, 2)} />
        </Alert>
      )}
      <Differences answer={compared.data} here={to} there={from} comparing />
      {mayWrite && changes.length > 0 && (
        <Card withBorder>
          <Group justify="space-between">
            <Stack gap="xs">
              <Text fw={600}>
                Make {to} like {from}
              </Text>
              <Switch
                label={`Also remove what only ${to} has`}
                checked={prune}
                onChange={({ currentTarget }) => setPrune(currentTarget.checked)}
              />
            </Stack>
            <Button onClick={open}>Promote to {to}</Button>
          </Group>
        </Card>
      )}
      <Confirm
        opened={promoting}
        onClose={close}
        title={`Promote ${from} to ${to}`}
        text={`All of it is applied or nothing, by the rules of each change. Clients that are new in ${to} get secrets of their own; those of clients that exist there stay.`}
        name={to}
        verb="Promote"
        act={async () => {
          const body = { file: await exportOf(from), prune };
          setApplied(await call('applyRealm', { params: { realm: to }, body }));
          await forget();
          tell(`${to} is like ${from}`);
        }}
      />
    </Stack>
  );
}
