import { ok, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer } from '../../contract/routes.ts';
import type { Rows } from '../../environment.ts';
import { type Credential, type CredentialOf, isOfKind } from '../../model/credential.ts';
import { type TrustedIssuer, WORKLOADS_COMPARED_MAX } from '../../model/trusted-issuer.ts';
import { findUnpinned } from '../../model/unpinned.ts';
import { canOverlap } from '../../model/workload-overlap.ts';
import type { AdminEnvironment, Asked, UseCase } from '../use-case.ts';
import {
  changeCredential,
  type DistinctFamily,
  insertCredential,
  revokeCredential,
} from './change-credential.ts';
import { describeState, listFamily, newCredential } from './credential-parts.ts';

type WorkloadCredential = CredentialOf<'trusted_issuer'>;
type WorkloadView = Answer<'addWorkload'>;

const familyOf = (trusted: readonly TrustedIssuer[]): DistinctFamily<WorkloadCredential> => ({
  noun: 'credential',
  unknown: { reason: 'workload_unknown' },
  taken: { reason: 'workload_taken' },
  includes: isWorkload,
  isSame: isSameWorkload,
  describe: (credential, now) => describeWorkload(trusted, credential, now),
});

function isWorkload(credential: Credential): credential is WorkloadCredential {
  return isOfKind(credential, 'trusted_issuer');
}

function isSameWorkload({ material: a }: Credential, { material: b }: Credential): boolean {
  return a.kind === 'trusted_issuer' && JSON.stringify(a) === JSON.stringify(b);
}

const describeWorkload = (
  trusted: readonly TrustedIssuer[],
  credential: WorkloadCredential,
  now: Asked['now'],
): WorkloadView => ({
  id: credential.id,
  issuerId: credential.material.issuerId,
  issuer: trusted.find(({ id }) => id === credential.material.issuerId)?.issuer ?? null,
  label: credential.label,
  conditions: credential.material.conditions,
  ...describeState(credential, now),
});

const readTrusted = ({ store }: Pick<AdminEnvironment, 'store'>, { realm }: Pick<Asked, 'realm'>) =>
  store.trustedIssuers.all(realm.name);

export const listWorkloads: UseCase<'listWorkloads'> = async (env, asked, { params }) => {
  const trusted = await readTrusted(env, asked);
  return listFamily(env, asked, params.clientId, isWorkload, (credential, now) =>
    describeWorkload(trusted, credential, now),
  );
};

export const addWorkload: UseCase<'addWorkload'> = async (env, asked, { params, body }) => {
  const trusted = await readTrusted(env, asked);
  const issuer = trusted.find(({ id, uses }) => id === body.issuerId && uses.includes('client'));
  if (issuer === undefined) return refuse({ reason: 'issuer_to_rely_on_unknown' });
  const detail = findUnpinned(issuer, body.conditions);
  if (detail !== undefined) return refuse({ reason: 'workload_not_pinned', detail });
  const owner = { realm: asked.realm.name, clientId: params.clientId };
  const credential: WorkloadCredential = newCredential(env, asked, owner, body, {
    kind: 'trusted_issuer',
    issuerId: issuer.id,
    conditions: body.conditions,
  });
  const added = await insertCredential(env, asked, familyOf(trusted), credential, (rows) =>
    findOverlap(rows, asked, issuer.preset, credential),
  );
  return added.ok ? ok(describeWorkload(trusted, added.value, asked.now)) : added;
};

/**
 * Whether a client of somebody else can be the same workload. That one would be refused from then
 * on when it does not name itself, so owners alone cannot bring it about. Those that have ended
 * count, for they can be renewed; and where there are too many to compare, there is no telling.
 */
async function findOverlap(
  rows: Rows,
  { realm, ownedBy }: Asked,
  preset: TrustedIssuer['preset'],
  { material, clientId }: WorkloadCredential,
): Promise<AdminRefusal | undefined> {
  if (ownedBy === undefined) return undefined;
  const known = await rows.credentials.ofIssuer(
    realm.name,
    material.issuerId,
    WORKLOADS_COMPARED_MAX,
  );
  if (known.length >= WORKLOADS_COMPARED_MAX) return { reason: 'workload_overlapping' };
  const owned = new Set([clientId]);
  for (const one of await rows.applications.ofOwner(realm.name, ownedBy)) owned.add(one.clientId);
  return known.some(
    (other) =>
      isWorkload(other) &&
      !owned.has(other.clientId) &&
      canOverlap(preset, material.conditions, other.material.conditions),
  )
    ? { reason: 'workload_overlapping' }
    : undefined;
}

export const updateWorkload: UseCase<'updateWorkload'> = async (env, asked, input) => {
  const { params, body, precondition } = input;
  const trusted = await readTrusted(env, asked);
  const named = { clientId: params.clientId, credentialId: params.workloadId };
  const changed = await changeCredential(env, asked, familyOf(trusted), named, body, precondition);
  return changed.ok ? ok(describeWorkload(trusted, changed.value, asked.now)) : changed;
};

export const revokeWorkload: UseCase<'revokeWorkload'> = async (
  env,
  asked,
  { params, precondition },
) => {
  const named = { clientId: params.clientId, credentialId: params.workloadId };
  const family = familyOf(await readTrusted(env, asked));
  return revokeCredential(env, asked, family, named, precondition);
};
