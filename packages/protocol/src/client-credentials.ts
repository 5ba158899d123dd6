import {
  CLIENT_ASSERTION_LENGTH_MAX,
  type ClientAssertionType,
  isClientAssertionType,
} from './client-assertion-type.ts';
import { decode, type Form } from './parameters.ts';
import type { Refusal } from './refusal.ts';
import { ok, type Result, refuse } from './result.ts';

/**
 * What a caller claims to be, before anybody believed it. RFC 6749 §2.3.
 *
 * Basic credentials can be read in two ways: form-decoded, as §2.3.1 wants, and raw, as many
 * clients send them (curl's `--user`, and the example in RFC 9449 §6.2). `readings` has the decoded one first and both
 * only where they differ.
 */
export type PresentedCredentials =
  | { readonly method: 'client_secret_basic'; readonly readings: readonly IdAndSecret[] }
  | { readonly method: 'client_secret_post'; readonly readings: readonly [IdAndSecret] }
  | {
      readonly method: 'client_assertion';
      /** The parameter: what the assertion itself says is not read yet. */
      readonly clientId: string | undefined;
      readonly assertion: string;
      readonly assertionType: ClientAssertionType;
    }
  | { readonly method: 'client_id_only'; readonly clientId: string }
  | { readonly method: 'nothing' };

export type IdAndSecret = { readonly clientId: string; readonly secret: string };

/**
 * The Authorization header as the transport saw it: absent, Basic with its decoded text, or
 * something that cannot be read.
 */
export type AuthorizationHeader =
  | { readonly kind: 'absent' }
  | { readonly kind: 'basic'; readonly text: string }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'dpop'; readonly token: string }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'repeated' };

/** Longer ids and secrets are refused before anything is hashed. */
export const CREDENTIAL_LENGTH_MAX = 1024;

/**
 * Finds the one authentication method that a request uses.
 *
 * "The client MUST NOT use more than one authentication method in each request." RFC 6749 §2.3.
 * A `client_id` beside Basic is no second method as long as it names the same client.
 */
export function readCredentials(
  header: AuthorizationHeader,
  form: Form,
): Result<PresentedCredentials, Refusal> {
  const clientId = form.single.get('client_id');
  const secret = form.single.get('client_secret');
  const assertion = form.single.get('client_assertion');
  const assertionType = form.single.get('client_assertion_type');

  if (header.kind === 'repeated') return refuse({ reason: 'authorization_repeated' });
  if (clientId !== undefined && !isClientId(clientId))
    return refuse({ reason: 'client_id_malformed' });
  if (header.kind !== 'absent' && (secret !== undefined || assertion !== undefined))
    return refuse({ reason: 'authentication_methods_several' });
  if (secret !== undefined && assertion !== undefined)
    return refuse({ reason: 'authentication_methods_several' });
  if (assertionType !== undefined && assertion === undefined)
    return refuse({ reason: 'client_assertion_missing' });

  if (header.kind === 'basic') return readBasic(header.text, clientId);
  if (header.kind !== 'absent') return refuse({ reason: 'authorization_malformed' });
  if (assertion !== undefined) return readAssertion(assertion, assertionType, clientId);
  if (secret !== undefined) {
    if (clientId === undefined) return refuse({ reason: 'client_id_missing' });
    if (secret.length > CREDENTIAL_LENGTH_MAX) return refuse({ reason: 'credentials_too_long' });
    return ok({ method: 'client_secret_post', readings: [{ clientId, secret }] });
  }
  if (clientId !== undefined) return ok({ method: 'client_id_only', clientId });
  return ok({ method: 'nothing' });
}

/** RFC 7521 §4.2: the assertion and its type come together. Neither is looked into yet. */
function readAssertion(
  assertion: string,
  assertionType: string | undefined,
  clientId: string | undefined,
): Result<PresentedCredentials, Refusal> {
  if (assertionType === undefined) return refuse({ reason: 'client_assertion_type_missing' });
  if (!isClientAssertionType(assertionType))
    return refuse({ reason: 'client_assertion_type_unknown' });
  if (assertion.length > CLIENT_ASSERTION_LENGTH_MAX)
    return refuse({ reason: 'client_assertion_too_long' });
  return ok({ method: 'client_assertion', clientId, assertion, assertionType });
}

/** RFC 6749 §2.3.1: id and secret are each form-encoded, joined by a colon, then base64. */
function readBasic(
  text: string,
  formClientId: string | undefined,
): Result<PresentedCredentials, Refusal> {
  const readings = [...readingsOf(text)].filter(
    ({ clientId, secret }) => clientId !== '' && secret !== '',
  );
  if (readings.length === 0) return refuse({ reason: 'authorization_malformed' });
  // An encoded text is longer than what it stands for: one reading within the limits is enough.
  const short = readings.filter(
    ({ clientId, secret }) =>
      clientId.length <= CREDENTIAL_LENGTH_MAX && secret.length <= CREDENTIAL_LENGTH_MAX,
  );
  if (short.length === 0) return refuse({ reason: 'credentials_too_long' });
  const usable = short.filter(({ clientId }) => isClientId(clientId));
  if (usable.length === 0 || short.some(({ clientId }) => !isPrintable(clientId)))
    return refuse({ reason: 'client_id_malformed' });

  const named =
    formClientId === undefined
      ? usable
      : usable.filter(({ clientId }) => clientId === formClientId);
  if (named.length === 0) return refuse({ reason: 'client_id_mismatched' });
  return ok({ method: 'client_secret_basic', readings: named });
}

function* readingsOf(text: string): Generator<IdAndSecret> {
  const colon = text.indexOf(':');
  const encoded = text.includes('%') || text.includes('+');
  if (!encoded) {
    if (colon !== -1) yield { clientId: text.slice(0, colon), secret: text.slice(colon + 1) };
    return;
  }
  if (colon === -1) {
    // PingAM's documentation shows the separator itself encoded: `myClient%3AmySecret`.
    const whole = decode(text);
    const inner = whole?.indexOf(':') ?? -1;
    if (whole !== undefined && inner !== -1)
      yield { clientId: whole.slice(0, inner), secret: whole.slice(inner + 1) };
    return;
  }
  const raw = { clientId: text.slice(0, colon), secret: text.slice(colon + 1) };
  const clientId = decode(raw.clientId);
  const secret = decode(raw.secret);
  if (clientId !== undefined && secret !== undefined) yield { clientId, secret };
  if (clientId !== raw.clientId || secret !== raw.secret) yield raw;
}

/**
 * Whether a string can be a client identifier: printable, and no longer than 255 characters.
 * RFC 6749 App. A.1 has VSCHAR only; the example of App. B goes beyond it, so characters outside
 * ASCII pass. Refused are control characters, and half a character: written as UTF-8, any two of
 * those are the same, so two ids would become one.
 */
export const isClientId = (value: string): boolean =>
  value !== '' && value.length <= 255 && isPrintable(value);

function isPrintable(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || c === 0x2028 || c === 0x2029) return false;
    if (c < 0xd800 || c > 0xdfff) continue;
    const second = value.charCodeAt(++i);
    if (c > 0xdbff || !(second >= 0xdc00 && second <= 0xdfff)) return false;
  }
  return true;
}
