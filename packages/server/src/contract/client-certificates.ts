import { type CertificateSubjectKind, readCertificateSubject } from '@tessera/protocol';
import { z } from 'zod';
import {
  credentialParams,
  credentialPatch,
  credentialStateMembers,
  newCredentialMembers,
} from './credential-members.ts';
import { certificateField, idField, instantField, line } from './fields.ts';
import type { Route } from './route.ts';

const certificateView = z
  .object({
    id: z.string(),
    kind: z.enum(['certificate', 'certificate_subject']).meta({
      description: 'One certificate, or any of a subject that a trusted authority has signed',
    }),
    label: z.string(),
    subject: z
      .string()
      .meta({ description: 'The distinguished name of the certificate, or what was registered' }),
    subjectKind: z
      .enum(['subject_dn', 'san_dns', 'san_uri', 'san_ip', 'san_email'])
      .nullable()
      .meta({ description: 'Where in a certificate the subject is looked for' }),
    certificate: z.string().nullable().meta({ description: 'PEM' }),
    thumbprint: z.string().nullable().meta({ description: 'x5t#S256, RFC 8705 section 3.1' }),
    notBefore: instantField.nullable(),
    notAfter: instantField.nullable().meta({ description: 'When the certificate itself ends' }),
    ...credentialStateMembers,
  })
  .meta({ id: 'ClientCertificate' });

const subjectField = (kind: CertificateSubjectKind, description: string) =>
  line(2048)
    .superRefine((value, context) => {
      const read = readCertificateSubject(kind, value);
      if (!read.ok) context.addIssue({ code: 'custom', message: `must be ${read.refusal}` });
    })
    .optional()
    .meta({ description });

/** RFC 8705 §2.1.2: "exactly one of" these says whose certificate it is. */
export const subjectFields = {
  subjectDn: subjectField('subject_dn', 'A distinguished name as in RFC 4514'),
  sanDns: subjectField('san_dns', 'A host name among the alternative names'),
  sanUri: subjectField('san_uri', 'A URI among them, for example a SPIFFE ID'),
  sanIp: subjectField('san_ip', 'An IP address among them'),
  sanEmail: subjectField('san_email', 'An email address among them'),
};

const certificateMembers = {
  certificate: certificateField.optional().meta({
    description: 'One certificate in PEM, whoever signed it: self_signed_tls_client_auth',
  }),
  ...subjectFields,
};

/** Each of them names the certificate by itself; two could contradict each other. */
const namesOne = (
  body: {
    readonly [Member in keyof typeof certificateMembers]?: string | undefined;
  },
): boolean =>
  [body.certificate, body.subjectDn, body.sanDns, body.sanUri, body.sanIp, body.sanEmail].filter(
    (one) => one !== undefined,
  ).length === 1;

const NAMES_ONE =
  'must have exactly one of certificate, subjectDn, sanDns, sanUri, sanIp and sanEmail';

const newCertificate = z
  .strictObject({ ...certificateMembers, ...newCredentialMembers })
  .refine(namesOne, NAMES_ONE)
  .meta({ id: 'NewClientCertificate' });

/** One of those that a client is said to have, with nothing else of it. */
export const ownCertificate = z
  .strictObject(certificateMembers)
  .refine(namesOne, NAMES_ONE)
  .meta({ id: 'OwnCertificate' });

const certificatePatch = credentialPatch('ClientCertificatePatch');

const certificateParams = credentialParams.extend({ certificateId: idField });

export const CLIENT_CERTIFICATE_ROUTES = {
  listCertificates: {
    method: 'GET',
    path: '/api/realms/{realm}/clients/{clientId}/certificates',
    tag: 'credentials',
    summary: 'List the certificates of a client',
    permission: 'credentials:read',
    owner: true,
    params: credentialParams,
    answer: z.object({ items: z.array(certificateView) }).meta({ id: 'ClientCertificateList' }),
    status: 200,
  },
  addCertificate: {
    method: 'POST',
    path: '/api/realms/{realm}/clients/{clientId}/certificates',
    tag: 'credentials',
    summary: 'Add a certificate, or the subject of certificates that a trusted authority signs',
    description:
      'Whoever has the private key of such a certificate is the client from then on. A private key is refused.',
    permission: 'credentials:write',
    owner: true,
    params: credentialParams,
    body: newCertificate,
    answer: certificateView,
    status: 201,
    tagged: true,
    locates: 'id',
  },
  updateCertificate: {
    method: 'PATCH',
    path: '/api/realms/{realm}/clients/{clientId}/certificates/{certificateId}',
    tag: 'credentials',
    summary: 'Change the label or the expiry of a certificate',
    permission: 'credentials:write',
    owner: true,
    params: certificateParams,
    body: certificatePatch,
    answer: certificateView,
    status: 200,
    precondition: 'required',
    tagged: true,
  },
  revokeCertificate: {
    method: 'DELETE',
    path: '/api/realms/{realm}/clients/{clientId}/certificates/{certificateId}',
    tag: 'credentials',
    summary: 'Revoke a certificate',
    description: 'It is refused at once. Tokens that were obtained with it live on.',
    permission: 'credentials:write',
    owner: true,
    params: certificateParams,
    status: 204,
    precondition: 'optional',
  },
} as const satisfies Readonly<Record<string, Route>>;
