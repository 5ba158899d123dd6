import { readAggregation, type StatusListAggregation } from '@tessera/protocol';
import { type Answer, exchange, jsonOf, type Transport } from '../exchange.ts';
import { askAgain } from './ask-again.ts';

export type AggregationRules = {
  readonly pollSeconds: number;
  /** How long the document serves beyond its `ttl` while no newer one can be had, seconds. */
  readonly staleFor: number;
  readonly transport: Transport;
  readonly onProblem: (message: string) => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
};

/** What the issuer says of all its lists, kept as new as polling keeps it. */
export type FollowedAggregation = {
  /** What serves without waiting; undefined: ask `find`. */
  current(): StatusListAggregation | undefined;
  /** What serves, asked for first if need be; undefined: nothing does. */
  find(): Promise<StatusListAggregation | undefined>;
  close(): void;
};

/** For a document that does not say, seconds. */
const TTL = 60;

/** Polling ends when nobody has asked for so long, and begins again with who asks next. */
const IDLE_SECONDS = 60;

/** Holds the tokens of a million revoked clients. */
const DOCUMENT_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Polls an aggregation in the background. Token Status List §9.3
 *
 * What serves is never older than two polls while the server answers: who finds it older (a platform
 * without background work, a process that slept) waits for the next. While the server does not
 * answer, the document serves for its `ttl`, and beyond it as the operator has chosen.
 */
export function followAggregation(address: string, rules: AggregationRules): FollowedAggregation {
  const { pollSeconds, staleFor, transport, onProblem, clock } = rules;
  let held: { readonly aggregation: StatusListAggregation; askedAt: number } | undefined;
  let entityTag: string | undefined;
  let failing = false;
  let triedAt = Number.NEGATIVE_INFINITY;
  let usedAt = clock();
  let polling: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function ask(): Promise<Answer | undefined> {
    return exchange(
      address,
      {
        headers: {
          accept: 'application/json',
          ...(entityTag !== undefined && { 'if-none-match': entityTag }),
        },
      },
      transport,
      DOCUMENT_BYTES_MAX,
    );
  }

  const read = (answer: Answer | undefined): StatusListAggregation | undefined =>
    answer?.status === 200 ? readAggregation(jsonOf(answer)) : undefined;

  /**
   * Whether the document is from before the one that serves: of a node that is behind. An issuer that
   * goes on saying so for longer than a document serves has been put back, and is believed.
   */
  function isBehind({ version = 0 }: StatusListAggregation): boolean {
    const { version: known = 0, ttl = TTL } = held?.aggregation ?? {};
    return version < known && age() <= ttl * 1000;
  }

  async function poll(): Promise<void> {
    const askedAt = clock();
    triedAt = askedAt;
    const { answer, aggregation } = await askAgain(
      async () => {
        const found = await ask();
        return { answer: found, aggregation: read(found) };
      },
      (asked) => asked.aggregation !== undefined && isBehind(asked.aggregation),
    );
    if (answer?.status === 304 && held !== undefined) {
      held.askedAt = askedAt;
      failing = false;
      return;
    }
    const fault =
      aggregation === undefined ? describeFault(answer) : isBehind(aggregation) && BEHIND;
    if (aggregation === undefined || fault !== false) {
      if (!failing) onProblem(`${address} ${fault}`);
      failing = true;
      return;
    }
    held = { aggregation, askedAt };
    entityTag = answer?.entityTag;
    failing = false;
  }

  function pollOnce(): Promise<void> {
    clearTimeout(timer);
    polling ??= poll().finally(() => {
      polling = undefined;
      schedule();
    });
    return polling;
  }

  function schedule(): void {
    if (closed || clock() - usedAt > IDLE_SECONDS * 1000) return;
    timer = setTimeout(() => void pollOnce(), pollSeconds * 1000);
    // Nothing that should keep a process alive; browsers and workers have plain numbers here.
    if (typeof timer === 'object') timer.unref();
  }

  const age = (): number =>
    held === undefined ? Number.POSITIVE_INFINITY : clock() - held.askedAt;

  /** What serves while the server does not answer. */
  function findUsable(): StatusListAggregation | undefined {
    const serves = ((held?.aggregation.ttl ?? TTL) + staleFor) * 1000;
    return age() <= serves ? held?.aggregation : undefined;
  }

  function current(): StatusListAggregation | undefined {
    usedAt = clock();
    if (!failing) return age() <= 2 * pollSeconds * 1000 ? held?.aggregation : undefined;
    // A poll is due and no timer brings it: a platform without background work.
    if (polling === undefined && clock() - triedAt > 2 * pollSeconds * 1000) void pollOnce();
    return findUsable();
  }

  return {
    current,
    async find() {
      // Twice, for a poll that was under way may have begun long ago.
      for (let turn = 0; turn < 2; turn++) {
        const known = current();
        if (known !== undefined) return known;
        // However many ask while the server is away, it is asked once in a while.
        const mayTry = !failing || clock() - triedAt >= pollSeconds * 1000;
        if (polling === undefined && !mayTry) break;
        await pollOnce();
      }
      return findUsable();
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

const BEHIND = 'is behind what it has said before';

const describeFault = (answer: Answer | undefined): string =>
  answer === undefined ? 'is away' : `answered ${answer.status}`;
