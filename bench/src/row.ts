import type { ClientKind } from './setting.ts';
import type { SubjectName } from './subject.ts';

/** A thing that is measured on every server. */
export type Row = {
  readonly id: string;
  readonly title: string;
  readonly endpoint: 'token' | 'introspection';
  readonly client: ClientKind;
  /** What differs between the servers and must be known to compare them. */
  readonly remarks?: Readonly<Partial<Record<SubjectName, string>>>;
};

export const ROWS: readonly Row[] = [
  {
    id: 'token-jwt',
    title: 'Token, JWT ES256, client_secret_basic',
    endpoint: 'token',
    client: 'jwt',
  },
  {
    id: 'token-jwt-chosen',
    title: 'Token, JWT ES256, client_secret_basic, secret chosen by a person',
    endpoint: 'token',
    client: 'chosen',
  },
  {
    id: 'token-opaque',
    title: 'Token, opaque, durable',
    endpoint: 'token',
    client: 'opaque',
    remarks: { floor: 'kept in memory', 'oidc-provider': 'kept in memory' },
  },
  {
    id: 'token-private-key-jwt',
    title: 'Token, JWT ES256, private_key_jwt ES256, replay-safe',
    endpoint: 'token',
    client: 'keyed',
    remarks: { tessera: 'durable', floor: 'kept in memory', 'oidc-provider': 'kept in memory' },
  },
  {
    id: 'token-dpop',
    title: 'Token, JWT ES256, client_secret_basic, DPoP ES256, replay-safe',
    endpoint: 'token',
    client: 'proving',
    remarks: { tessera: 'durable', floor: 'kept in memory', 'oidc-provider': 'kept in memory' },
  },
  {
    id: 'introspect-jwt',
    title: 'Introspection of a JWT',
    endpoint: 'introspection',
    client: 'jwt',
    remarks: { 'oidc-provider': 'opaque tokens, for it introspects no JWT' },
  },
  {
    id: 'introspect-opaque',
    title: 'Introspection of an opaque token',
    endpoint: 'introspection',
    client: 'opaque',
  },
];

/** Measured on request: many clients in place of one. It is compared with `token-jwt`. */
export const MANY_CLIENTS_ROW: Row = {
  id: 'token-jwt-many',
  title: 'Token, JWT ES256, clients chosen at random',
  endpoint: 'token',
  client: 'jwt',
};
