import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { usePermission } from '../session/use-session.ts';

/** The realm's issuer, below which its endpoints are. Undefined while unknown, or for who may not see it. */
export function useIssuer(): string | undefined {
  const realm = useRealm();
  const enabled = usePermission('realms:read');
  return useAnswer('findRealm', { params: { realm } }, { enabled }).data?.issuer;
}

export function useTokenEndpoint(): string | undefined {
  const issuer = useIssuer();
  return issuer === undefined ? undefined : `${issuer}/access_token`;
}
