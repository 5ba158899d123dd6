import { Alert, Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { DownloadIcon } from '@radix-ui/react-icons';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { Dialog } from '../parts/dialog.tsx';
import { download } from '../parts/download.ts';
import { FileText } from '../parts/file-text.tsx';
import { StoredGate, useStoredGate } from '../parts/stored-gate.tsx';
import { AddCredential } from './add-credential.tsx';
import type { Held, Of } from './held.ts';
import { type MadeKey, makeKey, readPublicKey } from './public-keys.ts';

const WAYS = [
  { value: 'make', label: 'Make one here' },
  { value: 'paste', label: 'Paste or upload' },
  { value: 'address', label: 'An address' },
];

/** A public key: made here, given, or published by the client itself. */
export function AddKey({
  of,
  earlier,
  opened,
  onClose,
}: {
  readonly of: Of;
  readonly earlier: readonly Held[];
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  const secure = window.isSecureContext;
  const [way, setWay] = useState(secure ? 'make' : 'paste');
  const [text, setText] = useState('');
  const [made, setMade] = useState<MadeKey>();
  const gate = useStoredGate(made !== undefined);
  const end = gate.guard(() => {
    setMade(undefined);
    setText('');
    onClose();
  });
  const add = async (label: string) => {
    const expiring = { params: of } as const;
    if (way === 'address')
      return call('addKey', { ...expiring, body: { jwksUri: text.trim(), label } });
    if (way === 'make') {
      const key = await makeKey();
      await call('addKey', { ...expiring, body: { jwk: key.jwk, label } });
      setMade(key);
      return undefined;
    }
    const read = await readPublicKey(text);
    if ('wrong' in read) throw new Error(read.wrong);
    return call('addKey', { ...expiring, body: { jwk: read.jwk, label } });
  };
  return (
    <Dialog
      opened={opened}
      onClose={end}
      title={made === undefined ? 'Add a public key' : 'The private key'}
      size="lg"
      closeOnClickOutside={false}
    >
      {made === undefined ? (
        <AddCredential
          of={of}
          earlier={earlier}
          add={add}
          onAdded={way === 'make' ? () => {} : end}
        >
          <SegmentedControl
            fullWidth
            data={secure ? WAYS : WAYS.filter(({ value }) => value !== 'make')}
            value={way}
            onChange={(next) => {
              setWay(next);
              setText('');
            }}
            aria-label="Where the key comes from"
          />
          {way === 'make' && (
            <Text size="sm">
              An ES256 key pair is made in this browser. The server gets the public half alone; the
              private half is yours to download, once.
            </Text>
          )}
          {way === 'paste' && (
            <FileText
              label="Public key"
              description="A JSON Web Key, or PEM. A private key is never sent."
              accept=".pem,.pub,.json,.jwk,.key"
              value={text}
              onChange={setText}
            />
          )}
          {way === 'address' && (
            <TextInput
              label="JWKS URI"
              description="Where the client publishes its keys; it can change them there by itself"
              type="url"
              placeholder="https://orders.example.com/jwks.json"
              required
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
            />
          )}
        </AddCredential>
      ) : (
        <Stack>
          <Alert color="indigo" title="The server has the public half">
            The private half is in this browser alone, until this is closed. Put it where the client
            reads it.
          </Alert>
          <Group>
            <Button
              leftSection={<DownloadIcon />}
              onClick={() => download(`${of.clientId}.private.pem`, made.privateKey)}
            >
              Download the private key
            </Button>
          </Group>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            Key id (kid): <code>{made.jwk['kid']}</code>
          </Text>
          <StoredGate gate={gate} />
          <Group justify="flex-end">
            <Button variant="default" onClick={end}>
              Done
            </Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}
