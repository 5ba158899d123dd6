import {
  type AuthorizationHeader,
  GRANT_TYPES,
  type NumericDate,
  profileRules,
  type Refusal,
  type RegistrationRules,
  type Result,
} from '@tessera/protocol';
import type { Environment } from '../../environment.ts';
import type { Actor } from '../../model/event.ts';
import type { Provider } from '../../model/provider.ts';
import type { Realm } from '../../model/realm.ts';
import type { Asked } from '../use-case.ts';

/** What registration needs: what an administrator's use cases need to make clients. */
export type RegistrationEnvironment = Pick<
  Environment,
  | 'addresses'
  | 'failureBudget'
  | 'hasher'
  | 'keyRing'
  | 'outbound'
  | 'keySets'
  | 'random'
  | 'store'
  | 'publicSecrets'
>;

/** A request of the registration endpoint, read. RFC 7591 §3.1, RFC 7592 §2 */
export type RegistrationRequest = {
  readonly realm: Realm;
  readonly provider: Provider;
  readonly authorization: AuthorizationHeader;
  /** The caller's address, for failure budgets. */
  readonly address: string;
  readonly requestId: string;
  readonly now: NumericDate;
  /** The body, which is not read before it is known who sent it. */
  document(): Result<unknown, Refusal>;
};

/** What a realm allows clients that nobody has looked at, with these scopes at most. */
export function registrationRules(
  { addresses }: Pick<Environment, 'addresses'>,
  { securityProfile, grantTypes }: Provider,
  scopes: readonly string[],
): RegistrationRules {
  const { authenticationMethods, assertionAlgorithms } = profileRules(securityProfile);
  return {
    grantTypes: GRANT_TYPES.filter((one) => grantTypes.includes(one)),
    methods: authenticationMethods.filter(
      (method) => addresses.acceptsCertificates || !method.includes('tls_client_auth'),
    ),
    algorithms: assertionAlgorithms,
    scopes,
  };
}

/**
 * The request as the use cases of administration know them. Who registers itself administers
 * nothing: the permissions are none, and events name it as it is.
 */
export const askedBy = ({ realm, now, requestId }: RegistrationRequest, actor: Actor): Asked => ({
  administrator: {
    ...actor,
    realm: realm.name,
    name: actor.id,
    roles: [],
    permissions: new Set(),
    everyRealm: false,
    passwordOneTime: false,
    expiresAt: undefined,
    sessionDigest: undefined,
  },
  realm,
  now,
  requestId,
  surface: undefined,
  ownedBy: undefined,
});
