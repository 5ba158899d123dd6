import { Badge, Group, Stack, Table, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Answer } from '@tessera/server/contract';
import { call } from '../api/call.ts';
import { ProblemError } from '../api/problem.ts';
import { Failed } from '../parts/states.tsx';
import type { Claim } from './claim-draft.ts';

type Preview = Answer<'previewClientClaims'>;

/**
 * What the server would put into a token of a client, were these the claims. `claims` undefined: as
 * they are. `apiId` null: a token for scopes of no API.
 */
export function useClaimPreview(
  realm: string,
  clientId: string | null,
  apiId: string | null,
  claims: readonly Claim[] | undefined,
): UseQueryResult<Preview, Error> {
  const [settled] = useDebouncedValue(claims, 300);
  return useQuery({
    queryKey: ['previewClientClaims', { realm, clientId, apiId }, settled ?? {}],
    queryFn: ({ signal }) =>
      call('previewClientClaims', {
        params: { realm, clientId: clientId ?? '' },
        body: { apiId, ...(settled !== undefined && { claims: settled }) },
        signal,
      }),
    enabled: clientId !== null,
    placeholderData: keepPreviousData,
  });
}

/** What is wrong with drafts, by path: the server is the one who knows. */
export const problemsOf = ({ error }: { readonly error: Error | null }) =>
  error instanceof ProblemError ? error.paths : {};

const ORIGINS = { api: 'API', provider: 'realm' } as const;

export function ClaimPreview({ preview }: { readonly preview: UseQueryResult<Preview, Error> }) {
  const { data, error } = preview;
  if (error !== null && Object.keys(problemsOf(preview)).length > 0)
    return (
      <Text size="sm" c="dimmed">
        Some claim is not right yet.
      </Text>
    );
  if (error !== null) return <Failed error={error} retry={preview.refetch} />;
  if (data === undefined) return null;
  if (data.items.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {data.hook
          ? 'Only what the claims hook answers.'
          : 'Its tokens say nothing besides what every token says.'}
      </Text>
    );
  return (
    <Stack gap="xs">
      <Table verticalSpacing={6} aria-label="Claims of its tokens" layout="fixed">
        <Table.Tbody>
          {data.items.map((item) => (
            <Table.Tr key={item.name}>
              <Table.Th scope="row" w="38%" fw={500} style={{ overflowWrap: 'anywhere' }}>
                <Text size="sm" ff="monospace" span>
                  {item.name}
                </Text>
              </Table.Th>
              <Table.Td>
                <Group gap={6} justify="space-between" wrap="nowrap">
                  {'value' in item ? (
                    <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                      {JSON.stringify(item.value)}
                    </Text>
                  ) : (
                    <Text size="sm" c="dimmed">
                      left out: the client lacks the attribute
                    </Text>
                  )}
                  <Badge size="xs" variant="light" color="gray" tt="none" style={{ flexShrink: 0 }}>
                    {ORIGINS[item.from]}
                  </Badge>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {!data.fits && (
        <Text size="sm" c="red">
          Too long for a token: all of it is at most 2,048 bytes.
        </Text>
      )}
      {data.hook && (
        <Text size="xs" c="dimmed">
          The claims hook adds to it when a token is issued.
        </Text>
      )}
    </Stack>
  );
}
