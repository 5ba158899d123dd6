import {
  ActionIcon,
  Button,
  Card,
  Group,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
  VisuallyHidden,
} from '@mantine/core';
import { PlusIcon, TrashIcon } from '@radix-ui/react-icons';
import { useState } from 'react';
import { ChangeForm } from '../parts/change-form.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';
import { Warning } from '../parts/warning.tsx';
import { usePermission } from '../session/use-session.ts';
import { isAdministration, type Shown } from './shown.ts';

/** What may be granted at the API, and what each of it means. */
export function ScopesTab({ api }: Shown) {
  const { realm, id: apiId, revision } = api;
  const mayWrite = usePermission('apis:write') && !isAdministration(api);
  const form = useChangeForm({ scopes: api.scopes.map((scope) => ({ ...scope })) }, revision);
  const [added, setAdded] = useState('');
  const { scopes } = form.values;
  const missing = api.scopes.filter(({ name }) => !scopes.some((scope) => scope.name === name));
  const add = () => {
    const known = new Set(scopes.map(({ name }) => name));
    const names = added.split(/[\s,]+/).filter((name) => name !== '' && !known.has(name));
    form.setFieldValue('scopes', [
      ...scopes,
      ...[...new Set(names)].map((name) => ({ name, description: '' })),
    ]);
    setAdded('');
  };
  return (
    <Card withBorder maw={960} component="section" aria-labelledby="scopes-of-api">
      <Title order={2} size="h4" id="scopes-of-api">
        Scopes
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {isAdministration(api)
          ? 'These are the permissions of administration. The server sets them.'
          : 'What clients can be granted here. Descriptions are for those who decide about it.'}
      </Text>
      <ChangeForm
        form={form}
        name="updateApi"
        asked={{ params: { realm, apiId }, revision: form.revision, body: form.changed }}
        told="Scopes saved"
      >
        {scopes.length === 0 && (
          <Text c="dimmed" ta="center" py="lg">
            This API has no scopes yet. Add the first one below.
          </Text>
        )}
        {scopes.length > 0 && (
          <Table.ScrollContainer minWidth={520}>
            <Table verticalSpacing={6} aria-label="Scopes" withRowBorders={false}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th w="38%">Scope</Table.Th>
                  <Table.Th>Description</Table.Th>
                  <Table.Th w={44}>
                    <VisuallyHidden>Remove</VisuallyHidden>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {scopes.map(({ name }, index) => (
                  // Rows have no other identity than their place while they are typed.
                  // biome-ignore lint/suspicious/noArrayIndexKey: a name changes while it is typed
                  <Table.Tr key={index} style={{ verticalAlign: 'top' }}>
                    <Table.Td>
                      <TextInput
                        aria-label={`Name of scope ${index + 1}`}
                        readOnly={!mayWrite}
                        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
                        {...form.getInputProps(`scopes.${index}.name`)}
                      />
                    </Table.Td>
                    <Table.Td>
                      <TextInput
                        aria-label={`Description of ${name === '' ? `scope ${index + 1}` : name}`}
                        placeholder="What it allows"
                        readOnly={!mayWrite}
                        {...form.getInputProps(`scopes.${index}.description`)}
                      />
                    </Table.Td>
                    <Table.Td>
                      {mayWrite && (
                        <ActionIcon
                          variant="subtle"
                          color="gray"
                          size="lg"
                          aria-label={`Remove scope ${name}`}
                          onClick={() => form.removeListItem('scopes', index)}
                        >
                          <TrashIcon />
                        </ActionIcon>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
        {mayWrite && (
          <Group align="flex-end" gap="xs">
            <TextInput
              label="Add scopes"
              placeholder="orders:read orders:write"
              value={added}
              onChange={({ currentTarget }) => setAdded(currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                add();
              }}
              style={{ flex: 1, maxWidth: 420 }}
              autoComplete="off"
            />
            <Button
              variant="default"
              leftSection={<PlusIcon />}
              onClick={add}
              disabled={added.trim() === ''}
            >
              Add
            </Button>
          </Group>
        )}
        {missing.length > 0 && (
          <Warning title="Scopes are taken away">
            <Stack gap={4}>
              <Text size="sm">
                When you save, no client is given {missing.map(({ name }) => name).join(', ')} any
                more, whatever it was granted. Tokens that are out keep it until they expire.
              </Text>
            </Stack>
          </Warning>
        )}
      </ChangeForm>
    </Card>
  );
}
