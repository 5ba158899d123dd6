import type { Answer } from '@tessera/server/contract';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';

/** Where the realm's endpoints are; undefined while unknown. Users see those of their own realm. */
function useAddresses(): Answer<'findRealmAddresses'> | undefined {
  const realm = useRealm();
  return useAnswer('findRealmAddresses', { params: { realm } }).data;
}

export const useIssuer = (): string | undefined => useAddresses()?.issuer;

export const useTokenEndpoint = (): string | undefined => useAddresses()?.tokenEndpoint;
