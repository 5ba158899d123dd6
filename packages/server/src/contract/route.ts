import type { z } from 'zod';
import type { Permission } from './permission.ts';

/**
 * One operation of the administration API as data. Routing, permission, validation, the OpenAPI
 * document, the command line and the tests are read from rows of this type.
 */
export type Route = {
  readonly method: Method;
  readonly path: `/api/${string}`;
  readonly tag: Tag;
  /** A few words, in the imperative. */
  readonly summary: string;
  /** What the summary leaves open. */
  readonly description?: string;
  /** `public`: anybody. `signed-in`: whoever is signed in, whatever they may do. */
  readonly permission: Permission | 'public' | 'signed-in';
  /** Reaches beyond one realm: only for administrators of the root realm. */
  readonly crossRealm?: true;
  /** Owners of the application may do it to what they own, without the permission. */
  readonly owner?: true;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** Bytes that the body may have, where it is a file rather than a form. */
  readonly bodyBytesMax?: number;
  /** Absent: nothing is answered but the status. */
  readonly answer?: z.ZodType;
  readonly status: 200 | 201 | 204;
  /** Whether `If-Match` must be, or may be, sent. RFC 9110 §13.1.1. */
  readonly precondition?: 'required' | 'optional';
  /** The answer has a `revision`, which is its entity tag. RFC 9110 §8.8.3. */
  readonly tagged?: true;
  /** The member of the answer that, after the path, addresses what was created. */
  readonly locates?: string;
};

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export const TAGS = {
  session: 'Signing in and out',
  sessions: 'Who is signed in',
  realms: 'Tenants: each has its own issuer, clients, users, APIs and keys',
  providers: "A realm's OAuth 2.0 settings",
  users: 'People: owners, resource owners and administrators',
  applications: 'What people see: a name, owners and a client',
  clients: 'OAuth 2.0 clients',
  credentials: 'What clients prove themselves with: secrets, keys, certificates, other issuers',
  'trusted-issuers':
    'Others who say who workloads and subjects are: clusters, forges, trust domains',
  apis: 'Resource servers and their scopes',
  'client-grants': 'Which client may hold which scopes at which API',
  trust: 'Whom a realm believes about its clients: certificate authorities and other issuers',
  'signing-keys': 'Keys that sign access tokens',
  tokens: 'Access tokens',
  usage: 'How many tokens were issued, and what is left of quotas',
  events: 'What happened',
  system: 'The server itself: its nodes, its database, its version',
} as const;

export type Tag = keyof typeof TAGS;

/**
 * The revisions that a caller is willing to change: all that `If-Match` names, or any. RFC 9110
 * §13.1.1.
 */
export type Precondition = readonly number[] | 'any';

/** Arrays and objects that nobody may change. */
export type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

type Read<Row, Part extends string> =
  Row extends Readonly<Record<Part, infer Schema extends z.ZodType>>
    ? Frozen<z.output<Schema>>
    : undefined;

/** What a use case is given for a row, checked and typed. */
export type InputOf<Row> = {
  readonly params: Read<Row, 'params'>;
  readonly query: Read<Row, 'query'>;
  readonly body: Read<Row, 'body'>;
  readonly precondition: Precondition | undefined;
};

/** What a caller may send for a row. */
export type BodyOf<Row> =
  Row extends Readonly<Record<'body', infer Schema extends z.ZodType>>
    ? Frozen<z.input<Schema>>
    : undefined;

export type AnswerOf<Row> = Read<Row, 'answer'>;
