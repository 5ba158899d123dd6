import { JWT_BEARER_GRANT, profileRules } from '@tessera/protocol';
import type { Provider } from '../model/provider.ts';
import { ROOT_REALM } from '../model/realm.ts';
import type { OAuthRequest } from './oauth-request.ts';

const { serviceAccountClientId } = profileRules('pingone');

/**
 * Where PingOne's administration is served, its service accounts get their tokens at the root realm
 * in their own way, whatever that realm is like for others: who says to be one by `client_id` may
 * write the audience as PingOne's clients do, and the grant is there without being switched on. The
 * tokens are those of the realm. FAPI 2.0 leaves no room for that.
 */
export function asServiceAccountRequest(request: OAuthRequest): OAuthRequest {
  const { realm, provider, form } = request;
  return realm.name === ROOT_REALM &&
    provider.securityProfile !== 'fapi2' &&
    form.single.get('client_id') === serviceAccountClientId &&
    form.single.get('grant_type') === JWT_BEARER_GRANT
    ? { ...request, provider: withGrant(provider), grantProfile: 'pingone' }
    : request;
}

/** One for each provider, so that what is remembered of it is remembered of both. */
const granting = new WeakMap<Provider, Provider>();

function withGrant(provider: Provider): Provider {
  if (provider.grantTypes.includes(JWT_BEARER_GRANT)) return provider;
  const known = granting.get(provider);
  if (known !== undefined) return known;
  const made = { ...provider, grantTypes: [...provider.grantTypes, JWT_BEARER_GRANT] };
  granting.set(provider, made);
  return made;
}
