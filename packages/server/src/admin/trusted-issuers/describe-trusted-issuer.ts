import type { Answer } from '../../contract/routes.ts';
import type { Environment } from '../../environment.ts';
import type { TrustedIssuer } from '../../model/trusted-issuer.ts';

export const describeTrustedIssuer = (
  { addresses }: Pick<Environment, 'addresses'>,
  trusted: TrustedIssuer,
): Answer<'findTrustedIssuer'> => ({
  realm: trusted.realm,
  id: trusted.id,
  name: trusted.name,
  preset: trusted.preset,
  issuer: trusted.issuer,
  jwksUri: trusted.jwksUri ?? null,
  jwks: trusted.jwks === undefined ? null : { keys: trusted.jwks.map((key) => ({ ...key })) },
  audience: trusted.audience ?? addresses.issuer(trusted.realm),
  algorithms: trusted.algorithms,
  lifetimeMax: trusted.lifetimeMax,
  assertionReuse: trusted.assertionReuse,
  uses: trusted.uses,
  enabled: trusted.enabled,
  createdAt: trusted.createdAt,
  revision: trusted.revision,
});
