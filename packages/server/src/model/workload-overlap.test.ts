import type { ClaimCondition } from '@tessera/protocol';
import { describe, expect, test } from 'vitest';
import type { TrustedIssuerPreset } from './trusted-issuer.ts';
import { canOverlap } from './workload-overlap.ts';

/** `claim=value`; a `*` makes it a pattern. */
const conditionsOf = (texts: readonly string[]): readonly ClaimCondition[] =>
  texts.map((text) => {
    const [claim = '', value = ''] = text.split('=');
    return { claim, operator: value.includes('*') ? 'matches' : 'equals', value };
  });

const judge = (preset: TrustedIssuerPreset, one: readonly string[], other: readonly string[]) => [
  canOverlap(preset, conditionsOf(one), conditionsOf(other)),
  canOverlap(preset, conditionsOf(other), conditionsOf(one)),
];

const K8S = 'kubernetes.io';
type Case = [TrustedIssuerPreset, readonly string[], readonly string[]];

describe('two clients can never be one workload where', () => {
  test.each<Case>([
    ['github', ['repository=acme/app'], ['repository=acme/web']],
    [
      'github',
      ['repository=acme/app', 'ref=refs/heads/main'],
      ['repository=acme/app', 'ref=refs/tags/*'],
    ],
    ['github', ['repository_id=1'], ['repository_id=2', 'ref=refs/heads/main']],
    ['github', ['sub=repo:acme/app:ref:refs/heads/main'], ['repository=acme/web']],
    ['github', ['sub=repo:acme/app:environment:*'], ['sub=repo:acme/app:ref:*/*/*']],
    ['gitlab', ['project_path=acme/team/app'], ['project_path=acme/app']],
    ['gitlab', ['sub=project_path:acme/app:ref_type:*:ref:*'], ['project_path=acme/web']],
    [
      'kubernetes',
      ['sub=system:serviceaccount:prod:billing'],
      [`${K8S}.namespace=prod`, `${K8S}.serviceaccount.name=audit`],
    ],
    ['kubernetes', ['sub=system:serviceaccount:prod:a'], ['sub=system:serviceaccount:test:a']],
    ['spiffe', ['sub=spiffe://example.org/ns/*/sa/a'], ['sub=spiffe://example.org/ns/prod/sa/b']],
    ['oidc', ['sub=1'], ['sub=2']],
  ])('%s: %j and %j', (preset, one, other) => {
    expect(judge(preset, one, other)).toEqual([false, false]);
  });
});

describe('one workload can be two clients where', () => {
  test.each<Case>([
    ['github', ['repository=acme/app'], ['repository=acme/app']],
    ['github', ['repository=acme/app'], ['repository=acme/app', 'ref=refs/heads/main']],
    [
      'github',
      ['repository=acme/app', 'ref=refs/heads/*'],
      ['repository=acme/app', 'ref=refs/*/main'],
    ],
    ['github', ['repository=acme/app'], ['repository_id=1']],
    ['github', ['sub=repo:acme/app:ref:refs/heads/main'], ['repository=acme/app']],
    ['github', ['sub=repo:acme@65/app@74:ref:refs/heads/main'], ['repository=acme/app']],
    ['github', ['repository=acme/app', 'made_up=a'], ['repository=acme/app', 'made_up=b']],
    [
      'gitlab',
      ['project_path=acme/app', 'groups_direct=a'],
      ['project_path=acme/app', 'groups_direct=b'],
    ],
    [
      'kubernetes',
      ['sub=system:serviceaccount:prod:billing'],
      [`${K8S}.namespace=prod`, `${K8S}.serviceaccount.name=billing`],
    ],
    ['spiffe', ['sub=spiffe://example.org/ns/*/sa/a'], ['sub=spiffe://example.org/ns/prod/sa/*']],
    ['oidc', ['sub=1', 'groups=a'], ['sub=1', 'groups=b']],
  ])('%s: %j and %j', (preset, one, other) => {
    expect(judge(preset, one, other)).toEqual([true, true]);
  });
});
