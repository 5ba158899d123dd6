import {
  type AssertionAlgorithm,
  ok,
  type Result,
  readKeySet,
  refuse,
  selectKeys,
  type VerificationKey,
} from '@tessera/protocol';
import { type Eventually, whenKnown } from './eventually.ts';
import { exchange, jsonOf, type Transport } from './exchange.ts';
import type { OpenKey, Platform } from './platform.ts';
import type { Remembered } from './remembered.ts';
import { malformed, type RemoteProblem, unreachable } from './remote-metadata.ts';

/** The keys of the authorization server, as they were published last. */
export type KeySet = {
  readonly keys: readonly VerificationKey[];
  /** Whether the key is still published: one that is not vouches for nothing any more. */
  has(key: VerificationKey): boolean;
};

export type RemoteKeys = Remembered<KeySet, RemoteProblem>;

/**
 * Fetches a key set. RFC 7517 §5, RFC 8414 §2. A key that was there before is the same object, so
 * that what was opened once stays open.
 */
export function keySetFetcher(
  findAddress: () => Promise<Result<string, RemoteProblem>>,
  transport: Transport,
): () => Promise<Result<KeySet, RemoteProblem>> {
  let known = new Map<string, VerificationKey>();

  return async () => {
    const address = await findAddress();
    if (!address.ok) return address;
    const headers = { accept: 'application/jwk-set+json, application/json' };
    const answer = await exchange(address.value, { headers }, transport);
    if (answer === undefined) return unreachable(address.value);
    const read = answer.status === 200 ? readKeySet(jsonOf(answer), 'lenient') : undefined;
    if (read === undefined) return malformed(`${address.value} answered ${answer.status}`);
    if (!read.ok) return malformed(`${address.value} is no usable key set: ${read.refusal.reason}`);
    known = new Map(
      read.value.map((key) => {
        const name = JSON.stringify(key);
        return [name, known.get(name) ?? key];
      }),
    );
    const keys = [...known.values()];
    const members = new Set(keys);
    return ok({ keys, has: (key) => members.has(key) });
  };
}

/** Tried for one signature. */
const CANDIDATES_MAX = 4;

/** Verifies signatures by the keys of a set, and keeps open what it has opened. */
export type KeyOpener = (
  algorithm: AssertionAlgorithm,
  key: VerificationKey,
) => Eventually<OpenKey | undefined>;

export function keyOpener(platform: Platform): KeyOpener {
  const opened = new WeakMap<VerificationKey, Map<string, Eventually<OpenKey | undefined>>>();
  return (algorithm, key) => {
    let byAlgorithm = opened.get(key);
    if (byAlgorithm === undefined) {
      byAlgorithm = new Map();
      opened.set(key, byAlgorithm);
    }
    const known = byAlgorithm.get(algorithm);
    if (known !== undefined) return known;
    const opening = platform.open(algorithm, key);
    byAlgorithm.set(algorithm, opening);
    return opening;
  };
}

/** A signature that the authorization server may have made. */
export type Signed = {
  readonly algorithm: AssertionAlgorithm;
  readonly kid: string | undefined;
  readonly signingInput: string;
  readonly signature: Uint8Array;
};

/**
 * The key of the authorization server that made a signature, or why there is none. RFC 7515 §5.2
 */
export function findSigner(
  signed: Signed,
  keys: RemoteKeys,
  openKey: KeyOpener,
  platform: Platform,
): Eventually<Result<VerificationKey, RemoteProblem | SignatureProblem>> {
  const known = candidatesOf(signed, keys.current());
  if (known.length > 0) return verifyByOneOf(known, signed, openKey, platform);
  return fetchCandidates(signed, keys).then((fetched) =>
    fetched.ok ? verifyByOneOf(fetched.value, signed, openKey, platform) : fetched,
  );
}

const candidatesOf = (
  { algorithm, kid }: Signed,
  found: KeySet | undefined,
): readonly VerificationKey[] =>
  found === undefined ? [] : selectKeys(found.keys, algorithm, kid, CANDIDATES_MAX);

/**
 * For a `kid` that is not known the set is fetched once more, for keys are published before they
 * sign; but not for every token that names one, or anybody could keep both sides busy.
 */
async function fetchCandidates(
  signed: Signed,
  keys: RemoteKeys,
): Promise<Result<readonly VerificationKey[], RemoteProblem | SignatureProblem>> {
  const found = await keys.find();
  if (!found.ok) return found;
  const candidates = candidatesOf(signed, found.value);
  if (candidates.length > 0) return ok(candidates);
  const renewed = await keys.renew();
  if (!renewed.ok) return renewed;
  const added = candidatesOf(signed, renewed.value);
  return added.length > 0 ? ok(added) : refuse({ reason: 'key_unknown' });
}

function verifyByOneOf(
  candidates: readonly VerificationKey[],
  signed: Signed,
  openKey: KeyOpener,
  platform: Platform,
  at = 0,
): Eventually<Result<VerificationKey, SignatureProblem>> {
  const key = candidates[at];
  if (key === undefined) return refuse({ reason: 'signature_wrong' });
  const { algorithm, signingInput, signature } = signed;
  const verified = whenKnown(
    openKey(algorithm, key),
    (open) => open !== undefined && platform.verify(algorithm, open, signingInput, signature),
  );
  return whenKnown(verified, (isSigner) =>
    isSigner ? ok(key) : verifyByOneOf(candidates, signed, openKey, platform, at + 1),
  );
}

export type SignatureProblem = { readonly reason: 'key_unknown' | 'signature_wrong' };
