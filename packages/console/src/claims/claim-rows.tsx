import {
  ActionIcon,
  Button,
  Card,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { PlusIcon, TrashIcon } from '@radix-ui/react-icons';
import type { ChangeForm } from '../parts/use-change-form.ts';
import { CLAIM_KINDS, type ClaimDraft, claimOf, isClaim } from './claim-draft.ts';

type Form = ChangeForm<{ claims: ClaimDraft[] }>;

const WORDS = {
  text: { label: 'Value', placeholder: 'gold' },
  json: { label: 'Value as JSON', placeholder: '{"day": 1000}' },
  attribute: { label: 'Attribute', placeholder: 'team' },
  template: { label: 'Template', placeholder: '{{client.name}} of {{client.attributes.team}}' },
} as const;

/** Claims as rows that can be typed in. `told`: what the server says of them, by their path. */
export function ClaimRows({
  form,
  readOnly,
  told,
}: {
  readonly form: Form;
  readonly readOnly: boolean;
  readonly told: Readonly<Record<string, string>>;
}) {
  const { claims } = form.values;
  const errorAt = (index: number, ...members: readonly string[]) =>
    members
      .map((member) => `claims.${index}.${member}`)
      .map((path) => form.errors[path] ?? told[path])
      .find((error) => error !== undefined);
  return (
    <Stack gap="sm">
      {claims.length === 0 && (
        <Text c="dimmed" size="sm">
          None yet.
        </Text>
      )}
      {claims.map((draft, index) => {
        const { kind, name } = draft;
        const claim = claimOf(draft);
        const which = name === '' ? `claim ${index + 1}` : name;
        const field = (member: 'name' | 'text' | 'otherwise') => ({
          readOnly,
          autoComplete: 'off',
          ...form.getInputProps(`claims.${index}.${member}`),
        });
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name changes while it is typed
          <Card key={index} withBorder padding="sm">
            <Stack gap="xs">
              <Group gap="sm" align="flex-start">
                <TextInput
                  label="Claim"
                  aria-label={`Name of claim ${index + 1}`}
                  placeholder="tier"
                  styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
                  style={{ flex: '3 1 120px' }}
                  {...field('name')}
                  error={errorAt(index, 'name')}
                />
                <Select
                  label="Kind"
                  aria-label={`Kind of ${which}`}
                  data={[...CLAIM_KINDS]}
                  allowDeselect={false}
                  readOnly={readOnly}
                  style={{ flex: '2 1 150px' }}
                  {...form.getInputProps(`claims.${index}.kind`)}
                />
                {!readOnly && (
                  <ActionIcon
                    mt={25}
                    variant="subtle"
                    color="gray"
                    size="lg"
                    aria-label={`Remove ${which}`}
                    onClick={() => form.removeListItem('claims', index)}
                  >
                    <TrashIcon />
                  </ActionIcon>
                )}
              </Group>
              <SimpleGrid cols={kind === 'attribute' ? { base: 1, sm: 2 } : 1} spacing="sm">
                <TextInput
                  label={WORDS[kind].label}
                  aria-label={`${WORDS[kind].label} of ${which}`}
                  placeholder={WORDS[kind].placeholder}
                  {...field('text')}
                  error={isClaim(claim) ? errorAt(index, 'value', 'template', 'text') : claim}
                />
                {kind === 'attribute' && (
                  <TextInput
                    label="Without the attribute"
                    aria-label={`What ${which} is without the attribute`}
                    placeholder="Left out"
                    {...field('otherwise')}
                  />
                )}
              </SimpleGrid>
            </Stack>
          </Card>
        );
      })}
      {!readOnly && (
        <div>
          <Button
            variant="default"
            size="xs"
            leftSection={<PlusIcon />}
            onClick={() =>
              form.insertListItem('claims', { name: '', kind: 'text', text: '', otherwise: '' })
            }
          >
            Add claim
          </Button>
        </div>
      )}
    </Stack>
  );
}
