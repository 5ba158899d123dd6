import { type ClaimSources, fillClaimTemplate, readClaimTemplate } from './claim-template.ts';
import { isJsonObject } from './json.ts';
import { isReservedClaim } from './reserved-claims.ts';
import { ok, type Result, refuse } from './result.ts';

/** Claims of a token that no specification names, by their names. RFC 7519 §4.2, §4.3 */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * A claim that an API or a realm puts into its tokens: a JSON value, or a template that becomes a
 * text. It has one of the two.
 */
export type CustomClaim = {
  readonly name: string;
  readonly value?: unknown;
  readonly template?: string | undefined;
};

/** Whom to ask, when a token for an API is issued, for claims that are not known beforehand. */
export type ClaimsHook = {
  readonly url: string;
  /** Milliseconds from the lookup of the name to the last byte of the answer. */
  readonly timeoutMilliseconds: number;
  /** What becomes of the token when there is no answer, or none that can be used. */
  readonly onFailure: 'refuse' | 'omit';
  /** How long an answer is used again; 0: not at all. */
  readonly cacheSeconds: number;
};

/** At one API, and at one realm. */
export const CUSTOM_CLAIMS_MAX = 20;

/** Bytes of the JSON of one value, and of all custom claims of one token. */
const VALUE_BYTES_MAX = 1_024;
export const CUSTOM_CLAIMS_BYTES_MAX = 2_048;

/** Arrays and objects within each other. */
const VALUE_DEPTH_MAX = 5;

/** Printable ASCII without space, quotation mark and backslash: a word, or a URI. RFC 7519 §4.2 */
const CLAIM_NAME = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

/** What is wrong with a claim, at one of its members: a sentence without its subject. */
export type ClaimProblem = {
  readonly member: 'name' | 'value' | 'template';
  readonly detail: string;
};

/** What keeps a claim from being set; undefined when nothing does. RFC 7519 §4.2, §4.3 */
export function findClaimProblem({ name, value, template }: CustomClaim): ClaimProblem | undefined {
  const detail = findNameProblem(name);
  if (detail !== undefined) return { member: 'name', detail };
  if (template !== undefined) {
    if (value !== undefined) return { member: 'value', detail: 'does not go with a template' };
    const read = readClaimTemplate(template);
    return read.ok ? undefined : { member: 'template', detail: read.refusal };
  }
  const problem = findValueProblem(value);
  return problem === undefined ? undefined : { member: 'value', detail: problem };
}

const findNameProblem = (name: string): string | undefined =>
  isReservedClaim(name)
    ? 'is a claim that only the server writes'
    : CLAIM_NAME.test(name)
      ? undefined
      : 'must be 1 to 128 printable ASCII characters without space, quotation mark or backslash';

function findValueProblem(value: unknown): string | undefined {
  if (value === undefined) return 'or a template is needed';
  if (value === null) return 'must not be null: leave the claim out instead';
  if (!isKept(value, VALUE_DEPTH_MAX))
    return `must not nest deeper than ${VALUE_DEPTH_MAX}, nor have whole numbers beyond 2^53 or a member __proto__`;
  return bytesOf(value) > VALUE_BYTES_MAX
    ? `must not be longer than ${VALUE_BYTES_MAX} bytes as JSON`
    : undefined;
}

/** RFC 8259 §6: whole numbers beyond 2^53 are read differently by different readers. */
function isKept(value: unknown, depthLeft: number): boolean {
  if (typeof value === 'number')
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  if (typeof value !== 'object' || value === null) return true;
  // Readers that copy members one by one would change the prototype of what they copy to.
  return (
    depthLeft > 0 &&
    !Object.hasOwn(value, '__proto__') &&
    Object.values(value).every((one) => isKept(one, depthLeft - 1))
  );
}

/** In UTF-8, where no unit of UTF-16 beyond ASCII takes more than three: all are counted so. */
function bytesOf(value: unknown): number {
  const text = JSON.stringify(value);
  let bytes = 0;
  for (let i = 0; i < text.length; i++) bytes += text.charCodeAt(i) < 0x80 ? 1 : 3;
  return bytes;
}

