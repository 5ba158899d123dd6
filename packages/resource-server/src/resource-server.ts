import { type NumericDate, numericDate, ok, type Result, refuse } from '@tessera/protocol';
import type { AcceptedToken } from './accepted-token.ts';
import { type Eventually, whenKnown } from './eventually.ts';
import { checkTime } from './jwt-access-token.ts';
import type { ResourceServerOptions } from './options.ts';
import type { Platform } from './platform.ts';
import type { PresentedRequest } from './presented-request.ts';
import { type PresentedToken, readPresentedToken } from './presented-token.ts';
import { describeRefusal, type Refusal, type Scheme } from './refusal.ts';
import { checkRequirements, type Requirement, requiredScopes } from './requirement.ts';
import type { ResourceMetadata } from './resource-metadata.ts';
import { readSettings } from './settings.ts';
import { openSources } from './sources.ts';
import type { TokenRefusal } from './token-refusal.ts';
import { tokenValidator } from './validate-token.ts';
import type { ValidatedToken } from './validated-token.ts';
import { verifyPossession } from './verify-possession.ts';

/** Accepts or refuses the tokens of an API's callers. */
export type ResourceServer = {
  /**
   * The token of a request if it is good for this operation, or what to answer instead. Rejects
   * only for a requirement that can never be met (`TypeError`), whatever the network does.
   */
  admit(
    request: PresentedRequest,
    requirement?: Requirement,
  ): Promise<Result<AcceptedToken, Refusal>>;
  /**
   * Resolves when metadata and keys are there, and rejects with the reason when they can not be
   * had: for a start that should fail early. Without it the first request fetches them.
   */
  ready(): Promise<void>;
  /** What is to be served, without a token, where `resource` is configured. RFC 9728 §3 */
  readonly metadata: ResourceMetadata | undefined;
  /** Ends what runs in the background. */
  close(): void;
};

/**
 * The way of a request: token, validity, time, status, the keys of the caller, what the operation
 * needs. A proof is used up only by a token that is good so far.
 */
export function openResourceServer(
  options: ResourceServerOptions,
  platform: Platform,
): ResourceServer {
  const settings = readSettings(options, platform);
  const { clock, tolerance, proofs, challenge } = settings;
  const sources = openSources(options, settings, platform);
  const asksForAll = options.introspection?.tokens === 'all';
  const validate = tokenValidator(settings, sources, asksForAll, platform);
  const { require } = options;

  /** A token that is good by itself: whether it is now, and for this request. */
  function judge(
    validated: ValidatedToken,
    request: PresentedRequest,
    presented: PresentedToken,
    requirement: Requirement | undefined,
  ): Eventually<Result<AcceptedToken, TokenRefusal>> {
    const now = numericDate(clock() / 1000);
    // What was introspected ends by the word of the server: the clock here may be the wrong one.
    if (validated.token.validatedBy === 'signature') {
      const outOfTime = checkTime(validated, tolerance, now);
      if (outOfTime !== undefined) return refuse(outOfTime);
    }
    return whenKnown(sources.status?.check(validated), (voided) =>
      voided === undefined
        ? judgeUse(validated.token, request, presented, requirement, now)
        : refuse(voided),
    );
  }

  function judgeUse(
    token: AcceptedToken,
    request: PresentedRequest,
    presented: PresentedToken,
    requirement: Requirement | undefined,
    now: NumericDate,
  ): Eventually<Result<AcceptedToken, TokenRefusal>> {
    if (token.confirmation === undefined && presented.scheme === 'Bearer')
      return judgeNeed(token, requirement);
    return verifyPossession(request, presented, token, proofs, platform, now).then((held) => {
      if (!held.ok) return held;
      const responseHeaders = held.value;
      return judgeNeed(
        responseHeaders === token.responseHeaders ? token : { ...token, responseHeaders },
        requirement,
      );
    });
  }

  function judgeNeed(
    token: AcceptedToken,
    requirement: Requirement | undefined,
  ): Result<AcceptedToken, TokenRefusal> {
    const lacking = checkRequirements(token, require, requirement);
    return lacking === undefined ? ok(token) : refuse(lacking);
  }

  async function describe(
    request: PresentedRequest,
    cause: TokenRefusal,
    scheme: Scheme | undefined,
    scopes: readonly string[],
  ): Promise<Refusal> {
    const wantsNonce =
      cause.reason === 'proof_nonce_missing' || cause.reason === 'proof_nonce_wrong';
    const refusal = describeRefusal(cause, scheme, challenge, {
      nonce: wantsNonce ? await proofs?.nonces?.current(clock() / 1000) : undefined,
      scopes,
    });
    options.onRefused?.(refusal, request);
    return refusal;
  }

  return {
    async admit(request, requirement) {
      const presented = readPresentedToken(request);
      if (!presented.ok) {
        const scopes = requiredScopes(require, requirement);
        return refuse(await describe(request, presented.refusal, undefined, scopes));
      }
      const { value: token } = presented;
      // What is known at once is not waited for: that costs more than to judge a token seen before.
      const validating = validate(token.token);
      const validation = validating instanceof Promise ? await validating : validating;
      const judging = validation.ok
        ? judge(validation.value, request, token, requirement)
        : validation;
      const judged = judging instanceof Promise ? await judging : judging;
      if (judged.ok) return judged;
      return refuse(await describe(request, judged.refusal, token.scheme, []));
    },
    async ready() {
      const found = await (asksForAll ? sources.metadata : sources.keys).find();
      if (!found.ok) throw new Error(found.refusal.message);
    },
    metadata: settings.metadata,
    close: () => sources.status?.close(),
  };
}
