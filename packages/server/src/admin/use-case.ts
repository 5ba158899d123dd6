import type { NumericDate, Result } from '@tessera/protocol';
import type { AdminRefusal } from '../contract/refusal.ts';
import type { Precondition } from '../contract/route.ts';
import type { Answer, Input, ResourceRouteName } from '../contract/routes.ts';
import type { Environment } from '../environment.ts';
import type { Realm } from '../model/realm.ts';
import type { Administrator } from './administrator.ts';

/** The powers that administration needs. Each use case names those of its own. */
export type AdminEnvironment = Pick<
  Environment,
  | 'addresses'
  | 'clock'
  | 'failureBudget'
  | 'hasher'
  | 'keyRing'
  | 'metrics'
  | 'node'
  | 'outbound'
  | 'publicSecrets'
  | 'random'
  | 'recorder'
  | 'statusPlaces'
  | 'store'
>;

/** Other ways to the same use cases: PingAM's administration, and PingIDM's. */
export type Surface = 'am' | 'idm';

/** Who asks, for which realm, and when. */
export type Asked = {
  readonly administrator: Administrator;
  /** The realm of the address; the root realm when the address names none. */
  readonly realm: Realm;
  readonly now: NumericDate;
  readonly requestId: string;
  /** undefined: the administration API, or the server itself. */
  readonly surface: Surface | undefined;
  /** The user whose property alone may be seen; undefined: everything. */
  readonly ownedBy: string | undefined;
};

/** What a surface was given, before anybody looked at it. */
export type Given = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  readonly precondition: Precondition | undefined;
  readonly requestId: string;
  /** By which surface it came, when not by the administration API itself. */
  readonly surface?: Surface | undefined;
};

/** The one door once more, for the same administrator: for what is made of other operations. */
export type Perform = (
  env: AdminEnvironment,
  name: ResourceRouteName,
  given: Given,
) => Promise<Result<unknown, AdminRefusal>>;

/**
 * What a route does once permission and input are settled. Slow work comes first, then one
 * commit, in which everything that a rule relies on is read again.
 */
export type UseCase<Name extends ResourceRouteName> = (
  env: AdminEnvironment,
  asked: Asked,
  input: Input<Name>,
  perform: Perform,
) => Promise<Result<Answer<Name>, AdminRefusal>>;
