import { at, NOT_THERE, type ProblemRow } from './problem-row.ts';
import type { AdminRefusalReason } from './refusal.ts';

/** What can be wrong with workloads, and with the issuers that vouch for them. */
export const WORKLOAD_PROBLEMS = {
  workload_unknown: { status: 404, title: 'Workload unknown', detail: NOT_THERE },
  trusted_issuer_unknown: { status: 404, title: 'Trusted issuer unknown', detail: NOT_THERE },
  workload_taken: {
    status: 409,
    title: 'Workload exists',
    detail: 'The client has a workload with these conditions already.',
    remedy: 'Change the one that is there.',
  },
  workload_overlapping: {
    status: 409,
    title: 'Workload of another client',
    detail:
      'What these conditions name can be a workload of a client that you do not own. It would be refused when it sends no client_id.',
    remedy:
      'Add a condition that tells them apart, or ask somebody with the permission credentials:write.',
    errors: () => at(['/conditions'], 'can fit a workload of another client'),
  },
  issuer_taken: {
    status: 409,
    title: 'Issuer trusted already',
    detail: 'The realm trusts an issuer of this name already, or it is the realm itself.',
    errors: () => at(['/issuer'], 'is taken'),
  },
  issuer_has_workloads: {
    status: 409,
    title: 'Issuer in use',
    detail: ({ clientIds }) => `Workloads of it are clients: ${clientIds.slice(0, 10).join(', ')}.`,
    remedy: 'Revoke these workloads first, or disable the issuer.',
  },
  trusted_issuers_too_many: {
    status: 409,
    title: 'Too many issuers',
    detail: ({ limit }) => `The realm trusts ${limit} issuers already, which is the most it may.`,
    remedy: 'Delete one that is not needed any more.',
  },
  issuer_malformed: {
    status: 422,
    title: 'Issuer malformed',
    detail: 'An issuer is an https or http URL without query and fragment; a trust domain a name.',
    errors: () => at(['/issuer'], 'can not be the issuer of this preset'),
  },
  issuer_not_discovered: {
    status: 422,
    title: 'Issuer not discovered',
    detail: ({ detail }) => detail,
    remedy: 'Give jwksUri, or jwks where the keys have no address that this server reaches.',
    errors: ({ detail }) => at(['/issuer'], detail),
  },
  issuer_audience_unsafe: {
    status: 422,
    title: 'Audience unsafe',
    detail: 'Assertions that name their own issuer are made for it, and anybody there has them.',
    remedy: "Leave audience out: the realm's issuer, which nobody else uses.",
    errors: () => at(['/audience'], 'is the issuer itself'),
  },
  issuer_to_rely_on_unknown: {
    status: 422,
    title: 'Issuer not trusted',
    detail: 'The realm trusts no issuer with this id for authenticating clients.',
    errors: () => at(['/issuerId'], 'is no trusted issuer with the use client'),
  },
  workload_not_pinned: {
    status: 422,
    title: 'Workload not pinned',
    detail: ({ detail }) => detail,
    remedy: 'Add a condition without a wildcard; see docs/workload-identity.md.',
    errors: ({ detail }) => at(['/conditions'], detail),
  },
} as const satisfies { readonly [Reason in AdminRefusalReason]?: ProblemRow<Reason> };
