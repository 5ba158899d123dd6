import { isClaimPattern } from '@tessera/protocol';
import { z } from 'zod';
import { CONDITIONS_MAX } from '../model/trusted-issuer.ts';
import {
  credentialParams,
  credentialPatch,
  credentialStateMembers,
  newCredentialMembers,
} from './credential-members.ts';
import { idField, line } from './fields.ts';
import type { Route } from './route.ts';

const conditionField = z
  .strictObject({
    claim: line(200)
      .min(1)
      .meta({ description: 'A claim, or a path in it, such as kubernetes.io.namespace' }),
    operator: z.enum(['equals', 'matches']).default('equals').meta({
      description: 'matches: * stands for one character or more, but for neither / nor :',
    }),
    value: line(1000).min(1),
  })
  .refine(
    ({ operator, value }) => operator === 'equals' || isClaimPattern(value),
    'must not have two * between two separators',
  )
  .meta({ id: 'NewClaimCondition' });

const conditionView = z
  .object({ claim: z.string(), operator: z.enum(['equals', 'matches']), value: z.string() })
  .meta({ id: 'ClaimCondition' });

export const conditionsField = z
  .array(conditionField)
  .min(1)
  .max(CONDITIONS_MAX)
  .meta({ description: 'What the claims must say, all of it' });

const workloadView = z
  .object({
    id: z.string(),
    issuerId: z.string(),
    issuer: z.string().nullable().meta({ description: 'null: the realm trusts it no more' }),
    label: z.string(),
    conditions: z.array(conditionView),
    ...credentialStateMembers,
  })
  .meta({ id: 'Workload' });

const newWorkload = z
  .strictObject({
    issuerId: idField.meta({ description: 'Who vouches for it' }),
    conditions: conditionsField,
    ...newCredentialMembers,
  })
  .meta({ id: 'NewWorkload' });

const workloadPatch = credentialPatch('WorkloadPatch');

const workloadParams = credentialParams.extend({ workloadId: idField });

export const WORKLOAD_ROUTES = {
  listWorkloads: {
    method: 'GET',
    path: '/api/realms/{realm}/clients/{clientId}/workloads',
    tag: 'credentials',
    summary: 'List the workloads that are a client',
    permission: 'credentials:read',
    owner: true,
    params: credentialParams,
    answer: z.object({ items: z.array(workloadView) }).meta({ id: 'WorkloadList' }),
    status: 200,
  },
  addWorkload: {
    method: 'POST',
    path: '/api/realms/{realm}/clients/{clientId}/workloads',
    tag: 'credentials',
    summary: 'Let a workload of a trusted issuer be the client',
    description:
      'The conditions must pin it: a service account, a repository, a subject. Several clients may name one workload; it then sends client_id. Owners of an application name none that a client of others can be.',
    permission: 'credentials:write',
    owner: true,
    params: credentialParams,
    body: newWorkload,
    answer: workloadView,
    status: 201,
    tagged: true,
    locates: 'id',
  },
  updateWorkload: {
    method: 'PATCH',
    path: '/api/realms/{realm}/clients/{clientId}/workloads/{workloadId}',
    tag: 'credentials',
    summary: 'Change the label or the expiry of a workload',
    permission: 'credentials:write',
    owner: true,
    params: workloadParams,
    body: workloadPatch,
    answer: workloadView,
    status: 200,
    precondition: 'required',
    tagged: true,
  },
  revokeWorkload: {
    method: 'DELETE',
    path: '/api/realms/{realm}/clients/{clientId}/workloads/{workloadId}',
    tag: 'credentials',
    summary: 'Let a workload be the client no more',
    description: 'Its assertions are refused at once. Tokens that they obtained live on.',
    permission: 'credentials:write',
    owner: true,
    params: workloadParams,
    status: 204,
    precondition: 'optional',
  },
} as const satisfies Readonly<Record<string, Route>>;
