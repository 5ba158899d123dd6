import { ok, type Refusal, type Result, refuse } from '@tessera/protocol';
import type { Environment, PublicText } from '../environment.ts';

/** What of a realm's lists is wanted. */
export type StatusListRequest = {
  readonly realm: string;
  /** The part of the list's address below the base. */
  readonly name: string;
  /** `version` of the query: of what position the caller knows; 0: of none. */
  readonly version: number;
  readonly address: string;
  /** Whether the past is asked for. Token Status List §8.4 */
  readonly asksForHistory: boolean;
};

type Env = Pick<Environment, 'statusLists' | 'clock'>;

/**
 * Token Status List §8.1. Of a realm that is disabled there are lists, too, in which everything is
 * void: whoever holds its tokens must not go on with what was true before.
 */
export async function answerStatusList(
  env: Env,
  { asksForHistory, ...asked }: StatusListRequest,
): Promise<Result<PublicText, Refusal>> {
  // §8.4: "it SHOULD return a status code of 501", and §12.8 recommends not to tell of the past.
  if (asksForHistory) return refuse({ reason: 'status_list_history_unsupported' });
  return env.statusLists.list(asked, env.clock.now());
}

/** Token Status List §9. */
export async function answerAggregation(
  env: Env,
  realm: string,
): Promise<Result<PublicText, Refusal>> {
  const aggregation = await env.statusLists.aggregation(realm, env.clock.now());
  return aggregation === undefined ? refuse({ reason: 'realm_unknown' }) : ok(aggregation);
}
