import { ok, refuse } from '@tessera/protocol';
import type { UseCase } from '../use-case.ts';
import { describeTrustedIssuer } from './describe-trusted-issuer.ts';

export const listTrustedIssuers: UseCase<'listTrustedIssuers'> = async (env, { realm }) => {
  const trusted = await env.store.trustedIssuers.all(realm.name);
  return ok({ items: trusted.map((one) => describeTrustedIssuer(env, one)) });
};

export const findTrustedIssuer: UseCase<'findTrustedIssuer'> = async (
  env,
  { realm },
  { params },
) => {
  const trusted = await env.store.trustedIssuers.all(realm.name);
  const found = trusted.find(({ id }) => id === params.issuerId);
  return found === undefined
    ? refuse({ reason: 'trusted_issuer_unknown' })
    : ok(describeTrustedIssuer(env, found));
};
