import {
  type ClientAssertion,
  describeAssertionRefusal,
  isSymmetricAlgorithm,
  type NumericDate,
  ok,
  profileRules,
  type Refusal,
  type Result,
  refuse,
  type SecurityProfile,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { Provider } from '../model/provider.ts';
import type { Realm } from '../model/realm.ts';
import type { AuthenticatedClient } from './authenticated-client.ts';
import { believeAssertion } from './believe-assertion.ts';
import { checkCredentialPolicy } from './check-credential-policy.ts';

type Env = Pick<Environment, 'store' | 'hasher' | 'addresses' | 'keySets'>;

/** Where and when an assertion was presented as a grant. */
type Place = {
  readonly realm: Realm;
  readonly provider: Provider;
  /** undefined: that of the realm. */
  readonly grantProfile?: SecurityProfile;
  /** The address that was called, as it is known outside. */
  readonly called: string;
  /** The caller's. */
  readonly address: string;
  readonly now: NumericDate;
};

/**
 * Believes a service account: a client that vouches for itself, by an assertion that is both its
 * grant and its proof. RFC 7521 §4.1 makes client authentication optional.
 *
 * The rules are those of `private_key_jwt` but for the audience (RFC 7523 §3), and a `jti` is good
 * for one of the two uses. Secrets make no grants: whoever can verify such an assertion could have
 * made it.
 */
export async function authenticateServiceAccount(
  env: Env,
  { realm, provider, grantProfile, called, address, now }: Place,
  assertion: ClientAssertion,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const { algorithm, subject: clientId } = assertion;
  if (isSymmetricAlgorithm(algorithm)) {
    const refusal = { reason: 'assertion_algorithm_not_allowed', clientId } as const;
    return refuse(describeAssertionRefusal(refusal));
  }
  const rules = profileRules(grantProfile ?? provider.securityProfile);
  const audiences = rules.grantAudiences(env.addresses.issuer(realm.name), called);
  const client = await believeAssertion(env, realm, rules, assertion, audiences, address, now);
  if (!client.ok) return refuse(describeAssertionRefusal(client.refusal));
  const problem = checkCredentialPolicy(provider, client.value, undefined, now);
  if (problem !== undefined) return refuse(describeAssertionRefusal(problem));
  const grantSpends = client.value.spends.map((identifier) => ({
    ...identifier,
    ifSpent: describeAssertionRefusal(identifier.ifSpent),
  }));
  return ok({ ...client.value, spends: [], grantSpends });
}
