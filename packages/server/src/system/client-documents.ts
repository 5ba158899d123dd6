import {
  CLIENT_ID_DOCUMENT_BYTES_MAX,
  type ClientMetadata,
  ok,
  type Result,
  readClientIdDocument,
  refuse,
} from '@tessera/protocol';
import type { ClientDocuments, Clock, Environment } from '../environment.ts';
import type { ClientDocumentProblem } from '../model/fetched-document.ts';
import { recentlyUsed } from '../recently-used.ts';

/** Documents that are remembered; the least recently used one is forgotten first. */
const DOCUMENTS_MAX = 2_000;

/** Milliseconds for which a document counts: what its server says, within these. */
const FRESH = { least: 60_000, unless: 600_000, most: 3_600_000 };

/** Milliseconds in which a document that was not there is not asked for again. */
const BACK_OFF = 1_000;

type Found = Result<ClientMetadata, ClientDocumentProblem>;

type Entry = {
  readonly answer: Promise<Found>;
  /** On the steady clock; while it is fetched, for ever. */
  until: number;
};

/**
 * Client id metadata documents, remembered. One that is no longer fresh is worth nothing: whoever
 * takes a document away has ended its client within the hour. Failures are not remembered, but for
 * the moment in which many would ask the same again. However many wait, it is fetched once.
 */
export function clientDocuments(
  env: Pick<Environment, 'outbound' | 'log'> & { readonly clock: Pick<Clock, 'monotonic'> },
): ClientDocuments {
  const entries = recentlyUsed<string, Entry>(DOCUMENTS_MAX);

  const fetchDocument = async (
    url: string,
    settled: (lifetime: number) => void,
  ): Promise<Found> => {
    const fetched = await env.outbound.fetchJson(url, { bytesMax: CLIENT_ID_DOCUMENT_BYTES_MAX });
    const found = fetched.ok ? readDocument(url, fetched.value.document) : fetched;
    if (!found.ok) env.log.warn({ clientId: url, ...found.refusal }, 'no client id document');
    const { least, unless, most } = FRESH;
    const maxAge = fetched.ok ? fetched.value.maxAge : undefined;
    const fresh = maxAge === undefined ? unless : maxAge * 1_000;
    settled(found.ok ? Math.min(Math.max(fresh, least), most) : BACK_OFF);
    return found;
  };

  return {
    find(url) {
      const known = entries.get(url);
      if (known !== undefined && env.clock.monotonic() < known.until) return known.answer;
      const entry: Entry = {
        until: Number.POSITIVE_INFINITY,
        answer: fetchDocument(url, (lifetime) => {
          entry.until = env.clock.monotonic() + lifetime;
        }),
      };
      entries.set(url, entry);
      return entry.answer;
    },
  };
}

function readDocument(url: string, document: Readonly<Record<string, unknown>>): Found {
  const read = readClientIdDocument(url, document);
  if (read.ok) return ok(read.value);
  const { refusal } = read;
  return refuse(
    refusal.reason === 'client_metadata_invalid'
      ? { member: refusal.member, detail: refusal.detail }
      : { member: 'redirect_uris', detail: 'must be absolute' },
  );
}
