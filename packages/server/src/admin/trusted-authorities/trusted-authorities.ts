import { formatDistinguishedName, type NumericDate, ok, refuse } from '@tessera/protocol';
import { formatPemCertificate, readPemCertificate } from '../../clients/pem-certificate.ts';
import { readCertificate } from '../../clients/read-certificate.ts';
import { checkAuthority } from '../../clients/verify-certificate-chain.ts';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer } from '../../contract/routes.ts';
import { type Credential, isOfKind } from '../../model/credential.ts';
import { TRUSTED_AUTHORITIES_MAX, type TrustedAuthority } from '../../model/trusted-authority.ts';
import { describeChange, eventOf, isFresh } from '../change.ts';
import { describeCertificateProblem } from '../credentials/describe-certificate-problem.ts';
import { mayImpersonateAll } from '../credentials/new-secret.ts';
import type { UseCase } from '../use-case.ts';

type AuthorityView = Answer<'findTrustedAuthority'>;

function describeAuthority(authority: TrustedAuthority, now: NumericDate): AuthorityView {
  const facts = readCertificate(Buffer.from(authority.certificate, 'base64'))?.facts;
  if (facts === undefined) throw new Error(`the certificate of ${authority.id} is damaged`);
  return {
    id: authority.id,
    name: authority.name,
    subject: formatDistinguishedName(facts.subject),
    thumbprint: authority.thumbprint,
    certificate: formatPemCertificate(authority.certificate),
    notBefore: facts.notBefore,
    notAfter: facts.notAfter,
    status: facts.notAfter < now ? 'expired' : 'active',
    createdAt: authority.createdAt,
    revision: authority.revision,
  };
}

export const listTrustedAuthorities: UseCase<'listTrustedAuthorities'> = async (
  env,
  { realm, now },
) => {
  const authorities = await env.store.trustedAuthorities.all(realm.name);
  return ok({ items: authorities.map((authority) => describeAuthority(authority, now)) });
};

export const findTrustedAuthority: UseCase<'findTrustedAuthority'> = async (
  env,
  { realm, now },
  { params },
) => {
  const authorities = await env.store.trustedAuthorities.all(realm.name);
  const authority = authorities.find(({ id }) => id === params.authorityId);
  return authority === undefined
    ? refuse({ reason: 'trusted_authority_unknown' })
    : ok(describeAuthority(authority, now));
};

/** Only an authority that a path could end at is kept: any other would be believed in vain. */
export const createTrustedAuthority: UseCase<'createTrustedAuthority'> = async (
  env,
  asked,
  { body },
) => {
  const read = readPemCertificate(body.certificate);
  if (!read.ok) return refuse({ reason: 'certificate_unusable', detail: read.refusal });
  const { certificate, base64 } = read.value;
  const problem = checkAuthority(certificate, asked.now);
  if (problem !== undefined)
    return refuse({
      reason: 'certificate_unusable',
      detail: describeCertificateProblem(problem),
    });
  const realm = asked.realm.name;
  const authority: TrustedAuthority = {
    realm,
    id: env.random.uuid(),
    name: body.name,
    certificate: base64,
    thumbprint: certificate.facts.thumbprint,
    createdAt: asked.now,
    revision: 1,
  };
  const view = describeAuthority(authority, asked.now);
  return env.store.commit<AuthorityView, AdminRefusal>(
    eventOf(
      asked,
      'trusted-authority.created',
      { kind: 'trusted-authority', id: authority.id },
      describeChange(undefined, view),
    ),
    async (rows) => {
      const relies = (credential: Credential) => isOfKind(credential, 'certificate_subject');
      if (!(await mayImpersonateAll(rows, asked, relies)))
        return refuse({ reason: 'right_not_held' });
      const held = await rows.trustedAuthorities.all(realm);
      if (held.some(({ thumbprint }) => thumbprint === authority.thumbprint))
        return refuse({ reason: 'trusted_authority_taken' });
      if (held.length >= TRUSTED_AUTHORITIES_MAX)
        return refuse({
          reason: 'trusted_authorities_too_many',
          limit: TRUSTED_AUTHORITIES_MAX,
        });
      await rows.trustedAuthorities.insert(authority);
      return ok(view);
    },
  );
};

export const deleteTrustedAuthority: UseCase<'deleteTrustedAuthority'> = async (
  env,
  asked,
  { params, precondition },
) => {
  const realm = asked.realm.name;
  const { authorityId } = params;
  const deleted = await env.store.commit<TrustedAuthority, AdminRefusal>(
    (authority) =>
      eventOf(
        asked,
        'trusted-authority.deleted',
        { kind: 'trusted-authority', id: authorityId },
        describeChange(describeAuthority(authority, asked.now), undefined),
      ),
    async (rows) => {
      const current = await rows.trustedAuthorities.find(realm, authorityId);
      if (current === undefined) return refuse({ reason: 'trusted_authority_unknown' });
      if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
      await rows.trustedAuthorities.delete(realm, authorityId);
      return ok(current);
    },
  );
  return deleted.ok ? ok(undefined) : deleted;
};
