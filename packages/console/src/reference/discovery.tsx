import { Anchor, Badge, Card, Code, Group, Stack, Table, Tabs, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useIssuer } from '../applications/use-token-endpoint.ts';
import { useRealm } from '../frame/use-realm.ts';
import { CopyBlock, CopyIconButton, CopyLine } from '../parts/copy-text.tsx';
import { Page } from '../parts/page.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { TabRow } from '../parts/tab-row.tsx';
import type { Jwk } from '../tokens/signatures.ts';

/** Documents that a realm publishes, and where. RFC 8414 §3, RFC 7517 §5 */
const DOCUMENTS = [
  {
    name: 'metadata',
    label: 'Server metadata',
    path: '/.well-known/oauth-authorization-server',
    text: 'What OAuth 2.0 clients configure themselves from. RFC 8414',
  },
  {
    name: 'openid',
    label: 'OpenID configuration',
    path: '/.well-known/openid-configuration',
    text: 'The same under the name that OpenID Connect libraries look for.',
  },
  {
    name: 'keys',
    label: 'Keys',
    path: '/connect/jwk_uri',
    text: 'Public keys by which APIs verify tokens. RFC 7517',
  },
] as const;

/** What everybody may know of a realm, as machines read it. */
export function Discovery() {
  const realm = useRealm();
  const issuer = useIssuer();
  const navigate = useNavigate();
  const { tab = 'metadata' } = useSearch({ strict: false });
  return (
    <Page
      title="Discovery"
      text="What this realm publishes about itself: give machines and APIs the issuer, and they find the rest."
    >
      {issuer === undefined ? (
        <Loading what="the issuer" />
      ) : (
        <>
          <Card withBorder>
            <CopyLine label="Issuer" value={issuer} />
          </Card>
          <Tabs
            value={tab}
            keepMounted={false}
            onChange={(next) =>
              navigate({
                to: '/realms/$realm/discovery',
                params: { realm },
                search: next === null ? {} : { tab: next },
                replace: true,
              })
            }
          >
            <TabRow
              label="Documents"
              open={tab}
              tabs={DOCUMENTS.map(({ name, label }) => [name, label] as const)}
            />
            {DOCUMENTS.map(({ name, path, text }) => (
              <Tabs.Panel key={name} value={name}>
                <Document address={`${issuer}${path}`} text={text} />
              </Tabs.Panel>
            ))}
          </Tabs>
        </>
      )}
    </Page>
  );
}

function Document({ address, text }: { readonly address: string; readonly text: string }) {
  const document = useQuery({
    queryKey: ['document', address],
    queryFn: async ({ signal }): Promise<Readonly<Record<string, unknown>>> => {
      const { pathname } = new URL(address);
      const response = await fetch(pathname, { signal, credentials: 'omit' });
      if (!response.ok) throw new Error('The realm publishes nothing while it is disabled.');
      return (await response.json()) as Record<string, unknown>;
    },
  });
  if (document.isPending) return <Loading what="the document" />;
  if (document.isError) return <Failed error={document.error} retry={document.refetch} />;
  const { keys, ...members } = document.data;
  return (
    <Stack gap="lg">
      <div>
        <Text size="sm" c="dimmed" mb={4}>
          {text}
        </Text>
        <Group gap={4} wrap="nowrap" miw={0}>
          <Anchor
            href={new URL(address).pathname}
            target="_blank"
            size="sm"
            style={{ overflowWrap: 'anywhere' }}
          >
            {address}
          </Anchor>
          <CopyIconButton value={address} what="the address" />
        </Group>
      </div>
      {Array.isArray(keys) && <Keys keys={keys as readonly Jwk[]} />}
      {Object.keys(members).length > 0 && <Members members={members} />}
      <Card withBorder component="section" aria-label="As it is sent">
        <Title order={2} size="h4" mb="sm">
          As it is sent
        </Title>
        <CopyBlock value={JSON.stringify(document.data, undefined, 2)} what="the document" />
      </Card>
    </Stack>
  );
}

const Members = ({ members }: { readonly members: Readonly<Record<string, unknown>> }) => (
  <Card withBorder component="section" aria-label="Members" p={0}>
    <Table aria-label="Members" verticalSpacing="sm" horizontalSpacing="md" layout="fixed">
      <Table.Tbody>
        {Object.entries(members).map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th
              scope="row"
              w="38%"
              style={{ verticalAlign: 'top', overflowWrap: 'anywhere' }}
            >
              <Text size="sm" ff="monospace" fw={600}>
                {name}
              </Text>
            </Table.Th>
            <Table.Td>
              <MemberValue value={value} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Card>
);

function MemberValue({ value }: { readonly value: unknown }) {
  if (Array.isArray(value))
    return (
      <Group gap={4}>
        {value.map((item) => (
          <Code key={String(item)} style={{ overflowWrap: 'anywhere' }}>
            {String(item)}
          </Code>
        ))}
      </Group>
    );
  if (typeof value === 'boolean') return <Text size="sm">{value ? 'yes' : 'no'}</Text>;
  if (typeof value === 'object') return <Code block>{JSON.stringify(value, undefined, 2)}</Code>;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <Group gap={2} wrap="nowrap">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {text}
      </Text>
      <CopyIconButton value={text} what={text} />
    </Group>
  );
}

const Keys = ({ keys }: { readonly keys: readonly Jwk[] }) => (
  <Stack gap="sm">
    {keys.map(({ kid = '', kty, alg, crv }) => (
      <Card withBorder key={kid} component="section" aria-label={`Key ${kid}`}>
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
            {kid}
          </Text>
          <Group gap={4} wrap="nowrap">
            <Badge variant="light">{alg}</Badge>
            <Badge variant="default">{crv ?? kty}</Badge>
          </Group>
        </Group>
      </Card>
    ))}
  </Stack>
);
