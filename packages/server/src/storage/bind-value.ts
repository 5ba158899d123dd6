/** What a driver can be given. */
export type BoundValue = string | number | bigint | null | Uint8Array;

/**
 * The one way of a value into a statement, for both databases. Drivers disagree on what they do
 * with the rest of JavaScript's values (an object becomes named parameters, `undefined` throws,
 * NaN becomes NULL, a Date becomes local time), so nothing else gets through.
 */
export function bindValue(value: unknown): BoundValue {
  switch (typeof value) {
    case 'string':
      return storableText(value);
    case 'number':
      if (Number.isFinite(value)) return value;
      throw new TypeError(`a statement cannot take the number ${value}`);
    case 'boolean':
      return value ? 1 : 0;
    case 'undefined':
      return null;
    case 'bigint':
      if (BigInt.asIntN(64, value) === value) return value;
      throw new TypeError('a statement cannot take an integer of more than 64 bits');
    default:
      if (value === null || value instanceof Uint8Array) return value;
      throw new TypeError(`a statement cannot take a value of type ${typeof value}`);
  }
}

/**
 * Text that both databases keep as it is. PostgreSQL refuses U+0000, and neither has a form for
 * half of a surrogate pair: both become U+FFFD, as every encoder of UTF-8 does with the latter.
 */
export const storableText = (text: string): string =>
  text.includes('\0') || LONE_SURROGATE.test(text)
    ? text.replaceAll('\0', '\uFFFD').replaceAll(LONE_SURROGATES, '\uFFFD')
    : text;

const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = /\p{Surrogate}/gu;
