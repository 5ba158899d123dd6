import type { NumericDate } from '@tessera/protocol';
import {
  type IssuedTotals,
  startOf,
  type UsageCounts,
  type UsageDelta,
  type UsageOwner,
  type UsageSpan,
} from '../model/usage.ts';
import { lately } from './lately.ts';

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };
type OpenDelta = Mutable<UsageDelta>;

/** A count of tokens: what the database told, and what this node has to add to it. */
type Tally = { base: number; fresh: number; sent: number };

const newTally = (): Tally => ({ base: 0, fresh: 0, sent: 0 });

/**
 * What this node knows of the tokens of a client, or of a realm, in the present hour and day. Hours
 * and days are those of UTC and begin anew by themselves.
 */
export type Counter = ReturnType<typeof newCounter>;

export function newCounter(owner: UsageOwner, now: NumericDate) {
  let hour = startOf('hour', now);
  let deltas: OpenDelta[] = [];
  let wasted = 0;
  const tallies = { hour: newTally(), day: newTally() };
  const told = { hour: 0, day: 0 };
  const seen = lately();

  const roll = (at: NumericDate): void => {
    const next = startOf('hour', at);
    // A request that began before the hour did is counted where the others are.
    if (next === hour || next === hour - 3_600) return;
    if (startOf('day', next) !== startOf('day', hour)) tallies.day = newTally();
    tallies.hour = newTally();
    wasted = 0;
    hour = next;
  };
  const open = (): OpenDelta => {
    const last = deltas.at(-1);
    if (last?.hour === hour) return last;
    const { realm, clientId = '' } = owner;
    const delta = { realm, clientId, hour, issued: 0, reused: 0, refused: 0, wasted: 0 };
    deltas.push(delta);
    return delta;
  };

  return {
    owner,
    /** Whether it is known what other nodes, and this one before it started, have counted. */
    known: false,
    /** Whether a quota is about it, so that what the others count matters. */
    held: false,
    loading: undefined as Promise<unknown> | undefined,

    add(what: keyof UsageCounts, by: 1 | -1, at: NumericDate): void {
      roll(at);
      open()[what] += by;
      if (what !== 'issued') return;
      tallies.hour.fresh += by;
      tallies.day.fresh += by;
    },
    /** Tokens issued in the present hour or day. */
    issued(span: UsageSpan, at: NumericDate): number {
      roll(at);
      return tallies[span].base + tallies[span].fresh;
    },
    /** Whether this is the first time that a quota is found used up in this hour or day. */
    isNews(span: UsageSpan, at: NumericDate): boolean {
      const start = startOf(span, at);
      if (told[span] === start) return false;
      told[span] = start;
      return true;
    },
    /**
     * Notes a token and answers with how many the client has wasted in this hour, if this is one of
     * them; else 0.
     */
    note(alike: string, at: NumericDate, expiresAt: NumericDate): number {
      if (!seen.note(alike, at, expiresAt)) return 0;
      this.add('wasted', 1, at);
      wasted += 1;
      return wasted;
    },

    /** What is to be written, which counts on here until `settle` or `restore`. */
    take(): readonly UsageDelta[] {
      const taken = deltas;
      deltas = [];
      for (const tally of Object.values(tallies)) tally.sent = tally.fresh;
      return taken;
    },
    /** It was not written. */
    restore(taken: readonly UsageDelta[]): void {
      deltas = [...taken.map((delta) => ({ ...delta })), ...deltas];
    },
    /** It was written; `totals` are what every node had counted at `at`, if that is known. */
    settle(totals: IssuedTotals | undefined, at: NumericDate): void {
      const then = {
        hour: startOf('hour', at) === hour,
        day: startOf('day', at) === startOf('day', hour),
      };
      for (const span of ['hour', 'day'] as const) {
        const tally = tallies[span];
        if (totals === undefined) tally.base += tally.sent;
        else if (then[span]) tally.base = totals[span];
        tally.fresh -= tally.sent;
        tally.sent = 0;
      }
      if (totals !== undefined) this.known = true;
    },
    /** Takes over what the database tells, when nothing of this node was being written. */
    learn(totals: IssuedTotals, at: NumericDate): void {
      roll(at);
      tallies.hour.base = totals.hour;
      tallies.day.base = totals.day;
      this.known = true;
    },
  };
}
