import type { NumericDate } from '@tessera/protocol';

/**
 * What happened, as `noun.past-participle`. Change events are written in the transaction of the
 * change; traffic events in batches, shortly after.
 */
export const CHANGE_EVENTS = [
  'realm.created',
  'realm.updated',
  'realm.deleted',
  'provider.updated',
  'user.created',
  'user.updated',
  'user.deleted',
  'password.changed',
  'application.created',
  'application.updated',
  'application.deleted',
  'initial-access-token.created',
  'initial-access-token.revoked',
  'client.registered',
  'client.updated',
  'client.deleted',
  'secret.added',
  'secret.updated',
  'secret.rotated',
  'secret.revoked',
  'credential.added',
  'credential.updated',
  'credential.revoked',
  'trusted-issuer.created',
  'trusted-issuer.updated',
  'trusted-issuer.deleted',
  'api.created',
  'api.updated',
  'api.deleted',
  'client-grant.set',
  'client-grant.removed',
  'trusted-authority.created',
  'trusted-authority.deleted',
  'signing-key.created',
  'signing-key.activated',
  'signing-key.retired',
  'signing-key.removed',
  'signing-key.revoked',
  'token.revoked',
  'tokens.revoked',
  'session.opened',
  'session.closed',
] as const;

export const TRAFFIC_EVENTS = [
  'token.issued',
  'token.reused',
  'token.refused',
  'tokens.wasted',
  'quota.exceeded',
  'sign-in.refused',
] as const;

export type ChangeEventType = (typeof CHANGE_EVENTS)[number];
export type TrafficEventType = (typeof TRAFFIC_EVENTS)[number];

export const ACTOR_KINDS = ['user', 'client', 'initial-access-token', 'system'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** Who did it. */
export type Actor = {
  readonly kind: ActorKind;
  /** User id, client id, id of the initial access token, or the name of the job. */
  readonly id: string;
};

/** To what it happened. */
export type Subject = { readonly kind: string; readonly id: string };

export type Event<Type extends string = ChangeEventType | TrafficEventType> = {
  /** UUIDv7: sorts by time. */
  readonly id: string;
  readonly at: NumericDate;
  readonly realm: string;
  readonly type: Type;
  readonly actor: Actor;
  readonly subject: Subject;
  /** Never a secret, a token or a key. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Ties the event to the log lines of its request; empty for jobs. */
  readonly requestId: string;
};

/** What a caller of `commit` says; id and instant are added where it is written. */
export type NewEvent = Omit<Event<ChangeEventType>, 'id'>;
