import { z } from 'zod';
import {
  certificateField,
  idField,
  instantField,
  nameField,
  realmParams,
  revisionField,
} from './fields.ts';
import type { Route } from './route.ts';

const authorityView = z
  .object({
    id: z.string(),
    name: z.string(),
    subject: z.string().meta({ description: 'Distinguished name, RFC 4514' }),
    thumbprint: z.string().meta({ description: 'x5t#S256' }),
    certificate: z.string().meta({ description: 'PEM' }),
    notBefore: instantField,
    notAfter: instantField,
    status: z.enum(['active', 'expired']),
    createdAt: instantField,
    revision: revisionField,
  })
  .meta({ id: 'TrustedAuthority' });

export const newAuthority = z
  .strictObject({
    name: nameField,
    certificate: certificateField.meta({
      description: 'The certificate of the authority in PEM: a root, or an intermediate',
    }),
  })
  .meta({ id: 'NewTrustedAuthority' });

const params = realmParams.extend({ authorityId: idField });

export const TRUSTED_AUTHORITY_ROUTES = {
  listTrustedAuthorities: {
    method: 'GET',
    path: '/api/realms/{realm}/trusted-authorities',
    tag: 'trust',
    summary: 'List the certificate authorities whose client certificates a realm believes',
    permission: 'trust:read',
    params: realmParams,
    answer: z.object({ items: z.array(authorityView) }).meta({ id: 'TrustedAuthorityList' }),
    status: 200,
  },
  createTrustedAuthority: {
    method: 'POST',
    path: '/api/realms/{realm}/trusted-authorities',
    tag: 'trust',
    summary: 'Believe the client certificates of a certificate authority',
    description:
      'Clients of the method tls_client_auth are known by the subject of their certificate. Whoever can have certificates issued there can be any of them, so name no authority that issues for other purposes too.',
    permission: 'trust:write',
    params: realmParams,
    body: newAuthority,
    answer: authorityView,
    status: 201,
    tagged: true,
    locates: 'id',
  },
  findTrustedAuthority: {
    method: 'GET',
    path: '/api/realms/{realm}/trusted-authorities/{authorityId}',
    tag: 'trust',
    summary: 'Show a certificate authority',
    permission: 'trust:read',
    params,
    answer: authorityView,
    status: 200,
    tagged: true,
  },
  deleteTrustedAuthority: {
    method: 'DELETE',
    path: '/api/realms/{realm}/trusted-authorities/{authorityId}',
    tag: 'trust',
    summary: 'Believe a certificate authority no more',
    description: 'Certificates that it has signed are refused at once.',
    permission: 'trust:write',
    params,
    status: 204,
    precondition: 'optional',
  },
} as const satisfies Readonly<Record<string, Route>>;
