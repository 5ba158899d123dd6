import {
  ActionIcon,
  Anchor,
  Button,
  Card,
  Group,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { PlusIcon, TrashIcon } from '@radix-ui/react-icons';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { ClaimPreview, useClaimPreview } from '../claims/claim-preview.tsx';
import { ChangeForm } from '../parts/change-form.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';
import { usePermission } from '../session/use-session.ts';
import type { Shown } from './shown.ts';

/** What administrators say of the client, and what its tokens say because of that. */
export function AttributesTab({ client }: Shown) {
  return (
    <Stack maw={960}>
      <Attributes client={client} />
      <Said client={client} />
    </Stack>
  );
}

function Attributes({ client }: Pick<Shown, 'client'>) {
  const { realm, clientId, revision } = client;
  const mayWrite = usePermission('clients:write');
  const form = useChangeForm(
    { attributes: Object.entries(client.attributes).map(([name, value]) => ({ name, value })) },
    revision,
  );
  const rows = form.values.attributes;
  const names = rows.map(({ name }) => name.trim());
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  const kept = rows.filter(({ name }) => name.trim() !== '');
  const attributes = {
    // RFC 7396 §2: one that is not named stays, so those that went are set to null.
    ...Object.fromEntries(Object.keys(client.attributes).map((name) => [name, null])),
    ...Object.fromEntries(kept.map(({ name, value }) => [name.trim(), value])),
  };
  return (
    <Card withBorder component="section" aria-labelledby="attributes">
      <Title order={2} size="h4" id="attributes">
        Attributes
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        What administrators say of this client, for the claims of its tokens:{' '}
        <code>{'{{client.attributes.team}}'}</code>. It cannot change them itself.
      </Text>
      <ChangeForm
        form={form}
        name="updateClient"
        asked={{ params: { realm, clientId }, revision: form.revision, body: { attributes } }}
        told="Attributes saved"
        ready={twice === undefined && kept.every(({ value }) => value !== '')}
      >
        {rows.length === 0 && (
          <Text size="sm" c="dimmed">
            None yet.
          </Text>
        )}
        {rows.map(({ name }, index) => {
          const which = name === '' ? `attribute ${index + 1}` : name;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a name changes while it is typed
            <Group key={index} gap="xs" align="flex-start" wrap="nowrap">
              <TextInput
                aria-label={`Name of attribute ${index + 1}`}
                placeholder="team"
                readOnly={!mayWrite}
                autoComplete="off"
                style={{ flex: 2, minWidth: 0 }}
                {...form.getInputProps(`attributes.${index}.name`)}
                error={twice !== undefined && name.trim() === twice ? 'is there twice' : undefined}
              />
              <TextInput
                aria-label={`Value of ${which}`}
                placeholder="payments"
                readOnly={!mayWrite}
                autoComplete="off"
                style={{ flex: 3, minWidth: 0 }}
                {...form.getInputProps(`attributes.${index}.value`)}
                error={form.errors[`attributes.${name}`]}
              />
              {mayWrite && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label={`Remove ${which}`}
                  onClick={() => form.removeListItem('attributes', index)}
                >
                  <TrashIcon />
                </ActionIcon>
              )}
            </Group>
          );
        })}
        {mayWrite && (
          <div>
            <Button
              variant="default"
              size="xs"
              leftSection={<PlusIcon />}
              onClick={() => form.insertListItem('attributes', { name: '', value: '' })}
            >
              Add attribute
            </Button>
          </div>
        )}
      </ChangeForm>
    </Card>
  );
}

function Said({ client: { realm, clientId } }: Pick<Shown, 'client'>) {
  const mayPreview = usePermission('clients:read');
  const mayApis = usePermission('apis:read');
  const access = useAnswer('findClientAccess', { params: { realm, clientId } });
  const [chosen, setChosen] = useState<string>();
  const apis = access.data?.apis ?? [];
  // Where it has an API at all, that is what its claims are about; the default API comes first.
  const value = chosen ?? apis.find(({ apiId }) => apiId !== null)?.apiId ?? '';
  const preview = useClaimPreview(
    realm,
    mayPreview && access.data !== undefined ? clientId : null,
    value === '' ? null : value,
    undefined,
  );
  if (!mayPreview) return null;
  return (
    <Card withBorder component="section" aria-labelledby="claims-of-client">
      <Title order={2} size="h4" id="claims-of-client">
        Claims
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        What its tokens say besides. APIs and the realm set claims, with the attributes above.
      </Text>
      <Select
        label="In a token for"
        data={apis.map(({ apiId, name }) => ({ value: apiId ?? '', label: name }))}
        value={value}
        onChange={(next) => setChosen(next ?? '')}
        allowDeselect={false}
        mb="md"
        maw={420}
      />
      <ClaimPreview preview={preview} />
      {mayApis && value !== '' && (
        <Anchor
          size="sm"
          mt="sm"
          display="inline-block"
          renderRoot={(props) => (
            <Link
              to="/realms/$realm/apis/$apiId"
              params={{ realm, apiId: value }}
              search={{ tab: 'claims' }}
              {...props}
            />
          )}
        >
          Change the claims of this API
        </Anchor>
      )}
    </Card>
  );
}
