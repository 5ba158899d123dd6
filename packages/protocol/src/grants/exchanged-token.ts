import type { TokenFacts } from '../access-token.ts';
import { readActors } from '../acting-party.ts';
import { isClientId } from '../client-credentials.ts';
import type { Confirmation, Possession } from '../confirmation.ts';
import { type Asker, isAddressedTo } from '../introspection.ts';
import { isJsonObject } from '../json.ts';
import type { Refusal } from '../refusal.ts';
import { ok, type Result, refuse } from '../result.ts';
import { readScope } from '../scope.ts';
import { type NumericDate, numericDate } from '../time.ts';
import { formatForeignSubject } from './foreign-subject.ts';

/** Whom a token that is exchanged is about, and how far what comes of it can go. */
export type ExchangedSubject = {
  readonly subject: string;
  /** Who acted until now, the latest first. */
  readonly actors: readonly string[];
  /** undefined: it was no access token, and says nothing of scopes. */
  readonly scope: readonly string[] | undefined;
  readonly expiresAt: NumericDate;
  /** The only one who may act, by its `may_act`; undefined: it has none. RFC 8693 §4.4 */
  readonly mayAct: string | undefined;
};

/** An assertion of a trusted issuer, verified. */
export type ForeignToken = {
  /** The id that the realm gave to the issuer. */
  readonly issuerId: string;
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Seconds since 1970, fractions allowed. */
  readonly expiresAt: number;
};

/**
 * Reads whom an assertion of another issuer is about. Its subject and those who acted are names of
 * that issuer; whom `may_act` names is a client of ours, `ownIssuer` if it says whose.
 * A claim that can not be read is no reason to grant more than it meant to allow. RFC 8693 §4.1, §4.4.
 */
export function readForeignSubject(
  { issuerId, subject, claims, expiresAt }: ForeignToken,
  ownIssuer: string,
): Result<ExchangedSubject, Refusal> {
  if (!isClientId(subject)) return invalid('sub');
  const actors = readActors(claims['act']);
  if (actors === undefined || !actors.every(isClientId)) return invalid('act');
  const scope = readForeignScope(claims['scope']);
  if (!scope.ok) return scope;
  const mayAct = claims['may_act'];
  const party = mayAct === undefined ? undefined : readParty(mayAct, ownIssuer);
  if (mayAct !== undefined && party === undefined) return invalid('may_act');
  return ok({
    subject: formatForeignSubject(issuerId, subject),
    actors: actors.map((actor) => formatForeignSubject(issuerId, actor)),
    scope: scope.value,
    expiresAt: numericDate(Math.floor(expiresAt)),
    mayAct: party,
  });
}

function readForeignScope(scope: unknown): Result<readonly string[] | undefined, Refusal> {
  if (scope === undefined) return ok(undefined);
  if (typeof scope !== 'string') return invalid('scope');
  const read = readScope(scope);
  return read.ok ? read : invalid('scope');
}

function readParty(mayAct: unknown, ownIssuer: string): string | undefined {
  if (!isJsonObject(mayAct)) return undefined;
  const { iss, sub } = mayAct;
  return typeof sub === 'string' && (iss === undefined || iss === ownIssuer) ? sub : undefined;
}

const invalid = (because: string) => refuse({ reason: 'subject_token_invalid', because } as const);

/** What is said of an assertion that is not believed. RFC 8693 §2.2.2 */
export const describeSubjectRefusal = (refusal: Refusal): Refusal =>
  'retryAfter' in refusal ? refusal : { reason: 'subject_token_invalid', because: refusal.reason };

/** The client that asks for an exchange, and the keys that it has shown to hold. */
export type Exchanger = Pick<Asker, 'clientId' | 'apis'> & { readonly possession: Possession };

/**
 * Whether a client may exchange an access token of its realm: one that it was issued itself, or
 * one that was made for it. Whoever else comes by a token has found or stolen it. RFC 8693 §5.
 *
 * A token that is bound to a key is worth nothing without it. Its own client has to show the key
 * again (RFC 9449 §5); an API cannot, for it was shown the key when the token was spent there.
 */
export function checkSubjectToken(
  token: TokenFacts | undefined,
  exchanger: Exchanger,
  now: NumericDate,
): Result<ExchangedSubject, Refusal> {
  if (token === undefined) return invalid('inactive');
  if (token.expiresAt <= now) return invalid('expired');
  const { clientId } = exchanger;
  if (!isAddressedTo(token, exchanger)) {
    if (token.clientId !== clientId) return invalid('not for this client');
    if (!isProven(token.confirmation, exchanger.possession))
      return refuse({ reason: 'subject_token_unproven', clientId });
  }
  const { subject, actors, scope, expiresAt } = token;
  return ok({ subject, actors, scope, expiresAt, mayAct: undefined });
}

/**
 * The client that an actor token proves to be there. It has to speak for itself: a token about
 * somebody else would make that one act, who knows nothing of it. And it is the caller's own,
 * unless the subject lets its client act. RFC 8693 §2.1, §4.4.
 */
export function checkActorToken(
  token: TokenFacts | undefined,
  { clientId, possession }: Exchanger,
  { mayAct }: ExchangedSubject,
  now: NumericDate,
): Result<string, Refusal> {
  if (token === undefined) return refuse({ reason: 'actor_token_invalid', because: 'inactive' });
  if (token.expiresAt <= now) return refuse({ reason: 'actor_token_invalid', because: 'expired' });
  if (token.subject !== token.clientId || token.actors.length > 0)
    return refuse({ reason: 'actor_token_invalid', because: 'not about its own client' });
  if (token.clientId !== clientId && token.clientId !== mayAct)
    return refuse({ reason: 'actor_not_authorized', clientId, actor: token.clientId });
  if (!isProven(token.confirmation, possession))
    return refuse({ reason: 'actor_token_invalid', because: 'bound to a key that was not shown' });
  return ok(token.clientId);
}

const isProven = (
  confirmation: Confirmation | undefined,
  { jkt, certificate }: Possession,
): boolean =>
  confirmation === undefined ||
  ((confirmation.jkt === undefined || confirmation.jkt === jkt) &&
    (confirmation.certificateThumbprint === undefined ||
      confirmation.certificateThumbprint === certificate?.thumbprint));
