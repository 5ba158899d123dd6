import {
  type AssertionProblem,
  type ClientAssertion,
  isSymmetricAlgorithm,
  type PresentedCredentials,
  profileRules,
  type Refusal,
  type Result,
  readClientAssertion,
  refuse,
  SPIFFE_ASSERTION_TYPE,
} from '@tessera/protocol';
import {
  authenticateByDocument,
  type DocumentCaller,
  type DocumentEnvironment,
  isDocumentClient,
} from './authenticate-by-document.ts';
import { authenticateByWorkload } from './authenticate-by-workload.ts';
import type { AuthenticatedClient } from './authenticated-client.ts';
import { believeAssertion } from './believe-assertion.ts';

type PresentedAssertion = Extract<PresentedCredentials, { method: 'client_assertion' }>;

type Env = DocumentEnvironment;

type AssertionCaller = DocumentCaller & {
  /** The address that was called, as it is known outside. */
  readonly called: string;
};

/**
 * Believes a JWT that the client made itself: `private_key_jwt`, or `client_secret_jwt` where its
 * secret is recoverable. RFC 7523 §2.2, §3, as updated by RFC 10070 §4. What another made for it is
 * passed on.
 *
 * Claims are judged before the signature is verified, for they cost nothing; the `jti` is returned
 * and not yet spent, so that nothing that fails later takes it from the client.
 */
export async function authenticateByAssertion(
  env: Env,
  caller: AssertionCaller,
  presented: PresentedAssertion,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const { realm, provider, called, address, now } = caller;
  const read = readClientAssertion(presented.assertion);
  if (isOfAnother(presented, read)) return authenticateByWorkload(env, caller, presented);
  if (!read.ok) return read;
  const assertion = read.value;
  if (presented.clientId !== undefined && presented.clientId !== assertion.subject)
    return refuse({ reason: 'client_id_mismatched' });

  const rules = profileRules(provider.securityProfile);
  const audiences = rules.assertionAudiences(env.addresses.issuer(realm.name), called);
  return isDocumentClient(provider, assertion.subject)
    ? authenticateByDocument(env, caller, rules, assertion, audiences)
    : believeAssertion(env, realm, rules, assertion, audiences, address, now);
}

/**
 * Whether somebody else made the assertion for the client: a client's own names the client twice.
 * RFC 7523 §3
 */
function isOfAnother(
  { assertionType }: PresentedAssertion,
  read: Result<ClientAssertion, AssertionProblem>,
): boolean {
  if (assertionType === SPIFFE_ASSERTION_TYPE) return true;
  if (read.ok)
    return read.value.issuer !== read.value.subject && !isSymmetricAlgorithm(read.value.algorithm);
  // Platforms leave out `iss`, name workloads in more characters than an id has, have other types.
  const { refusal } = read;
  return refusal.reason === 'assertion_malformed'
    ? refusal.part === 'iss' || refusal.part === 'sub'
    : refusal.reason === 'assertion_type_wrong';
}
