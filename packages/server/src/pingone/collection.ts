import type { Result } from '@tessera/protocol';
import type { Precondition } from '../contract/route.ts';
import type { Answer, ResourceRouteName } from '../contract/routes.ts';
import type { Collected, CrestRefusal, Query, Resource } from './crest.ts';
import type { Names } from './describe-refusal.ts';

/*
 * What a surface of PingOne offers of one kind of object. Each is a translation: it asks the
 * administration through its one door, and decides nothing itself.
 */

/** What the administration is asked, and what it refused in the words of Common REST. */
export type Door = <Name extends ResourceRouteName>(
  name: Name,
  asked: {
    readonly params?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
    readonly precondition?: Precondition | undefined;
    /** Of the members of the body: a refusal names attributes. */
    readonly names?: Names;
  },
) => Promise<Result<Answer<Name>, CrestRefusal>>;

/** One operation of the administration API. */
export type Operation = {
  readonly [Name in ResourceRouteName]: {
    readonly name: Name;
    readonly params: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly precondition?: Precondition | undefined;
  };
}[ResourceRouteName];

/**
 * Several operations as one: the first that is refused undoes all. `passwords` are those among
 * what is to be written, to be hashed beforehand.
 */
export type Together = (
  operations: readonly Operation[],
  names: Names,
  passwords?: readonly string[],
) => Promise<Result<undefined, CrestRefusal>>;

/** Of one request. */
export type Ask = {
  readonly door: Door;
  readonly together: Together;
  /** For what is created without one. */
  newId(): string;
  readonly realm: string;
  /** `If-Match`; `[]`: it must not be there yet, `If-None-Match: *`. RFC 9110 §13.1.1, §13.1.2 */
  readonly precondition: Precondition | undefined;
};

export type Answered = Promise<Result<Reply, CrestRefusal>>;

/** `resource`: with its entity tag. */
export type Reply = {
  readonly status: 200 | 201;
  readonly body: Resource | Collected | Readonly<Record<string, unknown>> | readonly unknown[];
};

/** What is missing is answered with 405 or 400, as Common REST does. */
export type Collection = {
  query?(ask: Ask, query: Query): Answered;
  read?(ask: Ask, id: string): Answered;
  /** Creates or replaces. */
  put?(ask: Ask, id: string, body: unknown): Answered;
  /** A list of changes, each with `operation`, `field` and `value`. */
  patch?(ask: Ask, id: string, body: unknown): Answered;
  remove?(ask: Ask, id: string): Answered;
  /** `POST ?_action=…` on the collection. */
  readonly actions?: Readonly<Record<string, (ask: Ask, body: unknown) => Answered>>;
  /** `POST ?_action=…` on one of its objects. */
  readonly itemActions?: Readonly<
    Record<string, (ask: Ask, id: string, body: unknown) => Answered>
  >;
};

/** One object at an address of its own. */
export type Document = {
  read(ask: Ask): Answered;
  put?(ask: Ask, body: unknown): Answered;
};
