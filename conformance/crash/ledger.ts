/*
 * What the callers of a server know: what was acknowledged to them, and what they asked for
 * without having heard of it again. The server must keep the former, and have the latter wholly or
 * not at all.
 */
import type { Answer } from '../wire.ts';

/** One thing: as it was acknowledged, and as it was asked to be since, if nobody knows. */
export type Entry<T> = { acknowledged: T; asked: { readonly wanted: T } | undefined };

export const entry = <T>(acknowledged: T): Entry<T> => ({ acknowledged, asked: undefined });

export type ClientRecord = {
  readonly clientId: string;
  readonly there: Entry<boolean>;
  /** Whether it is known to have been registered, whatever became of it. */
  registered: boolean;
  /** Its secrets, as far as they were ever shown. All are within their overlap. */
  readonly secrets: string[];
  readonly rotations: Entry<number>;
  /** The granted scopes; empty: there is no grant. */
  readonly granted: Entry<string>;
  readonly tokens: TokenRecord[];
  /** DPoP proofs that got a token: each is used up. */
  readonly proofs: string[];
};

export type TokenRecord = { readonly text: string; readonly active: Entry<boolean> };

export type UserRecord = { id: string | undefined; readonly there: Entry<boolean> };

export type Ledger = {
  readonly clients: Map<string, ClientRecord>;
  /** By user name. */
  readonly users: Map<string, UserRecord>;
  /** By id. */
  readonly apis: Map<string, Entry<boolean>>;
  /** By name. */
  readonly realms: Map<string, Entry<boolean>>;
  /** The provider's lifetime of access tokens, which only grows. */
  readonly lifetime: Entry<number>;
  /** Clients that something was asked for since they were last looked at. */
  readonly touched: Set<ClientRecord>;
  /** Answers that are neither a success nor an admitted failure. */
  readonly surprises: string[];
  /** How many answers were successes, and how many admitted failures. */
  readonly count: { acknowledged: number; unavailable: number };
};

export const newLedger = (): Ledger => ({
  clients: new Map(),
  users: new Map(),
  apis: new Map(),
  realms: new Map(),
  lifetime: entry(3_600),
  touched: new Set(),
  surprises: [],
  count: { acknowledged: 0, unavailable: 0 },
});

export const newClientRecord = (clientId: string): ClientRecord => ({
  clientId,
  there: entry(false),
  registered: false,
  secrets: [],
  rotations: entry(0),
  granted: entry(''),
  tokens: [],
  proofs: [],
});

/** Whether all is known of a client: one that is in doubt is left alone until somebody looks. */
export const isKnown = ({ there, rotations, granted, tokens }: ClientRecord): boolean =>
  [there, rotations, granted, ...tokens.map(({ active }) => active)].every(
    ({ asked }) => asked === undefined,
  );

/**
 * Writes down what is wanted, sends it, and writes down that it was acknowledged. Answers with
 * `undefined` when the server says that it does not know either.
 */
export async function attempt<T>(
  { surprises, count }: Ledger,
  what: string,
  one: Entry<T>,
  wanted: T,
  send: () => Promise<Answer>,
): Promise<Answer | undefined> {
  one.asked = { wanted };
  const answer = await send();
  if (answer.status < 300) {
    one.acknowledged = wanted;
    one.asked = undefined;
    count.acknowledged++;
    return answer;
  }
  if (answer.status === 503) count.unavailable++;
  else surprises.push(`${what}: ${answer.status} ${answer.text}`);
  return undefined;
}

/** Compares what is with what may be, and from now on expects what is. */
export function settle<T>(what: string, one: Entry<T>, found: T, wrong: string[]): void {
  const { acknowledged, asked } = one;
  if (found !== acknowledged && found !== asked?.wanted)
    wrong.push(
      `${what}: acknowledged ${acknowledged}, ${asked === undefined ? '' : `asked for ${asked.wanted}, `}found ${found}`,
    );
  one.acknowledged = found;
  one.asked = undefined;
}
