import { Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';

/** By its name where it has one that can be found; else by its id. */
export function Party({
  realm,
  kind,
  id,
}: {
  readonly realm: string;
  readonly kind: string;
  readonly id: string;
}) {
  const named = kind === 'user' || kind === 'application' || kind === 'api';
  const { data: name } = useQuery({
    queryKey: ['name of', realm, kind, id],
    enabled: named,
    staleTime: 300_000,
    retry: false,
    queryFn: () => findName(realm, kind, id),
  });
  const shown = name ?? (kind === 'system' ? 'The server' : id);
  return (
    <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
      {kind !== 'system' && (
        <Text span size="sm" c="dimmed">
          {KINDS[kind] ?? capitalize(kind.replaceAll('-', ' '))}{' '}
        </Text>
      )}
      {shown === id || id === '' ? (
        shown
      ) : (
        <Tooltip label={id}>
          <span>{shown}</span>
        </Tooltip>
      )}
    </Text>
  );
}

const KINDS: Readonly<Record<string, string>> = { api: 'API' };

const capitalize = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

/** Administrators of the root realm act in every realm. */
async function findName(realm: string, kind: string, id: string): Promise<string | null> {
  try {
    if (kind === 'application')
      return (await call('findApplication', { params: { realm, applicationId: id } })).name;
    if (kind === 'api') return (await call('findApi', { params: { realm, apiId: id } })).name;
    return (await call('findUser', { params: { realm, userId: id } })).userName;
  } catch {
    return kind === 'user' && realm !== 'root' ? findName('root', kind, id) : null;
  }
}
