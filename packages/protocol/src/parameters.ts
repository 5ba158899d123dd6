import { TOKEN_EXCHANGE_GRANT } from './client.ts';
import type { Refusal } from './refusal.ts';
import { ok, type Result, refuse } from './result.ts';

/**
 * The parameters of one request, decoded, each with one value.
 *
 * A Map, not an object: a parameter named `__proto__` is then a name like any other.
 */
export type Form = {
  readonly single: ReadonlyMap<string, string>;
  /** The values of `resource`, in the order sent. RFC 8707 §2 lets it repeat. */
  readonly resource: readonly string[];
  /** The same of `audience`, which may repeat in a token exchange. RFC 8693 §2.1 */
  readonly audience: readonly string[];
};

/** More parameters than any grant has, few enough to cost nothing. */
const PARAMETERS_MAX = 100;

/** Their own grammars judge line breaks: JSON (RFC 8259 §2) may have them between its tokens. */
const OWN_GRAMMAR: ReadonlySet<string> = new Set(['scope', 'authorization_details']);

/**
 * Reads an `application/x-www-form-urlencoded` body. RFC 6749 §3.2.
 *
 * "Parameters sent without a value MUST be treated as if they were omitted from the request. […]
 * Request and response parameters MUST NOT be included more than once."
 *
 * Names are flat: `scope[]` and `a[b]` are only unknown names, and no object is built from them.
 */
export function readForm(body: string): Result<Form, Refusal> {
  const single = new Map<string, string>();
  const repeatable = { resource: [] as string[], audience: [] as string[] };
  if (body === '') return ok({ single, ...repeatable });

  const parts = body.split('&', PARAMETERS_MAX + 1);
  if (parts.length > PARAMETERS_MAX)
    return refuse({ reason: 'parameters_too_many', max: PARAMETERS_MAX });

  const seen = new Set<string>();
  let audienceRepeated = false;
  for (const part of parts) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode(equals === -1 ? part : part.slice(0, equals));
    const value = equals === -1 ? '' : decode(part.slice(equals + 1));
    if (name === undefined || value === undefined) return refuse({ reason: 'encoding_malformed' });
    if (!OWN_GRAMMAR.has(name) && (hasLineBreaker(value) || hasLineBreaker(name)))
      return refuse({ reason: 'parameter_has_control_character' });

    if (name === 'resource' || name === 'audience') {
      if (value !== '') repeatable[name].push(value);
      audienceRepeated ||= name === 'audience' && seen.has(name);
      seen.add(name);
      continue;
    }
    if (seen.has(name)) return refuse({ reason: 'parameter_repeated', parameter: name });
    seen.add(name);
    if (value !== '') single.set(name, value);
  }
  if (audienceRepeated && single.get('grant_type') !== TOKEN_EXCHANGE_GRANT)
    return refuse({ reason: 'parameter_repeated', parameter: 'audience' });
  return ok({ single, ...repeatable });
}

/**
 * Decodes one component of a form: `+` is a space, `%XX` is a byte of UTF-8. RFC 6749 App. B.
 * `undefined` for what no encoder produces: a lone `%`, half a character.
 */
export function decode(component: string): string | undefined {
  const spaced = component.includes('+') ? component.replaceAll('+', ' ') : component;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}

/**
 * Encodes one component of a form, the inverse of `decode`: a space is `+`, and letters, digits
 * and `*-._` alone stand for themselves. RFC 6749 App. B. Throws a URIError for half a character.
 */
export function encode(component: string): string {
  return encodeURIComponent(component)
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * NUL, CR and LF have no business in a parameter; in a log or a header they forge lines. What has
 * a grammar of its own is left to that, which refuses them with the error that belongs to it.
 */
function hasLineBreaker(value: string): boolean {
  return value.includes('\0') || value.includes('\n') || value.includes('\r');
}
