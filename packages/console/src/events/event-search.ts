export type EventSearch = {
  readonly search?: string;
  readonly type?: string;
  readonly actor?: string;
  readonly subject?: string;
  /** Days back from now. */
  readonly days?: number;
  /** An event that is open, and the second in which it happened. */
  readonly event?: string;
  readonly at?: number;
};
