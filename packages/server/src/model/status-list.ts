/** A status list as somebody asks for it. */
export type AskedList = {
  readonly realm: string;
  /** The part of its address below the base. */
  readonly name: string;
  /** An earlier one is of no use: the caller has seen this position of the realm. */
  readonly version: number;
  /** Who asks, for a signature takes time. */
  readonly address: string;
};

export type StatusListProblem =
  | { readonly reason: 'status_list_unknown' }
  | { readonly reason: 'status_lists_too_many'; readonly retryAfter: number };

/** What the name of a list says. */
export type NamedStatusList = {
  /** The clients for which its tokens speak. */
  readonly parties: readonly string[];
  /** Which part of time its tokens were issued in. */
  readonly window: number;
  /** By which its places are indexes. */
  readonly order: Uint8Array;
};
