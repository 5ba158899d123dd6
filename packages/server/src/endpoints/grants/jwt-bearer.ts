import {
  type Authorization,
  decideJwtBearer,
  decideServiceAccount,
  describeAssertionRefusal,
  formatForeignSubject,
  isClientId,
  ok,
  type Refusal,
  type Result,
  readGrantAssertion,
  refuse,
} from '@tessera/protocol';
import { authenticateServiceAccount } from '../../clients/authenticate-service-account.ts';
import type { OneTimeIdentifier } from '../../clients/spend-identifiers.ts';
import { verifyTrustedAssertion } from '../../clients/verify-trusted-assertion.ts';
import type { Grant, GrantDecision, GrantRequest } from './grant.ts';

/**
 * A JWT as a grant. RFC 7523 §2.1: of a service account, which vouches for itself, or of an issuer
 * that the realm trusts, about a subject of its own.
 */
export const jwtBearer: Grant = async (env, asked) => {
  const { caller, request, allowance } = asked;
  if (caller.grantSpends !== undefined) return decideOwn(asked, caller.grantSpends);

  const text = request.form.single.get('assertion');
  if (text === undefined) return refuse({ reason: 'grant_assertion_missing' });
  const { clientId } = caller.client;
  // A public client has proved nothing, and what others say of their users is not for everybody.
  if (caller.credentialId === undefined) return refuse({ reason: 'secret_missing', clientId });

  const own = readGrantAssertion(text);
  if (own.ok && own.value.issuer === clientId) {
    const account = await authenticateServiceAccount(env, request, own.value);
    return account.ok ? decideOwn(asked, account.value.grantSpends ?? []) : account;
  }

  const verified = await verifyTrustedAssertion(env, request, text, 'grant', request.now);
  if (!verified.ok) return refuse(describeAssertionRefusal(verified.refusal));
  const { issuer, subject, spends } = verified.value;
  if (!isClientId(subject))
    return refuse(describeAssertionRefusal({ reason: 'assertion_subject_wrong', clientId }));
  const foreign = formatForeignSubject(issuer.id, subject);
  return complete(decideJwtBearer(allowance, request.form, foreign), spends);
};

const decideOwn = (
  { allowance, request: { form, provider, grantProfile } }: GrantRequest,
  spends: readonly OneTimeIdentifier[],
): Result<GrantDecision, Refusal> => {
  const words = (grantProfile ?? provider.securityProfile) === 'pingone' ? 'pingone' : 'standard';
  const decided = decideServiceAccount(allowance, form, words);
  return decided.ok ? ok({ authorization: decided.value, spends }) : decided;
};

const complete = (
  decided: Result<Authorization, Refusal>,
  spends: readonly OneTimeIdentifier[],
): Result<GrantDecision, Refusal> => {
  if (!decided.ok) return decided;
  const described = spends.map((identifier) => ({
    ...identifier,
    ifSpent: describeAssertionRefusal(identifier.ifSpent),
  }));
  return ok({ authorization: decided.value, spends: described });
};
