import { type Result, readNetwork, refuse } from '@tessera/protocol';
import type { Outbound } from '../environment.ts';
import type { FetchedDocument, OutboundProblem } from '../model/fetched-document.ts';
import { checkOutboundUrl, mayReach } from '../model/outbound-url.ts';
import { connectionOpener, type NetworkAccess, systemNetwork } from './open-connection.ts';
import { readDocument } from './read-document.ts';
import { slots } from './slots.ts';

/** Strangers choose whom this server asks, so everything about it is bounded. */
type Limits = {
  /** Milliseconds from the lookup of the name to the last byte. */
  readonly timeout: number;
  readonly concurrent: number;
  /** How many may wait until one of those is done, and for how many milliseconds. */
  readonly waiting: number;
  readonly patience: number;
};

const LIMITS: Limits = { timeout: 2_500, concurrent: 20, waiting: 100, patience: 1_000 };

/** Bytes of a body, unless the caller says otherwise. */
const BYTES_MAX = 65_536;

export function outbound(
  /** `TESSERA_OUTBOUND_ALLOW`. */
  allow: readonly string[],
  limits: Limits = LIMITS,
  network: NetworkAccess = systemNetwork,
): Outbound {
  const allowed = allow.map(readNetwork).filter((one) => one !== undefined);
  const openConnection = connectionOpener(network, (url, ip) => mayReach(url, ip, allowed));
  const room = slots(limits.concurrent, limits.waiting);

  const check = (text: string): Result<URL, OutboundProblem> => {
    const url = checkOutboundUrl(text, allowed);
    return url.ok ? url : refuse({ problem: url.refusal });
  };

  const fetchWithin = async (
    signal: AbortSignal,
    url: URL,
    accept: string,
    bytesMax: number,
  ): Promise<Result<FetchedDocument, OutboundProblem>> => {
    const connection = await openConnection(url, signal);
    if (!connection.ok) return connection;
    try {
      return await readDocument(connection.value, url, accept, bytesMax);
    } finally {
      connection.value.destroy();
    }
  };

  return {
    check,
    async fetchJson(text, { bytesMax = BYTES_MAX, accept = 'application/json' } = {}) {
      const url = check(text);
      if (!url.ok) return url;
      const leave = await room.take(limits.patience);
      if (leave === undefined) return refuse({ problem: 'busy' });
      const timer = new AbortController();
      const timeout = setTimeout(() => timer.abort(), limits.timeout);
      try {
        const answer = await fetchWithin(timer.signal, url.value, accept, bytesMax);
        return answer.ok || !timer.signal.aborted ? answer : refuse({ problem: 'timed_out' });
      } finally {
        clearTimeout(timeout);
        leave();
      }
    },
  };
}
