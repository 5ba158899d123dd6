import type { Answer } from '@tessera/server/contract';
import { call } from '../api/call.ts';
import { useAnswer } from '../api/use-answer.ts';

export type Kind = 'secret' | 'key' | 'certificate' | 'workload';

/** Any credential of a client, as a list shows it. */
export type Held = {
  readonly kind: Kind;
  readonly id: string;
  readonly title: string;
  /** What tells it from others: the end of a secret, a thumbprint, an address, what is asked for. */
  readonly mark: string;
  readonly what: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly lastUsedAddress: string | null;
  readonly active: boolean;
  readonly revision: number;
};

export type Of = { readonly realm: string; readonly clientId: string };

const INTERVAL = { refetchInterval: 15_000 } as const;

/** All credentials of a client, the newest first. */
export function useHeld(params: Of) {
  const secrets = useAnswer('listSecrets', { params }, INTERVAL);
  const keys = useAnswer('listKeys', { params }, INTERVAL);
  const certificates = useAnswer('listCertificates', { params }, INTERVAL);
  const workloads = useAnswer('listWorkloads', { params }, INTERVAL);
  const all = [secrets, keys, certificates, workloads];
  const failed = all.find(({ isError }) => isError);
  const pending = all.some(({ isPending }) => isPending);
  const items: readonly Held[] = [
    ...(secrets.data?.items ?? []).map(ofSecret),
    ...(keys.data?.items ?? []).map(ofKey),
    ...(certificates.data?.items ?? []).map(ofCertificate),
    ...(workloads.data?.items ?? []).map(ofWorkload),
  ].sort((one, other) => other.createdAt - one.createdAt);
  return {
    pending,
    error: failed?.error,
    items,
    retry: () => Promise.all(all.map((one) => one.refetch())),
  };
}

type State = Pick<
  Answer<'listSecrets'>['items'][number],
  'id' | 'createdAt' | 'expiresAt' | 'lastUsedAt' | 'lastUsedAddress' | 'revision' | 'status'
>;

const stateOf = ({ status, ...state }: State) => ({
  id: state.id,
  createdAt: state.createdAt,
  expiresAt: state.expiresAt,
  lastUsedAt: state.lastUsedAt,
  lastUsedAddress: state.lastUsedAddress,
  revision: state.revision,
  active: status === 'active',
});

const ofSecret = (secret: Answer<'listSecrets'>['items'][number]): Held => ({
  ...stateOf(secret),
  kind: 'secret',
  what: secret.origin === 'chosen' ? 'Secret, chosen by a person' : 'Secret',
  title: secret.label || 'Client secret',
  mark: secret.lastFour === '' ? '' : `ends in ${secret.lastFour}`,
});

const ofKey = (key: Answer<'listKeys'>['items'][number]): Held => ({
  ...stateOf(key),
  kind: 'key',
  what:
    key.kind === 'jwks_uri'
      ? 'Keys at an address'
      : `Public key${key.keyType === null ? '' : `, ${key.keyType}`}`,
  title: key.label || key.kid || 'Key',
  mark: key.jwksUri ?? key.thumbprint ?? '',
});

const ofCertificate = (one: Answer<'listCertificates'>['items'][number]): Held => ({
  ...stateOf(one),
  kind: 'certificate',
  what: one.kind === 'certificate' ? 'Certificate' : 'Certificates of a subject',
  title: one.label || one.subject,
  mark: one.thumbprint ?? one.subject,
  // Whichever comes first: what was said here, or what the certificate says itself.
  expiresAt: earlier(one.expiresAt, one.notAfter),
});

const ofWorkload = (one: Answer<'listWorkloads'>['items'][number]): Held => ({
  ...stateOf(one),
  kind: 'workload',
  what:
    one.issuer === null ? 'Workload of an issuer no longer trusted' : `Workload of ${one.issuer}`,
  title: one.label || 'Workload',
  mark: one.conditions
    .map(
      ({ claim, operator, value }) => `${claim} ${operator === 'equals' ? '=' : 'like'} ${value}`,
    )
    .join(', '),
});

const earlier = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.min(one, other);

/** It is the client no more. */
export const revoke = ({ kind, id }: Held, of: Of): Promise<unknown> => {
  if (kind === 'secret') return call('revokeSecret', { params: { ...of, secretId: id } });
  if (kind === 'key') return call('revokeKey', { params: { ...of, keyId: id } });
  if (kind === 'certificate')
    return call('revokeCertificate', { params: { ...of, certificateId: id } });
  return call('revokeWorkload', { params: { ...of, workloadId: id } });
};

/** Says when it ends. */
export const endAt = (
  { kind, id, revision }: Held,
  of: Of,
  expiresAt: number | null,
): Promise<unknown> => {
  const body = { expiresAt };
  if (kind === 'secret')
    return call('updateSecret', { params: { ...of, secretId: id }, revision, body });
  if (kind === 'key') return call('updateKey', { params: { ...of, keyId: id }, revision, body });
  if (kind === 'certificate')
    return call('updateCertificate', { params: { ...of, certificateId: id }, revision, body });
  return call('updateWorkload', { params: { ...of, workloadId: id }, revision, body });
};
