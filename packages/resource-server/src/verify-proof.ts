import {
  type AssertionAlgorithm,
  checkDpopProof,
  formatThumbprintInput,
  numericDate,
  ok,
  type Result,
  readDpopProof,
  refuse,
  seconds,
} from '@tessera/protocol';
import type { Nonces } from './nonces.ts';
import type { Platform } from './platform.ts';
import { headerValues, type PresentedRequest } from './presented-request.ts';
import type { ProofHolder, ReplayStore } from './replay-memory.ts';
import type { TokenRefusal } from './token-refusal.ts';

/** How proofs are judged at this API. */
export type ProofRules = {
  readonly algorithms: readonly AssertionAlgorithm[];
  readonly windowSeconds: number;
  readonly replays: ReplayStore;
  /** Undefined: this API gives none. */
  readonly nonces: Nonces | undefined;
  /** The public address of what was called; undefined: it has none, and no proof can be for it. */
  readonly findTarget: (request: PresentedRequest) => string | undefined;
};

/**
 * Verifies that a request comes from who holds the key of its token. RFC 9449 §4.3, §7.1; the value
 * is the nonce that the next proof needs, where that is another.
 *
 * The nonce is judged after all that the caller could know, and the `jti` is spent last, so that a
 * request that is sent again with a nonce has lost nothing. Only who holds the key of a good token
 * gets so far: nobody else can fill the store of replays, and it is told whose the key is.
 */
export async function verifyProof(
  request: PresentedRequest,
  token: string,
  holder: ProofHolder,
  { algorithms, windowSeconds, replays, nonces, findTarget }: ProofRules,
  platform: Platform,
  now: number,
): Promise<Result<string | undefined, TokenRefusal>> {
  const [text, ...others] = headerValues(request.headers, 'dpop');
  if (text === undefined) return refuse({ reason: 'proof_missing' });
  // A proxy may have joined two headers into one. RFC 9110 §5.3
  if (others.length > 0 || text.includes(',')) return refuse({ reason: 'proof_repeated' });

  const read = readDpopProof(text);
  if (!read.ok) return read;
  const proof = read.value;
  const target = findTarget(request);
  const use = checkDpopProof(
    proof,
    {
      algorithms,
      method: request.method,
      urls: target === undefined ? [] : [target],
      window: seconds(windowSeconds),
      accessTokenHash: await platform.digest(token),
    },
    numericDate(now),
  );
  if (!use.ok) return use;
  if ((await platform.digest(formatThumbprintInput(proof.key))) !== holder.jkt)
    return refuse({ reason: 'proof_key_wrong' });
  const key = await platform.open(proof.algorithm, proof.key);
  if (key === undefined) return refuse({ reason: 'proof_key_unusable' });
  const { algorithm, signingInput, signature } = proof;
  if (!(await platform.verify(algorithm, key, signingInput, signature)))
    return refuse({ reason: 'proof_signature_wrong' });

  if (nonces !== undefined) {
    if (proof.nonce === undefined) return refuse({ reason: 'proof_nonce_missing' });
    if (!(await nonces.accepts(proof.nonce, now))) return refuse({ reason: 'proof_nonce_wrong' });
  }
  // RFC 9449 §11.1: remembered "in the context of the target URI".
  const identifier = await platform.digest(
    JSON.stringify([holder.jkt, proof.target, use.value.identifier]),
  );
  try {
    if (!(await replays.spend(identifier, use.value.expiresAt, holder)))
      return refuse({ reason: 'proof_replayed' });
  } catch {
    return refuse({ reason: 'replays_unavailable' });
  }
  const next = await nonces?.current(now);
  return ok(next === proof.nonce ? undefined : next);
}
