/**
 * Who holds how much of a memory that all share: the whole, its parts, theirs. When it is full, the
 * largest part of the largest part gives way, so that whoever wants much takes it from itself and
 * not from those who want little.
 */
export type Share = {
  readonly name: string;
  readonly whole: Share | undefined;
  /** Undefined: what it holds is its own. */
  parts: Parts | undefined;
  held: number;
  /** Where it is among those that hold as much. */
  at: number;
  /** Of what ends by this second, it can no longer be told whether it was here. */
  forgotten: number;
  /** Takes a place until that second is over, and keeps the share for so long. */
  mark: Place | undefined;
  /** The ends of the list of places. */
  oldest: Place | undefined;
  newest: Place | undefined;
};

type Parts = {
  readonly byName: Map<string, Share>;
  /** Of equals, the one last that has grown last. */
  readonly bySize: Map<number, Share[]>;
  largest: number;
  /** Goes round the parts: to begin anew would pass all that are gone. */
  hand: Iterator<Share> | undefined;
};

/** What takes one place: something that is remembered, or the mark of what was forgotten. */
export type Place = {
  readonly key: string | undefined;
  /** In which it ends. */
  readonly second: number;
  readonly share: Share;
  older: Place | undefined;
  newer: Place | undefined;
};

export const openShare = (name: string, whole: Share | undefined): Share => ({
  name,
  whole,
  parts: undefined,
  held: 0,
  at: 0,
  // Whoever is new may have been here before.
  forgotten: forgottenBy(whole),
  mark: undefined,
  oldest: undefined,
  newest: undefined,
});

/** What a new part may have lost with an earlier one of its name. */
function forgottenBy(share: Share | undefined): number {
  if (share === undefined) return Number.NEGATIVE_INFINITY;
  return Math.max(share.forgotten, forgottenBy(share.whole));
}

/** What was forgotten of who has that path. */
export function findForgotten(all: Share, path: readonly string[]): number {
  let share = all;
  for (const name of path) {
    const part = share.parts?.byName.get(name);
    if (part === undefined) return forgottenBy(share);
    share = part;
  }
  return share.forgotten;
}

/** A place in the share of that path, which is made if need be. */
export function take(all: Share, path: readonly string[], key: string, second: number): Place {
  let share = all;
  for (const name of path) {
    share.parts ??= { byName: new Map(), bySize: new Map(), largest: 0, hand: undefined };
    const part = share.parts.byName.get(name) ?? openShare(name, share);
    share.parts.byName.set(name, part);
    share = part;
  }
  const place: Place = { key, second, share, older: share.newest, newer: undefined };
  if (share.newest === undefined) share.oldest = place;
  else share.newest.newer = place;
  share.newest = place;
  resize(share, 1);
  return place;
}

/** Marks that what ends by that second is forgotten; undefined: an earlier mark says so. */
export function mark(share: Share, second: number): Place | undefined {
  if (share.mark !== undefined && share.mark.second >= second) return undefined;
  share.forgotten = Math.max(share.forgotten, second);
  share.mark = { key: undefined, second, share, older: undefined, newer: undefined };
  resize(share, 1);
  return share.mark;
}

/** Gives the place back. A share without places is gone. */
export function giveBack(place: Place): void {
  const { share, older, newer } = place;
  if (place.key === undefined) {
    if (share.mark === place) share.mark = undefined;
  } else {
    if (older === undefined) share.oldest = newer;
    else older.newer = newer;
    if (newer === undefined) share.newest = older;
    else newer.older = older;
  }
  resize(share, -1);
}

/** Who has to give way: the largest part of the largest part, down to parts that have one place each. */
export function findLargest(all: Share): Share {
  let share = all;
  while (share.parts !== undefined && share.parts.largest > 1) {
    const part = share.parts.bySize.get(share.parts.largest)?.at(-1);
    if (part === undefined) break;
    share = part;
  }
  return share;
}

/** What of it has been there for the longest; of parts, what they have in turn. */
export function findOldest({ oldest, parts, mark: marked }: Share): Place | undefined {
  if (oldest !== undefined) return oldest;
  const part = parts && findNext(parts);
  return part === undefined ? marked : findOldest(part);
}

function findNext(parts: Parts): Share | undefined {
  const next = parts.hand?.next();
  if (next !== undefined && next.done !== true) return next.value;
  parts.hand = parts.byName.values();
  const first = parts.hand.next();
  return first.done === true ? undefined : first.value;
}

function resize(changed: Share, by: 1 | -1): void {
  for (let share: Share | undefined = changed; share !== undefined; share = share.whole) {
    const before = share.held;
    share.held += by;
    if (share.whole?.parts !== undefined) move(share, share.whole.parts, before);
  }
}

function move(part: Share, parts: Parts, before: number): void {
  const { byName, bySize } = parts;
  const equals = bySize.get(before);
  if (equals !== undefined) {
    const last = equals.pop();
    if (last !== undefined && last !== part) {
      equals[part.at] = last;
      last.at = part.at;
    }
    if (equals.length === 0) bySize.delete(before);
  }
  if (part.held === 0) byName.delete(part.name);
  else {
    const others = bySize.get(part.held);
    part.at = others?.length ?? 0;
    if (others === undefined) bySize.set(part.held, [part]);
    else others.push(part);
  }
  // Sizes change by one: when the largest is no longer so large, it is still larger than the others.
  if (part.held > parts.largest || (before === parts.largest && !bySize.has(before)))
    parts.largest = part.held;
}