/** Whether all that these claims say is little enough for a token. */
export const fitsToken = (claims: Claims): boolean => bytesOf(claims) <= CUSTOM_CLAIMS_BYTES_MAX;

/**
 * What the claims of an API and of its realm say for one client; undefined when there are none.
 * A claim of the API takes the place of the realm's of that name, even where it says nothing.
 */
export function resolveClaims(
  ofRealm: readonly CustomClaim[],
  ofApi: readonly CustomClaim[],
  sources: ClaimSources,
): Claims | undefined {
  const declared = new Map([...ofRealm, ...ofApi].map((claim) => [claim.name, claim]));
  const claims: [string, unknown][] = [];
  for (const [name, claim] of declared) {
    const value = claim.template === undefined ? claim.value : fill(claim.template, sources);
    if (value !== undefined) claims.push([name, value]);
  }
  return claims.length === 0 ? undefined : Object.fromEntries(claims);
}

function fill(text: string, sources: ClaimSources): string | undefined {
  const template = readClaimTemplate(text);
  return template.ok ? fillClaimTemplate(template.value, sources) : undefined;
}

/**
 * The claims of several parties as those of one token; the refusal is the name of one of which two
 * say different things. A token says one thing to everybody, so no API can be told what another
 * means by the same word.
 */
export function combineClaims(
  parties: readonly (Claims | undefined)[],
): Result<Claims | undefined, string> {
  const [first, ...others] = parties.filter((claims) => claims !== undefined);
  if (others.length === 0) return ok(first);
  const combined = new Map<string, unknown>(Object.entries(first ?? {}));
  for (const claims of others)
    for (const [name, value] of Object.entries(claims)) {
      if (combined.has(name) && !isSame(combined.get(name), value)) return refuse(name);
      combined.set(name, value);
    }
  return ok(Object.fromEntries(combined));
}

/** Whether two values say the same; members of an object have no order. RFC 8259 §4 */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const entries = Object.entries(one);
  return (
    entries.length === Object.keys(other).length &&
    entries.every(
      ([name, value]) => Object.hasOwn(other, name) && isSame(value, (other as Claims)[name]),
    )
  );
}

/**
 * What a token or an introspection says, with the custom claims after it. What the server says of a
 * token itself is said by nobody else, whatever way a claim came in: this is the last place before
 * the signature.
 */
export function addCustomClaims<Said extends object>(said: Said, claims: Claims | undefined): Said {
  return claims === undefined ? said : { ...said, ...selectCustomClaims(claims) };
}

/** Those claims of a token that are not the server's own; undefined when there are none. */
export function selectCustomClaims(claims: Claims): Claims | undefined {
  let selected: Record<string, unknown> | undefined;
  for (const name of Object.keys(claims))
    if (!isReservedClaim(name)) {
      selected ??= {};
      selected[name] = claims[name];
    }
  return selected;
}

/** Why the claims in the answer of a hook cannot be used. */
export type ClaimsAnswerProblem =
  | { readonly problem: 'claims_malformed' }
  | { readonly problem: 'claims_too_many' }
  | { readonly problem: 'claims_too_large' }
  /** `claim` is one of the reserved names, never other text that somebody sent. */
  | { readonly problem: 'claim_reserved'; readonly claim: string }
  | { readonly problem: 'claim_invalid' };

/** Reads the answer of a hook, `{"claims":{…}}`: they are held to what configured ones are. */
export function readClaimsAnswer(document: unknown): Result<Claims, ClaimsAnswerProblem> {
  const claims = isJsonObject(document) ? document['claims'] : undefined;
  if (!isJsonObject(claims)) return refuse({ problem: 'claims_malformed' });
  const entries = Object.entries(claims);
  if (entries.length > CUSTOM_CLAIMS_MAX) return refuse({ problem: 'claims_too_many' });
  for (const [name, value] of entries) {
    if (isReservedClaim(name)) return refuse({ problem: 'claim_reserved', claim: name });
    if (findClaimProblem({ name, value }) !== undefined)
      return refuse({ problem: 'claim_invalid' });
  }
  return fitsToken(claims) ? ok(claims) : refuse({ problem: 'claims_too_large' });
}
