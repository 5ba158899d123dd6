import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import { hashRaw } from '@node-rs/argon2';
import type { Hasher } from '../environment.ts';
import { recentlyUsed } from '../recently-used.ts';
import { hmacSha256 } from './hmac.ts';
import type { MasterKey } from './seal.ts';

/** The library's number for argon2id; its const enum cannot be imported by isolated modules. */
const ARGON2ID = 2;

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

/** Computations at once and waiting: 19 MiB and some 20 ms of a core each. */
const RUNNING_MAX = 2;
const WAITING_MAX = 64;

/**
 * Verified texts that are remembered, until the process ends or as many others were used later.
 * Each is bound to its hash, so none outlives the secret that it was.
 */
const RECALL_MAX = 10_000;

/** RFC 7518 §3.2 */
const MAC_DIGESTS = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const;

/** A hash that belongs to no text: compared against when there is nothing else to compare. */
const NOBODY = formatPhc(COST, Buffer.alloc(16, 0x5a), Buffer.alloc(32));

export function hasher(key: MasterKey): Hasher {
  const peppers = {
    secret: hmacSha256(key.derive('pepper of client secrets')),
    token: hmacSha256(key.derive('pepper of opaque tokens')),
    session: hmacSha256(key.derive('pepper of sessions')),
    registration: hmacSha256(key.derive('pepper of registration tokens')),
    nonce: hmacSha256(key.derive('pepper of DPoP nonces')),
  };
  const fingerprintOf = hmacSha256(createSecretKey(randomBytes(32)));
  const verified = recentlyUsed<string, true>(RECALL_MAX);
  /** What is being computed, so that many who ask the same at once pay for it once. */
  const underWay = new Map<string, Promise<string | undefined | 'overloaded'>>();
  const queue = boundedQueue(RUNNING_MAX, WAITING_MAX);

  const fingerprint = (text: string, hash: string): string => fingerprintOf(`${hash}\0${text}`);

  return {
    digest: (purpose, text) => peppers[purpose](text),

    async hash(chosen, like) {
      const salt = like === undefined ? randomBytes(16) : parsePhc(like).salt;
      const output = await queue(() => compute(chosen, { ...COST, salt }));
      return output === 'overloaded' ? output : formatPhc(COST, salt, output);
    },

    verify(chosen, hashes) {
      const question = fingerprint(chosen, hashes.join(' '));
      const answer = underWay.get(question) ?? verify(chosen, hashes);
      underWay.set(question, answer);
      return answer.finally(() => underWay.delete(question));
    },

    underWay: (chosen, hashes) => underWay.get(fingerprint(chosen, hashes.join(' '))),

    seal: (text, context) => key.seal(Buffer.from(text, 'utf8'), context),

    verifyMac(sealed, context, algorithm, input, mac) {
      const expected = createHmac(MAC_DIGESTS[algorithm], key.open(sealed, context))
        .update(input)
        .digest();
      return expected.length === mac.length && timingSafeEqual(expected, mac);
    },

    recall: (chosen, hashes) =>
      hashes.find((hash) => verified.get(fingerprint(chosen, hash)) === true),
  };

  async function verify(chosen: string, hashes: readonly string[]) {
    let found: string | undefined;
    for (const group of groupBySalt(hashes.length > 0 ? hashes : [NOBODY])) {
      const output = await queue(() => compute(chosen, group.parameters));
      if (output === 'overloaded') return 'overloaded';
      for (const { hash, expected } of group.members)
        if (
          expected.length === output.length &&
          timingSafeEqual(expected, output) &&
          hash !== NOBODY
        )
          found = hash;
    }
    if (found !== undefined) verified.set(fingerprint(chosen, found), true);
    return found;
  }
}

type Parameters = {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
  readonly salt: Buffer;
};

const compute = (text: string, { salt, ...cost }: Parameters): Promise<Buffer> =>
  hashRaw(text, { ...COST, ...cost, algorithm: ARGON2ID, salt });

function groupBySalt(hashes: readonly string[]) {
  const groups = new Map<
    string,
    { parameters: Parameters; members: { hash: string; expected: Buffer }[] }
  >();
  for (const hash of hashes) {
    const { output, ...parameters } = parsePhc(hash);
    const key = `${parameters.memoryCost} ${parameters.timeCost} ${parameters.parallelism} ${parameters.salt.toString('base64')}`;
    const group = groups.get(key) ?? { parameters, members: [] };
    group.members.push({ hash, expected: output });
    groups.set(key, group);
  }
  return groups.values();
}

const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{8,86})\$([A-Za-z0-9+/]{16,128})$/;

function parsePhc(hash: string): Parameters & { readonly output: Buffer } {
  const match = PHC.exec(hash);
  if (match === null) throw new Error('not an argon2id hash in PHC form');
  const [, memory, time, lanes, salt = '', output = ''] = match;
  return {
    memoryCost: Number(memory),
    timeCost: Number(time),
    parallelism: Number(lanes),
    salt: Buffer.from(salt, 'base64'),
    output: Buffer.from(output, 'base64'),
  };
}

function formatPhc(cost: Omit<Parameters, 'salt'>, salt: Buffer, output: Buffer): string {
  const bare = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$${bare(salt)}$${bare(output)}`;
}

/** Runs a few at a time, lets some wait, and says so when even the waiting room is full. */
function boundedQueue(runningMax: number, waitingMax: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T | 'overloaded'> => {
    if (running >= runningMax) {
      if (waiting.length >= waitingMax) return 'overloaded';
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
