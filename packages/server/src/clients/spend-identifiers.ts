import { hash } from 'node:crypto';
import type { AssertionUse, Refusal, Result } from '@tessera/protocol';
import { ok, refuse } from '@tessera/protocol';
import type { Environment, SpentIdentifier } from '../environment.ts';

/**
 * A one-time identifier as it is kept: a digest, so that long ones cost no more than short ones
 * (RFC 9449 §11.1), made of all that it is unique within.
 */
export type OneTimeIdentifier = SpentIdentifier & {
  /** What is said of it when it was spent before. */
  readonly ifSpent: Refusal;
};

/** The `jti` of an assertion that a client made itself, or that an issuer made of others. */
export function identifierOf(
  kind: 'assertion' | 'trusted_assertion',
  realm: string,
  maker: string,
  { identifier, expiresAt }: AssertionUse,
): OneTimeIdentifier {
  return {
    digest: digestOf(kind, realm, maker, identifier),
    expiresAt,
    ifSpent: {
      reason: 'assertion_replayed',
      [kind === 'assertion' ? 'clientId' : 'issuer']: maker,
    },
  };
}

/** None of the parts but the last, which a caller chose, can contain the separator. */
export const digestOf = (...parts: readonly string[]): string =>
  hash('sha256', JSON.stringify(parts), 'base64url');

/**
 * Uses up one-time identifiers, after everything else was verified and before anything is given:
 * of two requests with the same one, however close, one goes on. RFC 7523 §3
 */
export async function spendIdentifiers(
  { store }: Pick<Environment, 'store'>,
  identifiers: readonly OneTimeIdentifier[],
): Promise<Result<undefined, Refusal>> {
  if (identifiers.length === 0) return ok(undefined);
  const outcomes = await store.spend(identifiers);
  const spent = identifiers.find((_, index) => outcomes[index] !== 'spent');
  return spent === undefined ? ok(undefined) : refuse(spent.ifSpent);
}
