import {
  Alert,
  Button,
  Code,
  Group,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { DownloadIcon } from '@radix-ui/react-icons';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { quote } from '../api/format-command.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { download } from '../parts/download.ts';
import { FileText } from '../parts/file-text.tsx';
import { StoredGate, useStoredGate } from '../parts/stored-gate.tsx';
import { AddCredential } from './add-credential.tsx';
import type { Held, Of } from './held.ts';
import { type MadeKey, makeKey, type ReadKey, readPublicKey } from './public-keys.ts';

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
  /** What was pasted, once it is known what it is. */
  const [read, setRead] = useState<ReadKey>();
  const [made, setMade] = useState<MadeKey>();
  const gate = useStoredGate(made !== undefined);
  const end = gate.guard(() => {
    setMade(undefined);
    setText('');
    onClose();
  });
  const type = (next: string) => {
    setText(next);
    setRead(undefined);
    if (way === 'paste') void readPublicKey(next).then(setRead);
  };
  const byAddress = (label: string) => ({ params: of, body: { jwksUri: text.trim(), label } });
  const byKey = (jwk: Readonly<Record<string, unknown>>, label: string) => ({
    params: of,
    body: { jwk, label },
  });
  const add = async (label: string) => {
    if (way === 'address') return call('addKey', byAddress(label));
    if (way === 'make') {
      const key = await makeKey();
      await call('addKey', byKey(key.jwk, label));
      setMade(key);
      return undefined;
    }
    const key = await readPublicKey(text);
    if ('wrong' in key) throw new Error(key.wrong);
    return call('addKey', byKey(key.jwk, label));
  };
  const command = (label: string) => {
    if (way === 'make')
      return (
        <Text size="xs" c="dimmed">
          Or in a terminal: <Code>{formatGeneration(of, label)}</Code>
        </Text>
      );
    if (text.trim() === '') return null;
    if (way === 'address') return <AsCommand name="addKey" asked={byAddress(label)} />;
    return (
      read !== undefined &&
      'jwk' in read && <AsCommand name="addKey" asked={byKey(read.jwk, label)} />
    );
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
          command={command}
        >
          <SegmentedControl
            fullWidth
            data={secure ? WAYS : WAYS.filter(({ value }) => value !== 'make')}
            value={way}
            onChange={(next) => {
              setWay(next);
              setText('');
              setRead(undefined);
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
              onChange={type}
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

const formatGeneration = ({ realm, clientId }: Of, label: string): string =>
  [
    `tessera client key generate ${quote(clientId)} --realm ${quote(realm)}`,
    `--out ./${clientId.replaceAll(/[^\w.-]+/g, '_')}.key.json`,
    ...(label === '' ? [] : [`--label ${quote(label)}`]),
  ].join(' ');
