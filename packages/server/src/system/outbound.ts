import { type Result, readNetwork, refuse } from '@tessera/protocol';
import type { Outbound } from '../environment.ts';
import type { FetchedDocument, OutboundProblem, SentJson } from '../model/fetched-document.ts';
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

const JSON_TYPE = 'application/json';

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

  const askWithin = async (
    signal: AbortSignal,
    url: URL,
    accept: string,
    bytesMax: number,
    sent: SentJson | undefined,
  ): Promise<Result<FetchedDocument, OutboundProblem>> => {
    const connection = await openConnection(url, signal);
    if (!connection.ok) return connection;
    try {
      return await readDocument(connection.value, url, accept, bytesMax, sent);
    } finally {
      connection.value.destroy();
    }
  };

  const ask = async (
    text: string,
    { timeout, bytesMax, accept, sent }: Asked,
  ): Promise<Result<FetchedDocument, OutboundProblem>> => {
    const url = check(text);
    if (!url.ok) return url;
    const timer = new AbortController();
    const timing = setTimeout(() => timer.abort(), timeout);
    try {
      const answer = await askWithin(timer.signal, url.value, accept, bytesMax, sent);
      return answer.ok || !timer.signal.aborted ? answer : refuse({ problem: 'timed_out' });
    } finally {
      clearTimeout(timing);
    }
  };

  return {
    check,
    async fetchJson(text, { bytesMax = BYTES_MAX, accept = JSON_TYPE } = {}) {
      const leave = await room.take(limits.patience);
      if (leave === undefined) return refuse({ problem: 'busy' });
      try {
        return await ask(text, { timeout: limits.timeout, bytesMax, accept, sent: undefined });
      } finally {
        leave();
      }
    },
    postJson: (text, sent) => ask(text, { ...sent, accept: JSON_TYPE, sent }),
  };
}

type Asked = {
  readonly timeout: number;
  readonly bytesMax: number;
  readonly accept: string;
  readonly sent: SentJson | undefined;
};
