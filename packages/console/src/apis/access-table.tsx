import { Badge, Table, Text, VisuallyHidden } from '@mantine/core';
import { CheckIcon } from '@radix-ui/react-icons';
import type { Answer } from '@tessera/server/contract';
import './access-table.css';
import { ClientLink } from './client-link.tsx';

type Holder = Answer<'listClientsOfApi'>['items'][number];

/** Clients down, scopes across: who holds what, to look at. */
export function AccessTable({
  realm,
  scopes,
  holders,
}: {
  readonly realm: string;
  readonly scopes: readonly { readonly name: string; readonly description: string }[];
  readonly holders: readonly Holder[];
}) {
  const upright = scopes.length > 6;
  return (
    <Table.ScrollContainer minWidth={320}>
      <Table aria-label="Who has access" verticalSpacing={6} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th style={{ verticalAlign: 'bottom' }}>Client</Table.Th>
            {scopes.map(({ name, description }) => (
              <Table.Th
                key={name}
                className={upright ? 'access-upright' : 'access-across'}
                title={description}
              >
                <span>{name}</span>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {holders.map((holder) => (
            <Table.Tr key={holder.clientId}>
              <Table.Th scope="row" fw={400} miw={160}>
                <ClientLink realm={realm} clientId={holder.clientId} name={holder.name} />
                {!holder.enabled && (
                  <Badge size="xs" variant="default" ml={6}>
                    Inactive
                  </Badge>
                )}
                {holder.authorizationDetailTypes.length > 0 && (
                  <Text size="xs" c="dimmed">
                    details: {holder.authorizationDetailTypes.join(', ')}
                  </Text>
                )}
              </Table.Th>
              {scopes.map(({ name }) => (
                <Table.Td key={name} ta="center">
                  {holder.scopes.includes(name) ? (
                    <span className="access-held">
                      <CheckIcon aria-hidden />
                      <VisuallyHidden>holds {name}</VisuallyHidden>
                    </span>
                  ) : (
                    <VisuallyHidden>does not hold {name}</VisuallyHidden>
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
