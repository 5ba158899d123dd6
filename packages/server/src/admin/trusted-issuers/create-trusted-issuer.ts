import { ok, type Result, refuse, seconds } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Input } from '../../contract/routes.ts';
import { TRUSTED_ISSUERS_MAX, type TrustedIssuer } from '../../model/trusted-issuer.ts';
import { describeChange, eventOf } from '../change.ts';
import type { AdminEnvironment, UseCase } from '../use-case.ts';
import { describeTrustedIssuer } from './describe-trusted-issuer.ts';
import { discoverKeys } from './discover-keys.ts';
import { PRESETS } from './presets.ts';
import { type IssuerKeys, readKeys } from './read-keys.ts';

export const createTrustedIssuer: UseCase<'createTrustedIssuer'> = async (env, asked, { body }) => {
  const realm = asked.realm.name;
  const preset = PRESETS[body.preset];
  const issuer = readIssuer(body);
  if (issuer === undefined) return refuse({ reason: 'issuer_malformed' });
  if (body.audience === issuer) return refuse({ reason: 'issuer_audience_unsafe' });
  const keys = await findKeys(env, issuer, body);
  if (!keys.ok) return keys;
  const trusted: TrustedIssuer = {
    realm,
    id: env.random.uuid(),
    name: body.name,
    issuer,
    preset: body.preset,
    ...keys.value,
    audience: body.audience ?? undefined,
    algorithms: body.algorithms ?? preset.algorithms,
    lifetimeMax: seconds(body.lifetimeMax ?? preset.lifetimeMax),
    assertionReuse: body.assertionReuse ?? preset.assertionReuse,
    uses: body.uses,
    enabled: body.enabled,
    createdAt: asked.now,
    revision: 1,
  };
  const view = describeTrustedIssuer(env, trusted);
  const subject = { kind: 'trusted-issuer', id: trusted.id };
  const created = await env.store.commit<undefined, AdminRefusal>(
    eventOf(asked, 'trusted-issuer.created', subject, describeChange(undefined, view)),
    async (rows) => {
      const known = await rows.trustedIssuers.all(realm);
      if (known.length >= TRUSTED_ISSUERS_MAX)
        return refuse({ reason: 'trusted_issuers_too_many', limit: TRUSTED_ISSUERS_MAX });
      if ([env.addresses.issuer(realm), ...known.map((one) => one.issuer)].includes(issuer))
        return refuse({ reason: 'issuer_taken' });
      return (await rows.trustedIssuers.insert(trusted)) === 'taken'
        ? refuse({ reason: 'issuer_taken' })
        : ok(undefined);
    },
  );
  return created.ok ? ok(view) : created;
};

const WEB_ISSUER = /^https?:\/\/[^/?#\s]+[^?#\s]*$/;
const TRUST_DOMAIN = /^(?:spiffe:\/\/)?([a-z0-9._-]{1,255})$/;

/** As assertions will name it: for a trust domain the prefix of all its SPIFFE IDs. */
export function readIssuer({
  preset,
  issuer,
}: Pick<Input<'createTrustedIssuer'>['body'], 'preset' | 'issuer'>): string | undefined {
  const named = issuer ?? PRESETS[preset].issuer ?? '';
  if (preset !== 'spiffe') return WEB_ISSUER.test(named) ? named : undefined;
  const domain = TRUST_DOMAIN.exec(named)?.[1];
  return domain === undefined ? undefined : `spiffe://${domain}`;
}

/** As they were given; else where the platform has them, or says that it has. */
async function findKeys(
  env: Pick<AdminEnvironment, 'outbound'>,
  issuer: string,
  body: Input<'createTrustedIssuer'>['body'],
): Promise<Result<IssuerKeys, AdminRefusal>> {
  const given = readKeys(env, body.preset, body);
  if (!given.ok) return given;
  if (given.value !== undefined) return ok(given.value);
  const { jwksPath } = PRESETS[body.preset];
  if (jwksPath === 'discovered') return discoverKeys(env, issuer);
  const jwksUri = `${issuer.replace(/\/$/, '')}${jwksPath}`;
  return env.outbound.check(jwksUri).ok
    ? ok({ jwks: undefined, jwksUri })
    : refuse({ reason: 'address_not_allowed', pointer: '/issuer' });
}
