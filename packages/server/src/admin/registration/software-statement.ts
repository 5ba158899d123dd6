import { isJsonObject, ok, type Refusal, type Result, refuse } from '@tessera/protocol';
import { spendIdentifiers } from '../../clients/spend-identifiers.ts';
import { verifyTrustedAssertion } from '../../clients/verify-trusted-assertion.ts';
import type { RegistrationEnvironment, RegistrationRequest } from './registration-request.ts';

/** Metadata with what a software statement says of the client, and the statement. */
export type StatedMetadata = {
  readonly document: unknown;
  /** As it was sent: RFC 7591 §3.2.1. */
  readonly statement: string | undefined;
};

/**
 * What an issuer that the realm trusts for software says of a client goes before what the client
 * says of itself: "metadata values conveyed in the software statement MUST take precedence over
 * those conveyed using plain JSON elements". RFC 7591 §2.3, §3.1.1
 */
export async function readStatement(
  env: RegistrationEnvironment,
  request: RegistrationRequest,
  document: unknown,
): Promise<Result<StatedMetadata, Refusal>> {
  const statement = isJsonObject(document) ? document['software_statement'] : undefined;
  if (!isJsonObject(document) || statement === undefined || statement === null)
    return ok({ document, statement: undefined });
  if (typeof statement !== 'string')
    return refuse({ reason: 'software_statement_invalid', problem: 'assertion_malformed' });
  const verified = await verifyTrustedAssertion(env, request, statement, 'software', request.now);
  if (!verified.ok) return refuse(describeProblem(verified.refusal));
  const spent = await spendIdentifiers(env, verified.value.spends);
  if (!spent.ok) return refuse(describeProblem(spent.refusal));
  return ok({ document: { ...document, ...verified.value.claims }, statement });
}

function describeProblem(refusal: Refusal): Refusal {
  switch (refusal.reason) {
    case 'issuer_unknown':
      return { reason: 'software_statement_unapproved', issuer: refusal.issuer };
    case 'issuer_keys_unavailable':
      return refusal;
    default:
      return { reason: 'software_statement_invalid', problem: refusal.reason };
  }
}
