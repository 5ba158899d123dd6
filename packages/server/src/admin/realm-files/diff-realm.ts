import {
  isSame,
  type Members,
  type RealmChange,
  type Thing,
  type ThingKind,
  type ThingsOfRealm,
} from './thing.ts';

/** A thing that is to be another: made, changed or taken away. */
export type Difference =
  | { readonly action: 'create'; readonly before: undefined; readonly after: Thing }
  | { readonly action: 'update'; readonly before: Thing; readonly after: Thing }
  | { readonly action: 'delete'; readonly before: Thing; readonly after: undefined };

export type RealmDiff = {
  /** In an order in which each can be made when those before it have been. */
  readonly differences: readonly Difference[];
  /** How many things nobody named, and that are left as they are. */
  readonly keptCount: number;
};

/**
 * What has to change for a realm to be what is wanted. Pure, and nothing when asked again of what
 * it has led to.
 *
 * A realm keeps what it is called and whether it is enabled, unless the file is of this realm: so
 * one realm can be made like another.
 */
export function diffRealm(
  current: ThingsOfRealm,
  wanted: ThingsOfRealm,
  { prune, renames }: { readonly prune: boolean; readonly renames: boolean },
): RealmDiff {
  const differences: Difference[] = [];
  let keptCount = 0;
  const kinds = [...wanted.kinds].filter((kind) => renames || kind !== 'realm');
  const goneClients = new Set<string>();
  for (const kind of kinds) {
    const { pairs, unwanted } = pair(ofKind(current, kind), ofKind(wanted, kind));
    for (const { before, after } of pairs)
      if (before === undefined) differences.push({ action: 'create', before, after });
      else if (!isSame(before.members, after.members))
        differences.push({ action: 'update', before, after });
    for (const before of unwanted) {
      if (before.permanent) continue;
      if (!prune) keptCount += 1;
      else if (kind === 'client') goneClients.add(before.key);
      // What belongs to a client goes with it.
      if (prune && !goneClients.has(before.clientId ?? ''))
        differences.push({ action: 'delete', before, after: undefined });
    }
  }
  return {
    differences: differences
      .map((difference, index) => ({ difference, index, place: placeOf(difference) }))
      .sort((a, b) => a.place - b.place || a.index - b.index)
      .map(({ difference }) => difference),
    keptCount,
  };
}

const ofKind = ({ things }: ThingsOfRealm, kind: ThingKind): readonly Thing[] =>
  things.filter((one) => one.kind === kind);

type Pair = { readonly before: Thing | undefined; readonly after: Thing };

function pair(
  current: readonly Thing[],
  wanted: readonly Thing[],
): { readonly pairs: readonly Pair[]; readonly unwanted: readonly Thing[] } {
  const known = new Map(current.map((one) => [one.key, one]));
  const named = new Set(wanted.map(({ key }) => key));
  return {
    pairs: wanted.map((after) => ({ before: known.get(after.key), after })),
    unwanted: current.filter(({ key }) => !named.has(key)),
  };
}

/**
 * First what stands in the way of others goes, then what others name comes, and in the end what
 * others named goes.
 */
const PLACES: { readonly [Kind in ThingKind]: Readonly<Record<Difference['action'], number>> } = {
  application: { delete: 1, create: 20, update: 20 },
  'client-grant': { delete: 2, create: 16, update: 16 },
  key: { delete: 2, create: 15, update: 15 },
  certificate: { delete: 2, create: 15, update: 15 },
  workload: { delete: 2, create: 15, update: 15 },
  api: { delete: 3, create: 11, update: 11 },
  realm: { delete: 4, create: 4, update: 4 },
  provider: { delete: 5, create: 5, update: 5 },
  'trusted-authority': { delete: 31, create: 6, update: 6 },
  'trusted-issuer': { delete: 31, create: 6, update: 6 },
  user: { delete: 30, create: 7, update: 7 },
  client: { delete: 12, create: 13, update: 13 },
};

const placeOf = ({ action, before, after }: Difference): number =>
  PLACES[(after ?? before).kind][action];

/** As whoever reads a review wants it: what is different, from what to what. */
export function describeDifference({ action, before, after }: Difference): RealmChange {
  const { kind, name, pointer } = after ?? before;
  return {
    action,
    kind,
    name,
    pointer,
    members: differingMembers(before?.members, after?.members),
  };
}

export function differingMembers(
  before: Members | undefined,
  after: Members | undefined,
): RealmChange['members'] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const members: Record<string, { readonly from?: unknown; readonly to?: unknown }> = {};
  for (const name of names) {
    const from = before?.[name];
    const to = after?.[name];
    if (isSame(from, to)) continue;
    members[name] = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  }
  return members;
}
