import type { Refusal } from '@tessera/protocol';

/** What callers chose is kept in part: this many characters of a text, this many of a list. */
const TEXT_MAX = 255;
const LIST_MAX = 10;

/** Prefixes of generated secrets and of tokens, in whichever field a caller put them. */
const SECRET_FORM = /^(?:tsk|tsa|tss|tsi|tsr)_|^eyJ/;

/**
 * A refusal as operators read it in logs and events. Callers mix fields up: what looks like a
 * secret or a token is left out wherever it stands, and nothing can be made to grow a log.
 */
export function describeDetails(refusal: Refusal): Readonly<Record<string, unknown>> {
  const details: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(refusal) as [string, unknown][])
    details[name] = Array.isArray(value) ? describeList(value) : describeValue(value);
  return details;
}

const describeList = (values: readonly unknown[]): readonly unknown[] =>
  values.length <= LIST_MAX
    ? values.map(describeValue)
    : [...values.slice(0, LIST_MAX).map(describeValue), `and ${values.length - LIST_MAX} more`];

function describeValue(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (SECRET_FORM.test(value)) return '[looks like a secret]';
  return value.length <= TEXT_MAX ? value : `${value.slice(0, TEXT_MAX)}…`;
}
