import { Anchor, Button, Card, Group, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { UpdateIcon } from '@radix-ui/react-icons';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useAnswer, useForget } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { Confirm } from '../parts/confirm.tsx';
import { CopyBlock, CopyLine } from '../parts/copy-text.tsx';
import { Instant } from '../parts/instant.tsx';
import { tell } from '../parts/notify.ts';
import { Page } from '../parts/page.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { usePermission } from '../session/use-session.ts';
import { keyLanes, nextRotation, type SigningKey } from './key-spans.ts';
import { KeyTimeline } from './key-timeline.tsx';
import { RotateDialog } from './rotate-dialog.tsx';

const STATES = { published: 'Waits', signing: 'Signs', retired: 'Verifies only' } as const;

/** What signs the access tokens of a realm, when each key does, and what to do when one is lost. */
export function SigningKeysPage() {
  const realm = useRealm();
  const mayWrite = usePermission('signing-keys:write');
  const [rotating, { open, close }] = useDisclosure();
  const keys = useAnswer('listSigningKeys', { params: { realm } }, { refetchInterval: 30_000 });
  const provider = useAnswer(
    'findProvider',
    { params: { realm } },
    { enabled: usePermission('providers:read') },
  );
  const period = provider.data?.keyRotationPeriod ?? 90 * 86_400;
  return (
    <Page
      title="Signing keys"
      text="What signs the access tokens of this realm. Keys are replaced by themselves, and each is published before it signs."
      actions={
        mayWrite && (
          <Button leftSection={<UpdateIcon />} onClick={open}>
            Rotate
          </Button>
        )
      }
    >
      {keys.isPending && <Loading what="the keys" />}
      {keys.isError && <Failed error={keys.error} retry={keys.refetch} />}
      {keys.data !== undefined && <Keys keys={keys.data.items} period={period} />}
      <RotateDialog opened={rotating} onClose={close} />
    </Page>
  );
}

function Keys({ keys, period }: { readonly keys: readonly SigningKey[]; readonly period: number }) {
  const realm = useRealm();
  const now = Math.floor(Date.now() / 1_000);
  const algorithms = [...new Set(keys.map(({ algorithm }) => algorithm))];
  const published = keys.map(({ publicJwk }) => publicJwk);
  return (
    <>
      <Card withBorder>
        <KeyTimeline lanes={keyLanes(keys, period, now)} now={now} />
      </Card>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
        {algorithms.map((algorithm) => (
          <Card key={algorithm} withBorder padding="md">
            <Text size="sm" c="dimmed">
              {algorithm}, next rotation
            </Text>
            <Text fw={600} fz="lg">
              <Instant at={nextRotation(keys, algorithm, period) ?? null} />
            </Text>
          </Card>
        ))}
        <Card withBorder padding="md">
          <Text size="sm" c="dimmed">
            Rotation period
          </Text>
          <Anchor
            fw={600}
            fz="lg"
            renderRoot={(props) => (
              <Link to="/realms/$realm/oauth2-provider" params={{ realm }} {...props} />
            )}
          >
            {Math.round(period / 86_400).toLocaleString()} days
          </Anchor>
        </Card>
      </SimpleGrid>
      <Card withBorder padding={0}>
        <Table.ScrollContainer minWidth={720}>
          <Table verticalSpacing="sm" horizontalSpacing="md" aria-label="Signing keys">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Key</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th>Published</Table.Th>
                <Table.Th>Signs from</Table.Th>
                <Table.Th>Gone</Table.Th>
                <Table.Th>
                  <Text span fz="sm" fw={700}>
                    Actions
                  </Text>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {keys.map((key) => (
                <KeyRow key={key.kid} signingKey={key} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Card>
      <Card withBorder>
        <Stack gap="sm">
          <Title order={2} size="h4">
            What APIs read
          </Title>
          <Text size="sm" c="dimmed">
            The key set of the realm, as its address answers. Retired keys stay until their last
            token has expired.
          </Text>
          <CopyLine
            label="Address"
            value={`${window.location.origin}/am/oauth2/realms/root${realm === 'root' ? '' : `/realms/${realm}`}/connect/jwk_uri`}
          />
          <CopyBlock what="the key set" value={JSON.stringify({ keys: published }, null, 2)} />
        </Stack>
      </Card>
    </>
  );
}

function KeyRow({ signingKey }: { readonly signingKey: SigningKey }) {
  const realm = useRealm();
  const forget = useForget();
  const mayWrite = usePermission('signing-keys:write');
  const [asking, setAsking] = useState<'retire' | 'revoke'>();
  const { kid, algorithm, state, createdAt, signsFrom, publishedUntil, revision } = signingKey;
  const asked = { params: { realm, kid }, revision };
  const name = kid.slice(0, 8);
  const done = async (told: string) => {
    await forget();
    tell(told);
  };
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={600}>
          {algorithm}
        </Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {kid}
        </Text>
      </Table.Td>
      <Table.Td>{STATES[state]}</Table.Td>
      <Table.Td>
        <Instant at={createdAt} />
      </Table.Td>
      <Table.Td>
        <Instant at={signsFrom} />
      </Table.Td>
      <Table.Td>
        <Instant at={publishedUntil} />
      </Table.Td>
      <Table.Td>
        {mayWrite && (
          <Group gap="xs" wrap="nowrap">
            {state !== 'retired' && (
              <Button size="xs" variant="default" onClick={() => setAsking('retire')}>
                Retire
              </Button>
            )}
            <Button size="xs" variant="default" onClick={() => setAsking('revoke')}>
              Revoke
            </Button>
          </Group>
        )}
        <Confirm
          opened={asking === 'retire'}
          onClose={() => setAsking(undefined)}
          title={`Retire ${algorithm} key ${name}`}
          text="It signs no more, and another key takes over at once. Tokens that it signed stay valid until they expire. APIs whose copy of the key set is old may refuse new tokens for up to an hour."
          name={name}
          verb="Retire"
          act={async () => {
            await call('retireSigningKey', asked);
            await done('Key retired');
          }}
        />
        <Confirm
          opened={asking === 'revoke'}
          onClose={() => setAsking(undefined)}
          title={`Revoke ${algorithm} key ${name}`}
          text="For a private key that others may have. Every token that it signed is void here at once, and at each API as soon as it reads the key set anew. Clients get new tokens, signed with another key, by themselves. This cannot be undone."
          name={name}
          verb="Revoke for compromise"
          act={async () => {
            await call('revokeSigningKey', asked);
            await done('Key revoked');
          }}
        />
      </Table.Td>
    </Table.Tr>
  );
}
