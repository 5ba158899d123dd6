import {
  CERTIFICATE_SUBJECT_KINDS,
  type CertificateSubject,
  formatDistinguishedName,
  type NumericDate,
  ok,
  type Result,
  readCertificateSubject,
  refuse,
} from '@tessera/protocol';
import { formatPemCertificate, readPemCertificate } from '../../clients/pem-certificate.ts';
import { readCertificate, rsaBitsOf } from '../../clients/read-certificate.ts';
import { checkRegistered } from '../../clients/verify-certificate-chain.ts';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer, Input } from '../../contract/routes.ts';
import {
  type CertificateMaterial,
  type CertificateSubjectMaterial,
  type Credential,
  type CredentialOf,
  isOfKind,
} from '../../model/credential.ts';
import { type CredentialPolicy, describeShortKey } from '../../model/credential-policy.ts';
import type { UseCase } from '../use-case.ts';
import {
  changeCredential,
  type DistinctFamily,
  insertCredential,
  revokeCredential,
} from './change-credential.ts';
import { describeState, listFamily, newCredential } from './credential-parts.ts';
import { describeCertificateProblem } from './describe-certificate-problem.ts';

type CertificateCredential = CredentialOf<'certificate' | 'certificate_subject'>;

const CERTIFICATES: DistinctFamily<CertificateCredential> = {
  noun: 'credential',
  unknown: { reason: 'certificate_unknown' },
  taken: { reason: 'certificate_taken' },
  isSame: isSameCertificate,
  includes: isCertificateCredential,
  describe: describeCertificate,
};

export function isCertificateCredential(
  credential: Credential,
): credential is CertificateCredential {
  return isOfKind(credential, 'certificate') || isOfKind(credential, 'certificate_subject');
}

type CertificateView = Answer<'addCertificate'>;

/** A certificate that has ended is told as expired: it is refused, whatever was set here. */
function describeCertificate(
  { material, ...credential }: CertificateCredential,
  now: NumericDate,
): CertificateView {
  const facts =
    material.kind === 'certificate'
      ? readCertificate(Buffer.from(material.certificate, 'base64'))?.facts
      : undefined;
  const ended = facts !== undefined && facts.notAfter < now;
  return {
    id: credential.id,
    kind: material.kind,
    label: credential.label,
    subject:
      material.kind === 'certificate'
        ? formatDistinguishedName(facts?.subject ?? [])
        : material.subject,
    subjectKind: material.kind === 'certificate' ? null : material.subjectKind,
    certificate:
      material.kind === 'certificate' ? formatPemCertificate(material.certificate) : null,
    thumbprint: material.kind === 'certificate' ? material.thumbprint : null,
    notBefore: facts?.notBefore ?? null,
    notAfter: facts?.notAfter ?? null,
    ...describeState({ ...credential, material }, now),
    ...(ended && { status: 'expired' as const }),
  };
}

export const listCertificates: UseCase<'listCertificates'> = (env, asked, { params }) =>
  listFamily(env, asked, params.clientId, isCertificateCredential, describeCertificate);

export const addCertificate: UseCase<'addCertificate'> = async (env, asked, { params, body }) => {
  const provider = await env.store.providers.find(asked.realm.name);
  const material = readMaterial(body, asked.now, provider);
  if (!material.ok) return material;
  const owner = { realm: asked.realm.name, clientId: params.clientId };
  const credential: CertificateCredential = newCredential(env, asked, owner, body, material.value);
  const added = await insertCredential(env, asked, CERTIFICATES, credential);
  return added.ok ? ok(describeCertificate(added.value, asked.now)) : added;
};

type Given = Omit<Input<'addCertificate'>['body'], 'label' | 'expiresIn'>;

/** RFC 8705 §2.2.2 for one certificate, RFC 8705 §2.1.2 for all of a subject. */
export function readMaterial(
  body: Given,
  now: NumericDate,
  policy: CredentialPolicy | undefined,
): Result<CertificateMaterial | CertificateSubjectMaterial, AdminRefusal> {
  const { certificate } = body;
  if (certificate !== undefined) return readCertificateMaterial(certificate, now, policy);
  const subject = readSubject(body);
  if (subject === undefined) throw new Error('the contract asks for exactly one of them');
  return ok({ kind: 'certificate_subject', subjectKind: subject.kind, subject: subject.value });
}

/** One that is to be used later is taken: that is how certificates are replaced without a gap. */
function readCertificateMaterial(
  pem: string,
  now: NumericDate,
  policy: CredentialPolicy | undefined,
): Result<CertificateMaterial, AdminRefusal> {
  const read = readPemCertificate(pem);
  if (!read.ok) return refuse({ reason: 'certificate_unusable', detail: read.refusal });
  const { certificate, base64 } = read.value;
  const problem = checkRegistered(certificate, now);
  if (problem !== undefined && problem.reason !== 'certificate_not_yet_valid')
    return refuse({
      reason: 'certificate_unusable',
      detail: describeCertificateProblem(problem),
    });
  const bits = rsaBitsOf(certificate);
  if (policy !== undefined && bits !== undefined && bits < policy.rsaKeyBitsMin)
    return refuse({ reason: 'certificate_unusable', detail: describeShortKey(bits, policy) });
  return ok({
    kind: 'certificate',
    thumbprint: certificate.facts.thumbprint,
    certificate: base64,
    notAfter: certificate.facts.notAfter,
  });
}

function readSubject(body: Given): CertificateSubject | undefined {
  const values = {
    subject_dn: body.subjectDn,
    san_dns: body.sanDns,
    san_uri: body.sanUri,
    san_ip: body.sanIp,
    san_email: body.sanEmail,
  };
  for (const kind of CERTIFICATE_SUBJECT_KINDS) {
    const value = values[kind];
    const read = value === undefined ? undefined : readCertificateSubject(kind, value);
    if (read?.ok === true) return read.value;
  }
  return undefined;
}

/** A certificate under two names would be one credential that is revoked in part. */
export function isSameCertificate(
  { material: a }: Credential,
  { material: b }: Credential,
): boolean {
  return (
    (a.kind === 'certificate' && b.kind === 'certificate' && a.thumbprint === b.thumbprint) ||
    (a.kind === 'certificate_subject' &&
      b.kind === 'certificate_subject' &&
      a.subjectKind === b.subjectKind &&
      a.subject === b.subject)
  );
}

export const updateCertificate: UseCase<'updateCertificate'> = async (env, asked, input) => {
  const { params, body, precondition } = input;
  const named = { clientId: params.clientId, credentialId: params.certificateId };
  const changed = await changeCredential(env, asked, CERTIFICATES, named, body, precondition);
  return changed.ok ? ok(describeCertificate(changed.value, asked.now)) : changed;
};

export const revokeCertificate: UseCase<'revokeCertificate'> = (
  env,
  asked,
  { params, precondition },
) => {
  const named = { clientId: params.clientId, credentialId: params.certificateId };
  return revokeCredential(env, asked, CERTIFICATES, named, precondition);
};
