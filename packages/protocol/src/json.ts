/** Deeper than any document of these specifications. RFC 8259 §9 */
const DEPTH_MAX = 32;

/**
 * Reads a JSON text; `undefined` for what is none, nests deeper than `depthMax`, or has a member
 * twice in one object. RFC 7515 §4 and RFC 8259 §4 leave open which of two members counts: two
 * readers that choose differently are an attack, so neither is believed.
 *
 * Members named `__proto__` are members like any other: `JSON.parse` makes them own properties.
 */
export function readJson(text: string, depthMax: number = DEPTH_MAX): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  // JSON.parse keeps one of two members of the same name, however the name is escaped. So a member
  // was lost exactly when the text has more colons outside its strings than the value has members.
  return countMembers(value, depthMax) === countColons(text) ? value : undefined;
}

/** The members of all objects in a value; NaN, which equals nothing, for one that is too deep. */
function countMembers(value: unknown, depthLeft: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depthLeft === 0) return Number.NaN;
  if (Array.isArray(value))
    return value.reduce((sum: number, one) => sum + countMembers(one, depthLeft - 1), 0);
  const names = Object.keys(value);
  let sum = names.length;
  for (const name of names)
    sum += countMembers((value as Record<string, unknown>)[name], depthLeft - 1);
  return sum;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** The colons of a valid JSON text that are not part of a string. */
function countColons(text: string): number {
  let colons = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === COLON) colons++;
    if (c !== QUOTE) continue;
    for (i++; text.charCodeAt(i) !== QUOTE; i++) if (text.charCodeAt(i) === BACKSLASH) i++;
  }
  return colons;
}

/** Whether a value read from JSON is an object: neither an array nor null. */
export const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
