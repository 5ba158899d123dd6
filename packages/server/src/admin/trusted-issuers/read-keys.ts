import {
  describeKeySetProblem,
  ok,
  type Result,
  readKeySet,
  refuse,
  type VerificationKey,
} from '@tessera/protocol';
import { openVerificationKey } from '../../clients/verify-signature.ts';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Environment } from '../../environment.ts';
import type { TrustedIssuer } from '../../model/trusted-issuer.ts';

/** Where the keys of an issuer are, or the keys: one of the two. */
export type IssuerKeys = Pick<TrustedIssuer, 'jwks' | 'jwksUri'>;

/** Takes keys, or their address, from an administrator; `undefined`: neither was given. */
export function readKeys(
  { outbound }: Pick<Environment, 'outbound'>,
  preset: TrustedIssuer['preset'],
  { jwks, jwksUri }: { readonly jwks?: unknown; readonly jwksUri?: string | undefined },
): Result<IssuerKeys | undefined, AdminRefusal> {
  if (jwksUri !== undefined)
    return outbound.check(jwksUri).ok
      ? ok({ jwks: undefined, jwksUri })
      : refuse({ reason: 'address_not_allowed', pointer: '/jwksUri' });
  if (jwks === undefined) return ok(undefined);
  // A bundle has keys for certificates too, which are no use here.
  const read = readKeySet(jwks, preset === 'spiffe' ? 'lenient' : 'strict');
  if (!read.ok) return unusable(describeKeySetProblem(read.refusal));
  if (read.value.length === 0) return unusable('has no key by which a JWT is verified');
  if (!read.value.every((key: VerificationKey) => openVerificationKey(key) !== undefined))
    return unusable('has a key that is not of the type that it names');
  return ok({ jwks: read.value, jwksUri: undefined });
}

const unusable = (detail: string) =>
  refuse({ reason: 'key_unusable', pointer: '/jwks', detail } as const);
