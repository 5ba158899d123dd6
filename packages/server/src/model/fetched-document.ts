import type { KeySetProblem, Seconds } from '@tessera/protocol';

/** What somebody else published at an address. */
export type FetchedDocument = {
  readonly document: Readonly<Record<string, unknown>>;
  /** How long the other side calls it fresh. RFC 9111 §5.2.2.1. */
  readonly maxAge: Seconds | undefined;
};

/** Why there is no document. Holds nothing that the other side sent but a number. */
export type OutboundProblem =
  | {
      readonly problem:
        | 'url_not_allowed'
        | 'address_not_allowed'
        /** No such name, no connection, no trusted certificate, or one that broke. */
        | 'unreachable'
        | 'timed_out'
        | 'redirected'
        | 'too_large'
        | 'content_type_unexpected'
        | 'encoding_unexpected'
        /** Not UTF-8, no JSON, or no object. */
        | 'not_json'
        /** Too many are being fetched already. */
        | 'busy';
    }
  | { readonly problem: 'status_unexpected'; readonly status: number };

/** Why there is no client at an address: what is wrong with the fetch, or with a member. */
export type ClientDocumentProblem =
  | OutboundProblem
  | { readonly member: string; readonly detail: string };

/** Why there are no keys of somebody else's. */
export type RemoteKeySetProblem =
  | OutboundProblem
  | { readonly problem: 'key_set_unusable'; readonly reason: KeySetProblem['reason'] };

/** A JSON text for somebody who answers with a document. */
export type SentJson = {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds from the lookup of the name to the last byte. */
  readonly timeout: number;
  readonly bytesMax: number;
};
