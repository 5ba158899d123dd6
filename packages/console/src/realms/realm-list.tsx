import {
  Anchor,
  Badge,
  Box,
  Button,
  Card,
  Group,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { MixerHorizontalIcon, PlusIcon, UploadIcon } from '@radix-ui/react-icons';
import { Link } from '@tanstack/react-router';
import type { Answer } from '@tessera/server/contract';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { Confirm } from '../parts/confirm.tsx';
import { CopyLine } from '../parts/copy-text.tsx';
import { Instant } from '../parts/instant.tsx';
import { tell, tellError } from '../parts/notify.ts';
import { Page } from '../parts/page.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';
import { usePermission, useSession } from '../session/use-session.ts';
import { colorOfRealm } from '../theme.ts';
import { ImportDialog } from './import-dialog.tsx';
import { NewRealm } from './new-realm.tsx';
import { RealmSettings } from './realm-settings.tsx';

type Realm = Answer<'findRealm'>;

/** Every realm of the server: each has its own issuer, keys, clients and people. */
export function RealmList() {
  const { everyRealm } = useSession();
  const mayCreate = usePermission('realms:write') && everyRealm;
  const [creating, creation] = useDisclosure();
  const [importing, importation] = useDisclosure();
  const list = usePages('listRealms', {});
  return (
    <Page
      title="Realms"
      text="Tenants of this server. Each has its own issuer, keys, clients and people; nothing crosses from one to another."
      actions={
        <>
          <Button
            variant="default"
            leftSection={<MixerHorizontalIcon />}
            renderRoot={(props) => <Link to="/server/realms/compare" {...props} />}
          >
            Compare
          </Button>
          {mayCreate && (
            <>
              <Button variant="default" leftSection={<UploadIcon />} onClick={importation.open}>
                Import
              </Button>
              <Button leftSection={<PlusIcon />} onClick={creation.open}>
                New realm
              </Button>
            </>
          )}
        </>
      }
    >
      {list.isPending && <Loading what="the realms" />}
      {list.isError && <Failed error={list.error} retry={list.refetch} />}
      {list.items !== undefined && (
        <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }}>
          {list.items.map((realm) => (
            <RealmCard key={realm.name} realm={realm} mayDelete={mayCreate} />
          ))}
        </SimpleGrid>
      )}
      <ShowMore list={list} />
      <NewRealm
        opened={creating}
        onClose={creation.close}
        realms={list.items?.map(({ name }) => name) ?? []}
      />
      <ImportDialog opened={importing} onClose={importation.close} />
    </Page>
  );
}

/** Saves a realm as a file of the person's own machine. */
async function download(realm: string): Promise<void> {
  const file = await call('exportRealm', { params: { realm } });
  const url = URL.createObjectURL(
    new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: 'application/json' }),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = `${realm}.json`;
  link.click();
  URL.revokeObjectURL(url);
}

function RealmCard({ realm, mayDelete }: { readonly realm: Realm; readonly mayDelete: boolean }) {
  const forget = useForget();
  const mayWrite = usePermission('realms:write');
  const [open, setOpen] = useState<'settings' | 'delete'>();
  const { name, displayName, issuer, enabled, createdAt, revision } = realm;
  return (
    <Card withBorder padding="lg">
      <Box
        pos="absolute"
        top={0}
        left={0}
        right={0}
        h={5}
        bg={`${colorOfRealm(name)}.7`}
        aria-hidden
      />
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
            <Anchor
              inherit
              renderRoot={(props) => (
                <Link to="/realms/$realm" params={{ realm: name }} {...props} />
              )}
            >
              {displayName}
            </Anchor>
          </Title>
          {!enabled && (
            <Badge color="gray" style={{ flex: 'none' }}>
              disabled
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {displayName === name ? 'Made' : `${name}, made`} <Instant at={createdAt} />
        </Text>
        <CopyLine label="Issuer" value={issuer} />
        <Group gap="xs" mt="xs">
          {mayWrite && (
            <Button size="xs" variant="default" onClick={() => setOpen('settings')}>
              Settings
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            onClick={() => void download(name).catch(tellError)}
            aria-label={`Export ${displayName}`}
          >
            Export
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={`Compare ${displayName}`}
            renderRoot={(props) => (
              <Link to="/server/realms/compare" search={{ from: name }} {...props} />
            )}
          >
            Compare
          </Button>
          {mayDelete && name !== 'root' && (
            <Button
              size="xs"
              variant="default"
              onClick={() => setOpen('delete')}
              aria-label={`Delete ${displayName}`}
            >
              Delete
            </Button>
          )}
        </Group>
      </Stack>
      <RealmSettings
        realm={realm}
        opened={open === 'settings'}
        onClose={() => setOpen(undefined)}
      />
      <Confirm
        opened={open === 'delete'}
        onClose={() => setOpen(undefined)}
        title={`Delete ${displayName}`}
        text="The realm goes with everything in it: clients, users, APIs, keys and history. Its tokens are void. This cannot be undone."
        name={name}
        verb="Delete realm"
        act={async () => {
          const query = { confirm: name };
          await call('deleteRealm', { params: { realm: name }, query, revision });
          await forget();
          tell(`${displayName} deleted`);
        }}
      />
    </Card>
  );
}
