import { ok, type Result, refuse } from '@tessera/protocol';
import { type CrestRefusal, isObject, unreadable } from '../crest.ts';

/*
 * Managed objects of IDM: some properties are known, with a type, and whatever else is said is kept.
 * What an object must have and has not, or has of another type, fails the policy; all such failures
 * are told together, and nothing is done.
 */

export type Property = {
  readonly type: 'string' | 'boolean' | 'number' | 'object' | 'array';
  readonly required?: true;
};

export type Properties = Readonly<Record<string, Property>>;

export type Members = Readonly<Record<string, unknown>>;

type PolicyFailure = {
  readonly property: string;
  readonly policyRequirements: readonly {
    readonly policyRequirement: string;
    readonly params?: Readonly<Record<string, unknown>>;
  }[];
};

/**
 * Reads an object as it is to be. What begins with `_` says where it is, not what it is; null says
 * nothing. `before` is the object as it was: what it lacked then it may go on to lack.
 */
export function readManaged(
  properties: Properties,
  body: unknown,
  before: Members = {},
): Result<Members, CrestRefusal> {
  if (!isObject(body)) return refuse(unreadable('The body must be a JSON object.'));
  const members = Object.fromEntries(
    Object.entries(body).filter(([name, value]) => !name.startsWith('_') && value !== null),
  );
  const failures = Object.entries(properties).flatMap(([name, property]) =>
    checkProperty(name, property, members[name], before[name]),
  );
  return failures.length === 0 ? ok(members) : refuse(failedPolicy(failures));
}

function checkProperty(
  property: string,
  { type, required }: Property,
  value: unknown,
  before: unknown,
): readonly PolicyFailure[] {
  if (value === undefined || value === '')
    return required && (before !== '' || value === undefined) ? [missing(property)] : [];
  return typeOf(value) === type ? [] : [wrongType(property, value, type)];
}

export const missing = (property: string): PolicyFailure => ({
  policyRequirements: [{ policyRequirement: 'REQUIRED' }],
  property,
});

export const wrongType = (property: string, value: unknown, type: string): PolicyFailure => ({
  policyRequirements: [
    {
      params: { invalidType: typeOf(value), validTypes: [type] },
      policyRequirement: 'VALID_TYPE',
    },
  ],
  property,
});

export const failedPolicy = (failedPolicyRequirements: readonly PolicyFailure[]): CrestRefusal => ({
  code: 403,
  message: 'Failed policy validation',
  detail: { result: false, failedPolicyRequirements },
});

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}

/** The text of a member whose type was looked at. */
export const textOf = (members: Members, name: string): string => {
  const value = members[name];
  return typeof value === 'string' ? value : '';
};

/** What nothing here reads, beside what other products said; null: nothing. */
export function keep(
  others: Members | null,
  under: string,
  members: Members,
  read: ReadonlySet<string>,
): Record<string, unknown> | null {
  const { [under]: _, ...rest } = others ?? {};
  const kept = Object.entries(members).filter(([name]) => !read.has(name));
  if (kept.length > 0) return { ...rest, [under]: Object.fromEntries(kept) };
  return Object.keys(rest).length === 0 ? null : rest;
}

/** What was kept of an object, without what can only have been put there by somebody else. */
export function keptOf(
  keptAttributes: Members | null,
  under: string,
  read: ReadonlySet<string>,
): Members {
  const kept = keptAttributes?.[under];
  return isObject(kept)
    ? Object.fromEntries(
        Object.entries(kept).filter(([name]) => !read.has(name) && !name.startsWith('_')),
      )
    : {};
}
