import { Button, Checkbox, Group, JsonInput, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Body } from '@tessera/server/contract';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { tell } from '../parts/notify.ts';
import { Refused } from '../parts/refused.tsx';
import { useSaving } from '../parts/use-saving.ts';
import { PRESETS, USES } from './words.ts';

type New = Body<'createTrustedIssuer'>;
type Values = {
  name: string;
  preset: New['preset'];
  issuer: string;
  keysFrom: 'platform' | 'address' | 'here';
  jwksUri: string;
  jwks: string;
  audience: string;
  uses: ('client' | 'grant' | 'software')[];
};

const isKeySet = (value: unknown): value is { keys: Record<string, unknown>[] } =>
  typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys);

function readKeys(text: string): { keys: Record<string, unknown>[] } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isKeySet(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function NewIssuer({
  opened,
  onClose,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  const realm = useRealm();
  const forget = useForget();
  const form = useForm<Values>({
    initialValues: {
      name: '',
      preset: 'kubernetes',
      issuer: '',
      keysFrom: 'platform',
      jwksUri: '',
      jwks: '',
      audience: '',
      uses: ['client'],
    },
    validate: {
      jwks: (text, { keysFrom }) =>
        keysFrom === 'here' && readKeys(text) === undefined ? 'must be a JWK Set' : null,
    },
  });
  const { busy, error, save, clear } = useSaving(form);
  const { name, preset, issuer, keysFrom, jwksUri, jwks, audience, uses } = form.values;
  const keys = keysFrom === 'here' ? readKeys(jwks) : undefined;
  const asked = {
    params: { realm },
    body: {
      name,
      preset,
      uses,
      ...(issuer !== '' && { issuer }),
      ...(keysFrom === 'address' && { jwksUri }),
      ...(keys !== undefined && { jwks: keys }),
      ...(audience !== '' && { audience }),
    },
  };
  const end = () => {
    form.reset();
    clear();
    onClose();
  };
  const hasOwnIssuer = preset === 'github' || preset === 'gitlab';
  return (
    <Dialog opened={opened} onClose={end} title="Trust an issuer" size="lg">
      <form
        onSubmit={form.onSubmit(async () => {
          const done = await save(async () => {
            await call('createTrustedIssuer', asked);
            await forget();
          });
          if (!done) return;
          tell(`${name} is trusted`);
          end();
        })}
      >
        <Stack>
          <Refused error={error} />
          <Group grow align="flex-start">
            <TextInput label="Name" required data-autofocus {...form.getInputProps('name')} />
            <Select
              label="Platform"
              data={[...PRESETS]}
              allowDeselect={false}
              {...form.getInputProps('preset')}
            />
          </Group>
          <TextInput
            label={preset === 'spiffe' ? 'Trust domain' : 'Issuer'}
            description={
              hasOwnIssuer ? 'Empty: that of the public service' : 'As its assertions name it'
            }
            placeholder={preset === 'spiffe' ? 'example.org' : 'https://cluster.example.com'}
            required={!hasOwnIssuer}
            {...form.getInputProps('issuer')}
          />
          <Select
            label="Its keys"
            data={[
              { value: 'platform', label: 'Where the platform says' },
              { value: 'address', label: 'At an address' },
              { value: 'here', label: 'Given here' },
            ]}
            allowDeselect={false}
            {...form.getInputProps('keysFrom')}
          />
          {keysFrom === 'address' && (
            <TextInput label="Address of the JWK Set" required {...form.getInputProps('jwksUri')} />
          )}
          {keysFrom === 'here' && (
            <JsonInput
              label="JWK Set"
              required
              autosize
              minRows={5}
              maxRows={12}
              {...form.getInputProps('jwks')}
            />
          )}
          <TextInput
            label="Audience"
            description="The one that its assertions must name. Empty: the issuer of this realm"
            {...form.getInputProps('audience')}
          />
          <Checkbox.Group label="What it is trusted with" {...form.getInputProps('uses')}>
            <Stack gap="xs" mt="xs">
              {(['client', 'grant', 'software'] as const).map((use) => (
                <Checkbox key={use} value={use} label={USES[use]} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Group justify="space-between">
            <AsCommand name="createTrustedIssuer" asked={asked} />
            <Button type="submit" loading={busy}>
              Trust
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
