import {
  type ActiveToken,
  type Introspection,
  isDetails,
  ok,
  type Result,
  readActors,
  readConfirmation,
  refuse,
} from '@tessera/protocol';
import type { TokenRefusal } from './token-refusal.ts';
import type { ValidatedToken } from './validated-token.ts';

/** What a token has to be for this API. */
export type IntrospectionExpectation = {
  readonly issuer: string;
  /** One of these must be in `aud`. */
  readonly audience: readonly string[];
};

const NONE: Readonly<Record<string, string>> = Object.freeze({});

/**
 * Judges what the authorization server said of a token. RFC 7662 §2.2
 *
 * Its word on time is final: a clock that is wrong here must neither prolong nor end a token. What
 * it leaves out (`iss`) is not held against the token, except `aud`: without it, a token for any
 * other API would serve here too.
 */
export function readIntrospectedToken(
  answer: Introspection,
  { issuer, audience }: IntrospectionExpectation,
): Result<ValidatedToken, TokenRefusal> {
  if (!answer.active) return refuse({ reason: 'token_inactive' });
  if ((answer.issuer ?? issuer) !== issuer) return refuse({ reason: 'token_of_another_issuer' });
  if (!audience.some((one) => answer.audience.includes(one)))
    return refuse({ reason: 'token_for_another_audience' });

  const { cnf, authorization_details: details, act } = answer.members;
  const confirmation = cnf === undefined ? undefined : readConfirmation(cnf);
  if (cnf !== undefined && confirmation === undefined)
    return refuse({ reason: 'confirmation_unsupported' });
  if (!isTypeOf(answer, confirmation?.jkt)) return refuse({ reason: 'confirmation_unsupported' });
  const actors = readActors(act);
  if (actors === undefined || (details !== undefined && !isDetails(details)))
    return refuse({ reason: 'authorization_server_answer_malformed' });

  const { subject, clientId, scope, jti, issuedAt, expiresAt, members } = answer;
  return ok({
    token: {
      validatedBy: 'introspection',
      issuer,
      clientId,
      subject,
      subjectIsClient: subject !== undefined && subject === clientId,
      scope,
      audience: answer.audience,
      authorizationDetails: details ?? [],
      actors,
      jti,
      issuedAt,
      expiresAt,
      confirmation,
      claims: members,
      responseHeaders: NONE,
    },
    notBefore: undefined,
    status: undefined,
  });
}

/**
 * Whether `token_type` says no more than `cnf` does: a token of a type that is not known, or a DPoP
 * token without its key, is no bearer token. RFC 9449 §6.2, RFC 7800 §3
 */
function isTypeOf({ tokenType }: ActiveToken, jkt: string | undefined): boolean {
  if (tokenType === undefined) return true;
  const type = tokenType.toLowerCase();
  return type === 'bearer' || (type === 'dpop' && jkt !== undefined);
}
