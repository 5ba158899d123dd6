import { Card, Stack, TagsInput, Text, Title } from '@mantine/core';
import { isAllowedAddress, readAllowedAddress } from '@tessera/protocol';
import type { ReactNode } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { type Of, useHeld } from '../credentials/held.ts';
import { ChangeForm } from '../parts/change-form.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';
import { Warning } from '../parts/warning.tsx';
import { usePermission } from '../session/use-session.ts';
import { LimitsCards } from './limits-cards.tsx';
import type { Shown } from './shown.ts';

/** From where the client may call, and how often. */
export function RestrictionsTab({ client }: Shown) {
  const { realm, clientId, revision } = client;
  const mayWrite = usePermission('clients:write');
  const form = useChangeForm({ allowedAddresses: [...client.allowedAddresses] }, revision);
  const { allowedAddresses } = form.values;
  return (
    <Stack maw={960}>
      <Card withBorder component="section" aria-labelledby="addresses">
        <Title order={2} size="h4" id="addresses">
          Allowed addresses
        </Title>
        <Text size="sm" c="dimmed" mb="md">
          From where it may ask for tokens, introspect and revoke. Elsewhere no credential of it is
          believed, and nobody there learns whether it was right. Tokens that it has go on working.
        </Text>
        <ChangeForm
          form={form}
          name="updateClient"
          asked={{ params: { realm, clientId }, revision: form.revision, body: form.changed }}
          told="Restrictions saved"
        >
          <TagsInput
            label="Addresses and networks"
            description="IPv4 or IPv6, such as 192.0.2.7 or 2001:db8::/48. Enter after each, 50 at most. Empty: from anywhere."
            placeholder={allowedAddresses.length === 0 ? 'From anywhere' : undefined}
            splitChars={[',', ' ']}
            maxTags={50}
            acceptValueOnBlur
            readOnly={!mayWrite}
            {...form.getInputProps('allowedAddresses')}
            error={errorOf(form.errors)}
            onChange={(next) => {
              form.clearErrors();
              form.setFieldValue('allowedAddresses', next);
            }}
          />
          {form.isDirty() && allowedAddresses.length > 0 && (
            <ShutOut realm={realm} clientId={clientId} allowed={allowedAddresses} />
          )}
        </ChangeForm>
      </Card>
      <Barred client={client} />
      <LimitsCards client={client} />
    </Stack>
  );
}

/** What is wrong with any of them: it is told of the one that it is. */
const errorOf = (errors: Readonly<Record<string, ReactNode>>): ReactNode =>
  Object.entries(errors).find(([member]) => member.startsWith('allowedAddresses'))?.[1];

/** What the list would do to the client's machines, as far as it is known from where they call. */
function ShutOut({ allowed, ...of }: Of & { readonly allowed: readonly string[] }) {
  const { items } = useHeld(of);
  const networks = allowed.flatMap((text) => readAllowedAddress(text) ?? []);
  const used = items.flatMap(({ lastUsedAddress }) => lastUsedAddress ?? []);
  const shutOut = [...new Set(used)].filter((address) => !isAllowedAddress(address, networks));
  if (shutOut.length > 0)
    return (
      <Warning title="It shuts out where the client was seen last">
        A credential of it was used from <code>{shutOut.join(', ')}</code>. Once this is saved,
        nothing is believed from there.
      </Warning>
    );
  return (
    <Warning title="From everywhere else it is refused at once">
      Make sure that every machine of the client is in the list. Behind a proxy, its address is the
      one that a trusted proxy tells.
    </Warning>
  );
}

/** Who was turned away lately: the client itself, when its machines have moved. */
function Barred({ client: { realm, clientId } }: Pick<Shown, 'client'>) {
  const refusals = useAnswer(
    'listRefusalsOfClient',
    { params: { realm, clientId } },
    { refetchInterval: 15_000 },
  );
  const found = refusals.data?.items.find(({ reason }) => reason === 'address_not_allowed');
  if (found === undefined) return null;
  const address = found.clients[0]?.details['address'];
  return (
    <Warning title="Turned away in the last 24 hours">
      {found.refused.toLocaleString()} {found.refused === 1 ? 'request' : 'requests'} as this client
      came from another address
      {typeof address === 'string' && (
        <>
          , the latest from <code>{address}</code>
        </>
      )}
      .
    </Warning>
  );
}
