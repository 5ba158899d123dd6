import { useQuery } from '@tanstack/react-query';
import { useIssuer } from '../applications/use-token-endpoint.ts';
import type { Jwk } from './signatures.ts';

/** What the realm publishes its keys as. Asked for by path: its documents are on this server. */
export function useRealmKeys(): {
  readonly issuer: string | undefined;
  readonly keys: readonly Jwk[] | undefined;
} {
  const issuer = useIssuer();
  const { data } = useQuery({
    queryKey: ['keys of', issuer],
    enabled: issuer !== undefined,
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<readonly Jwk[]> => {
      const { pathname } = new URL(`${issuer}/connect/jwk_uri`);
      const response = await fetch(pathname, { credentials: 'omit', signal });
      return response.ok ? ((await response.json()) as { keys: readonly Jwk[] }).keys : [];
    },
  });
  return { issuer, keys: data };
}
