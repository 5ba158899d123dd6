import { type ClaimCondition, canBothHold } from '@tessera/protocol';
import type { TrustedIssuerPreset } from './trusted-issuer.ts';

/**
 * Whether one workload can be what both lists of conditions name. Unless they differ in a claim
 * of which an assertion has exactly one, it can: another claim may have several values, or be
 * anything beside the first. So `false` is sure, and `true` is a possibility.
 */
export function canOverlap(
  preset: TrustedIssuerPreset,
  conditions: readonly ClaimCondition[],
  others: readonly ClaimCondition[],
): boolean {
  const single = SINGLE[preset];
  const known = withImplied(preset, others);
  return withImplied(preset, conditions)
    .filter(({ claim }) => single.has(claim))
    .every((one) => known.every((other) => other.claim !== one.claim || canBothHold(one, other)));
}

/** Claims that a platform gives one value each. Of a provider nobody knows, `sub` alone is sure. */
const SINGLE: Readonly<Record<TrustedIssuerPreset, ReadonlySet<string>>> = {
  kubernetes: new Set(['sub', 'kubernetes.io.namespace', 'kubernetes.io.serviceaccount.name']),
  github: new Set([
    'sub',
    'repository',
    'repository_id',
    'repository_owner',
    'repository_owner_id',
    'ref',
    'ref_type',
    'environment',
    'event_name',
    'workflow',
    'workflow_ref',
    'job_workflow_ref',
  ]),
  gitlab: new Set([
    'sub',
    'project_path',
    'project_id',
    'namespace_path',
    'namespace_id',
    'ref',
    'ref_type',
    'ref_path',
    'ref_protected',
    'environment',
    'environment_protected',
    'pipeline_source',
    'ci_config_ref_uri',
  ]),
  spiffe: new Set(['sub']),
  oidc: new Set(['sub']),
};

/** What a `sub` says that platforms say in claims of their own as well. */
const IMPLIED: Partial<
  Record<TrustedIssuerPreset, { readonly form: RegExp; readonly claims: readonly string[] }>
> = {
  kubernetes: {
    form: /^system:serviceaccount:([^:*]+):([^:*]+)$/,
    claims: ['kubernetes.io.namespace', 'kubernetes.io.serviceaccount.name'],
  },
  // A name with an @ has the ids of owner and repository in it, which `repository` has not.
  github: { form: /^repo:([^*/:@]+\/[^*/:@]+):/, claims: ['repository'] },
  gitlab: { form: /^project_path:([^*/:]+(?:\/[^*/:]+)+):/, claims: ['project_path'] },
};

function withImplied(
  preset: TrustedIssuerPreset,
  conditions: readonly ClaimCondition[],
): readonly ClaimCondition[] {
  const rule = IMPLIED[preset];
  if (rule === undefined) return conditions;
  const implied = conditions.flatMap(({ claim, value }) => {
    const [, ...values] = (claim === 'sub' && rule.form.exec(value)) || [];
    return values.map((said, index) => ({
      claim: rule.claims[index] ?? claim,
      operator: 'equals' as const,
      value: said,
    }));
  });
  return [...conditions, ...implied];
}
