import {
  Autocomplete,
  Button,
  Card,
  PasswordInput,
  SegmentedControl,
  Stack,
  Switch,
  TagsInput,
  Text,
} from '@mantine/core';
import { PaperPlaneIcon } from '@radix-ui/react-icons';
import type { Answer } from '@tessera/server/contract';
import { ClientPicker } from '../parts/client-picker.tsx';
import type { Authentication } from './exchange.ts';
import { canSign } from './signatures.ts';
import { type TestKey, TestKeyField } from './test-key.tsx';

export type Wanted = {
  readonly clientId: string;
  readonly method: Authentication['method'];
  readonly secret: string;
  readonly testKey: TestKey | undefined;
  readonly bound: boolean;
  readonly scopes: readonly string[];
  readonly resource: string;
};

const METHODS = [
  { value: 'client_secret_basic', label: 'Secret, header' },
  { value: 'client_secret_post', label: 'Secret, form' },
  { value: 'private_key_jwt', label: 'Signed' },
] as const;

/** Who asks for what. Nothing of it leaves the page but in the request itself. */
export function PlaygroundForm({
  wanted,
  access,
  busy,
  onChange,
  onSend,
}: {
  readonly wanted: Wanted;
  readonly access: Answer<'findClientAccess'> | undefined;
  readonly busy: boolean;
  readonly onChange: (change: Partial<Wanted>) => void;
  readonly onSend: () => void;
}) {
  const { clientId, method, secret, testKey, bound, scopes, resource } = wanted;
  const apis = access?.apis ?? [];
  const offered = apis
    .filter(({ identifier }) => resource === '' || identifier === resource)
    .flatMap((api) => api.scopes);
  const ready =
    clientId !== '' && (method === 'private_key_jwt' ? testKey?.of === clientId : secret !== '');
  return (
    <Card withBorder component="section" aria-label="What to ask for">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) onSend();
        }}
      >
        <Stack>
          <ClientPicker
            label="Client"
            value={clientId === '' ? null : clientId}
            allowDeselect={false}
            onChange={(chosen) => chosen !== null && onChange({ clientId: chosen })}
          />
          <div>
            <Text size="sm" fw={500} mb={4} id="playground-method">
              How it proves itself
            </Text>
            <SegmentedControl
              aria-labelledby="playground-method"
              fullWidth
              size="xs"
              data={[...METHODS]}
              value={method}
              onChange={(next) => onChange({ method: next })}
            />
          </div>
          {method === 'private_key_jwt' ? (
            <TestKeyField
              clientId={clientId}
              testKey={testKey}
              onMade={(made) => onChange({ testKey: made })}
            />
          ) : (
            <PasswordInput
              label="Client secret"
              description="Kept in this page, for as long as it is open"
              value={secret}
              onChange={({ currentTarget }) => onChange({ secret: currentTarget.value })}
              autoComplete="off"
            />
          )}
          <Autocomplete
            label="Resource"
            description="The API that the token is for. Empty: the one of the scopes"
            placeholder="Any"
            data={apis.flatMap(({ identifier }) => (identifier === null ? [] : [identifier]))}
            value={resource}
            onChange={(next) => onChange({ resource: next })}
          />
          <TagsInput
            label="Scopes"
            description="None: its default scopes"
            data={[...new Set(offered)]}
            value={[...scopes]}
            onChange={(next) => onChange({ scopes: next })}
            splitChars={[' ', ',']}
          />
          <Switch
            label="Bind the token to a key (DPoP)"
            description="A proof with a key that this page makes"
            checked={bound}
            disabled={!canSign()}
            onChange={({ currentTarget }) => onChange({ bound: currentTarget.checked })}
          />
          <Button type="submit" leftSection={<PaperPlaneIcon />} loading={busy} disabled={!ready}>
            Request a token
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
