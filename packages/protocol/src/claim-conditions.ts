import { isJsonObject } from './json.ts';

/**
 * What one claim of an assertion has to say.
 *
 * `claim` is the name of a claim or a path to a member of one: `kubernetes.io.namespace` is the
 * member `namespace` of the claim `kubernetes.io`. In a pattern `*` stands for one character or
 * more, none of them `/` or `:`, which divide the names of workloads.
 */
export type ClaimCondition = {
  readonly claim: string;
  readonly operator: 'equals' | 'matches';
  readonly value: string;
};

type Claims = Readonly<Record<string, unknown>>;

/** Whether all conditions hold. None at all is no reason to believe anybody. */
export const matchesConditions = (claims: Claims, conditions: readonly ClaimCondition[]): boolean =>
  conditions.length > 0 &&
  conditions.every((condition) => holds(findClaim(claims, condition.claim), condition));

/**
 * The claim at a path. Names have dots in them, so at each level the longest name that the rest of
 * the path begins with is followed, and no other: what a path means depends on nothing further
 * down.
 */
export function findClaim(claims: Claims, path: string): unknown {
  let within: unknown = claims;
  let rest = path;
  while (isJsonObject(within)) {
    const name = longestName(within, rest);
    if (name === undefined) return undefined;
    within = within[name];
    if (name.length === rest.length) return within;
    rest = rest.slice(name.length + 1);
  }
  return undefined;
}

function longestName(object: Claims, path: string): string | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const name = path.slice(0, end);
    if (Object.hasOwn(object, name)) return name;
  }
  return undefined;
}

/** Of several values, as in an array of groups, one has to be right. */
const holds = (found: unknown, condition: ClaimCondition): boolean =>
  (Array.isArray(found) ? found : [found]).some((value) => {
    const text = textOf(value);
    return text !== undefined && isRight(text, condition);
  });

/** Numbers that JSON does not keep exactly are equal to too many others. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value);
  return undefined;
}

const isRight = (text: string, { operator, value }: ClaimCondition): boolean =>
  operator === 'equals' ? text === value : matchesPattern(text, value);

const SEPARATORS = /([/:])/;

/** Whether a text can be a pattern: one `*` at most between two separators. */
export const isClaimPattern = (text: string): boolean =>
  text.split(SEPARATORS).every((part) => part.indexOf('*') === part.lastIndexOf('*'));

/**
 * Whether a text is what a pattern says, from its first character to its last. What stands between
 * two separators is compared with what stands there in the pattern, so a `*` never reaches into
 * the next part: `repo:acme/*:ref` says nothing of `repo:acme/app:environment:x:ref`. One pass over
 * both, and no regular expression is made of either.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  if (!isClaimPattern(pattern)) return false;
  const parts = text.split(SEPARATORS);
  const wanted = pattern.split(SEPARATORS);
  return (
    parts.length === wanted.length &&
    wanted.every((one, index) => matchesPart(parts[index] ?? '', one))
  );
}

function matchesPart(part: string, pattern: string): boolean {
  const star = pattern.indexOf('*');
  if (star === -1) return part === pattern;
  return (
    part.length >= pattern.length &&
    part.startsWith(pattern.slice(0, star)) &&
    part.endsWith(pattern.slice(star + 1))
  );
}

/** Whether one text can be what both conditions want, each of them of its claim. */
export function canBothHold(one: ClaimCondition, other: ClaimCondition): boolean {
  if (one.operator === 'equals') return isRight(one.value, other);
  if (other.operator === 'equals') return isRight(other.value, one);
  if (!isClaimPattern(one.value) || !isClaimPattern(other.value)) return false;
  const parts = one.value.split(SEPARATORS);
  const others = other.value.split(SEPARATORS);
  return (
    parts.length === others.length &&
    parts.every((part, index) => canBothMatch(part, others[index] ?? ''))
  );
}

/** Two patterns of one part: a `*` is as long as the other one needs. */
function canBothMatch(one: string, other: string): boolean {
  const star = one.indexOf('*');
  const otherStar = other.indexOf('*');
  if (star === -1) return matchesPart(one, other);
  if (otherStar === -1) return matchesPart(other, one);
  const [start, otherStart] = [one.slice(0, star), other.slice(0, otherStar)];
  const [end, otherEnd] = [one.slice(star + 1), other.slice(otherStar + 1)];
  return (
    (start.startsWith(otherStart) || otherStart.startsWith(start)) &&
    (end.endsWith(otherEnd) || otherEnd.endsWith(end))
  );
}
