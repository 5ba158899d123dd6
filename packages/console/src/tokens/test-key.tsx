import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { tellError } from '../parts/notify.ts';
import { usePermission } from '../session/use-session.ts';
import { canSign, generateKeyPair, type SigningKeyPair } from './signatures.ts';

/** Seconds for which the client believes a key of the playground. */
const KEY_LIFE = 3_600;

export type TestKey = SigningKeyPair & { readonly of: string };

/** A key that this page makes and registers with the client: an assertion needs one that is known. */
export function TestKeyField({
  clientId,
  testKey,
  onMade,
}: {
  readonly clientId: string;
  readonly testKey: TestKey | undefined;
  readonly onMade: (key: TestKey) => void;
}) {
  const realm = useRealm();
  const mayAdd = usePermission('credentials:write');
  const forget = useForget();
  const [busy, setBusy] = useState(false);
  const make = async () => {
    setBusy(true);
    try {
      const pair = await generateKeyPair();
      await call('addKey', {
        params: { realm, clientId },
        body: {
          jwk: { ...pair.publicJwk },
          label: 'Playground, for an hour',
          expiresIn: KEY_LIFE,
        },
      });
      await forget();
      onMade({ ...pair, of: clientId });
    } catch (error) {
      tellError(error);
    } finally {
      setBusy(false);
    }
  };
  if (!canSign())
    return (
      <Alert color="yellow" title="This page cannot sign">
        Browsers sign on pages with https or on this machine alone.
      </Alert>
    );
  if (testKey?.of === clientId)
    return (
      <Alert color="teal" title="A test key is registered">
        <Text size="sm">
          Its private half is in this page alone and is gone with it. The client believes it for an
          hour; Sign On lists it until then.
        </Text>
      </Alert>
    );
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        The page makes a key pair and registers the public half with {clientId || 'the client'} for
        an hour. What the client signs with otherwise stays as it is.
      </Text>
      <Group>
        <Button
          size="xs"
          variant="light"
          loading={busy}
          disabled={clientId === '' || !mayAdd}
          onClick={make}
        >
          Make and register a test key
        </Button>
      </Group>
    </Stack>
  );
}
