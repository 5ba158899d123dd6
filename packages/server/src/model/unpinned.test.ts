import type { ClaimCondition } from '@tessera/protocol';
import { describe, expect, test } from 'vitest';
import type { TrustedIssuerPreset } from './trusted-issuer.ts';
import { findUnpinned } from './unpinned.ts';

const ISSUERS: Readonly<Record<TrustedIssuerPreset, string>> = {
  kubernetes: 'https://cluster.example',
  github: 'https://token.actions.githubusercontent.com',
  gitlab: 'https://gitlab.com',
  spiffe: 'spiffe://example.org',
  oidc: 'https://op.example',
};

/** `claim=value`; a `*` makes it a pattern, `==` never. */
const conditionsOf = (...texts: readonly string[]): readonly ClaimCondition[] =>
  texts.map((text) => {
    const [claim = '', exact, value = ''] = text.split(/(==?)/);
    const operator = exact === '=' && value.includes('*') ? 'matches' : 'equals';
    return { claim, operator, value };
  });

const isPinned = (preset: TrustedIssuerPreset, ...texts: readonly string[]): boolean =>
  findUnpinned({ preset, issuer: ISSUERS[preset] }, conditionsOf(...texts)) === undefined;

const K8S = 'kubernetes.io';

describe('a workload is pinned', () => {
  test.each<[TrustedIssuerPreset, readonly string[]]>([
    ['kubernetes', ['sub=system:serviceaccount:prod:billing']],
    ['kubernetes', [`${K8S}.namespace=prod`, `${K8S}.serviceaccount.name=billing`]],
    ['kubernetes', [`${K8S}.namespace=prod`, `${K8S}.serviceaccount.name=default`]],
    [
      'kubernetes',
      ['sub=system:serviceaccount:prod:default', `${K8S}.serviceaccount.name=default`],
    ],
    ['github', ['repository=acme/app']],
    ['github', ['repository_id=1234']],
    ['github', ['sub=repo:acme/app:ref:refs/heads/main']],
    ['github', ['sub=repo:acme/app:environment:*']],
    ['gitlab', ['project_path=acme/team/app']],
    ['gitlab', ['project_id=42', 'ref_protected=true']],
    ['gitlab', ['sub=project_path:acme/team/app:ref_type:branch:ref:*']],
    ['spiffe', ['sub=spiffe://example.org/billing']],
    ['spiffe', ['sub=spiffe://example.org/ns/*/sa/web']],
    ['oidc', ['sub=248289761001']],
    ['oidc', ['sub=organization:acme:project:*']],
    ['oidc', ['sub==*']],
  ])('%s: by %j', (preset, conditions) => {
    expect(isPinned(preset, ...conditions)).toBe(true);
  });
});

describe('a workload is not pinned', () => {
  test.each<[TrustedIssuerPreset, readonly string[]]>([
    ['kubernetes', [`${K8S}.namespace=prod`]],
    ['kubernetes', [`${K8S}.serviceaccount.name=billing`]],
    ['kubernetes', [`${K8S}.namespace=prod`, `${K8S}.serviceaccount.name=*`]],
    ['kubernetes', ['sub=system:serviceaccount:prod:*']],
    ['kubernetes', ['sub=system:serviceaccount:prod']],
    ['kubernetes', ['sub=system:serviceaccount:prod:default']],
    ['kubernetes', [`${K8S}.pod.name=billing-1`]],
    ['github', ['repository_owner=acme']],
    ['github', ['repository=acme/*']],
    ['github', ['ref=refs/heads/main']],
    ['github', ['sub=repo:acme/*:ref:refs/heads/main']],
    ['github', ['sub=repo:*/app:ref:refs/heads/main']],
    ['github', ['sub=repo:acme/app*:ref:refs/heads/main']],
    ['github', ['sub=repository_owner:acme']],
    ['github', ['sub=repo:acme/app']],
    ['gitlab', ['namespace_path=acme']],
    ['gitlab', ['sub=project_path:acme/*:ref_type:branch:ref:main']],
    ['gitlab', ['sub=project_path:acme/app']],
    ['gitlab', ['sub=project_path:acme:ref_type:branch:ref:main']],
    ['spiffe', ['sub=spiffe://example.org/*']],
    ['spiffe', ['sub=spiffe://example.org/*/billing']],
    ['spiffe', ['sub=spiffe://example.org']],
    ['spiffe', ['sub=spiffe://example.org.evil/billing']],
    ['spiffe', ['sub=spiffe://other.org/billing']],
    ['spiffe', ['aud=x']],
    ['oidc', ['sub=*']],
    ['oidc', ['sub=*:acme']],
    ['oidc', ['email=a@example.org']],
    ['oidc', []],
  ])('%s: by %j', (preset, conditions) => {
    expect(isPinned(preset, ...conditions)).toBe(false);
  });
});
