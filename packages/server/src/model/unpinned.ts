import type { ClaimCondition } from '@tessera/protocol';
import type { TrustedIssuer, TrustedIssuerPreset } from './trusted-issuer.ts';

/**
 * What the conditions of a workload lack so that they name it and nobody else; `undefined`:
 * nothing. Everybody who has an account at a public forge has assertions of it, and every pod has
 * some of its cluster: a condition that only narrows would let strangers be the client.
 */
export const findUnpinned = (
  { preset, issuer }: Pick<TrustedIssuer, 'preset' | 'issuer'>,
  conditions: readonly ClaimCondition[],
): string | undefined => RULES[preset](conditions, issuer);

type Rule = (conditions: readonly ClaimCondition[], issuer: string) => string | undefined;

const RULES: Readonly<Record<TrustedIssuerPreset, Rule>> = {
  kubernetes: findUnpinnedAccount,
  github: (conditions) =>
    isExact(conditions, 'repository') ||
    isExact(conditions, 'repository_id') ||
    hasSubject(conditions, ({ value }) => GITHUB_SUBJECT.test(value))
      ? undefined
      : 'must pin repository, repository_id, or a sub that begins with repo:OWNER/NAME:',
  gitlab: (conditions) =>
    isExact(conditions, 'project_path') ||
    isExact(conditions, 'project_id') ||
    hasSubject(conditions, ({ value }) => GITLAB_SUBJECT.test(value))
      ? undefined
      : 'must pin project_path, project_id, or a sub that begins with project_path:GROUP/PROJECT:',
  spiffe: (conditions, issuer) =>
    hasSubject(
      conditions,
      ({ value }) =>
        value.startsWith(`${issuer}/`) && isLiteral(value.slice(issuer.length + 1).split('/')[0]),
    )
      ? undefined
      : `must pin sub: a SPIFFE ID that begins with ${issuer}/ and a part without *`,
  oidc: (conditions) =>
    hasSubject(
      conditions,
      ({ operator, value }) => operator === 'equals' || isLiteral(value.split(/[/:]/)[0]),
    )
      ? undefined
      : 'must pin sub, whose first part has no *',
};

/** `repo:OWNER/NAME:…`, neither of the two a pattern. */
const GITHUB_SUBJECT = /^repo:[^*/:]+\/[^*/:]+:/;

/** `project_path:GROUP/PROJECT:…`; groups have groups. */
const GITLAB_SUBJECT = /^project_path:[^*/:]+(?:\/[^*/:]+)+:/;

const hasSubject = (
  conditions: readonly ClaimCondition[],
  isRight: (condition: ClaimCondition) => boolean,
): boolean => conditions.some((condition) => condition.claim === 'sub' && isRight(condition));

const isLiteral = (part: string | undefined): boolean =>
  part !== undefined && part !== '' && !part.includes('*');

const NAMESPACE = 'kubernetes.io.namespace';
const ACCOUNT = 'kubernetes.io.serviceaccount.name';
const DEFAULT_ACCOUNT = 'default';

/**
 * Namespace and service account, by name. The account `default` is that of every pod which names
 * none, so it is pinned only by a condition that says it in so many words.
 */
function findUnpinnedAccount(conditions: readonly ClaimCondition[]): string | undefined {
  const subject = conditions.find(({ claim }) => claim === 'sub');
  const [, system, namespace, account] =
    subject?.operator === 'equals'
      ? (/^(system:serviceaccount):([^:]+):([^:]+)$/.exec(subject.value) ?? [])
      : [];
  const bySubject = system !== undefined && namespace !== undefined;
  if (!bySubject && !(isExact(conditions, NAMESPACE) && isExact(conditions, ACCOUNT)))
    return `must pin ${NAMESPACE} and ${ACCOUNT}, or sub as system:serviceaccount:NAMESPACE:NAME`;
  return account === DEFAULT_ACCOUNT && !isExact(conditions, ACCOUNT)
    ? `must say that the account of pods without one is meant: ${ACCOUNT} equals ${DEFAULT_ACCOUNT}`
    : undefined;
}

const isExact = (conditions: readonly ClaimCondition[], name: string): boolean =>
  conditions.some(({ claim, operator }) => claim === name && operator === 'equals');
