import { decodeBase64url } from './base64url.ts';
import { isJsonObject } from './json.ts';
import { type AssertionAlgorithm, isAssertionAlgorithm, keyFits } from './jws-algorithm.ts';
import { ok, type Result, refuse } from './result.ts';
import { isSmallOrder } from './small-order.ts';

/** The public key of somebody else, by which signatures are verified. RFC 7517 §4, RFC 7518 §6 */
export type VerificationKey = {
  readonly kid?: string;
  readonly alg?: AssertionAlgorithm;
  readonly use?: 'sig';
  /** The certificates of the key, for mutual TLS alone: no signature is verified by them. */
  readonly x5c?: readonly string[];
} & (
  | {
      readonly kty: 'EC';
      readonly crv: 'P-256' | 'P-384' | 'P-521';
      readonly x: string;
      readonly y: string;
    }
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
);

/** Why a key is not used. `member` is one of ours, never text that somebody sent. */
export type KeyProblem =
  | { readonly reason: 'key_malformed'; readonly member: string }
  | { readonly reason: 'key_private'; readonly member: string }
  | { readonly reason: 'key_type_unsupported' }
  | { readonly reason: 'key_length_unsupported'; readonly bits: number }
  | { readonly reason: 'key_weak' }
  | { readonly reason: 'key_use_unsupported'; readonly member: string };

/** Members that only the owner of a key may have. RFC 7518 §6.2.2, §6.3.2, §6.4.1 */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const;

const KEY_ID_LENGTH_MAX = 256;

/** What keys that sign JWT-SVIDs are for, in the words of SPIFFE Trust Domain and Bundle §4.2.2. */
const SVID_USE = 'jwt-svid';

/** In bits. RFC 7518 §3.3 asks for 2048; what is much longer costs who verifies, not who signs. */
const RSA_LENGTH_MIN = 2048;
const RSA_LENGTH_MAX = 8192;

/** In bytes: what OpenSSL verifies with. */
const RSA_EXPONENT_LENGTH_MAX = 8;

/** The length of a coordinate, in bytes. RFC 7518 §6.2.1.2 */
const COORDINATE_LENGTHS = { 'P-256': 32, 'P-384': 48, 'P-521': 66 } as const;

const ED25519_LENGTH = 32;

const CERTIFICATES_MAX = 5;
const CERTIFICATE_LENGTH_MAX = 8 * 1024;

/**
 * Reads a key that somebody else made, as far as it can be judged without arithmetic: that a point
 * is on its curve is found by whoever imports the key. Members that are not known are dropped.
 *
 * A key that comes with its private half is refused, whatever else is right with it: who sent it
 * has to make another.
 */
export function readVerificationKey(value: unknown): Result<VerificationKey, KeyProblem> {
  if (!isJsonObject(value)) return malformed('kty');
  for (const member of PRIVATE_MEMBERS)
    if (Object.hasOwn(value, member)) return refuse({ reason: 'key_private', member });

  const numbers = readNumbers(value);
  if (!numbers.ok) return numbers;
  const attributes = readAttributes(value);
  if (!attributes.ok) return attributes;
  const key = { ...numbers.value, ...attributes.value };
  if (key.alg !== undefined && !keyFits(key.alg, key))
    return refuse({ reason: 'key_use_unsupported', member: 'alg' });
  return ok(key);
}

/** The length of an RSA key; undefined: the key is of another kind. RFC 7518 §3.3 */
export function rsaKeyBits(key: VerificationKey): number | undefined {
  if (key.kty !== 'RSA') return undefined;
  const modulus = readInteger(key.n, RSA_LENGTH_MAX / 8);
  return modulus === undefined ? 0 : bitsOf(modulus);
}

const bitsOf = (integer: Uint8Array): number =>
  integer.length * 8 - Math.clz32(integer[0] ?? 0) + 24;

type Members = Readonly<Record<string, unknown>>;

type Numbers =
  | Pick<Extract<VerificationKey, { kty: 'EC' }>, 'kty' | 'crv' | 'x' | 'y'>
  | Pick<Extract<VerificationKey, { kty: 'RSA' }>, 'kty' | 'n' | 'e'>
  | Pick<Extract<VerificationKey, { kty: 'OKP' }>, 'kty' | 'crv' | 'x'>;

/** What the key consists of, and what its thumbprint is made of. */
function readNumbers(value: Members): Result<Numbers, KeyProblem> {
  const { kty, crv, x, y, n, e } = value;
  if (kty === 'EC') {
    if (crv !== 'P-256' && crv !== 'P-384' && crv !== 'P-521')
      return refuse({ reason: 'key_type_unsupported' });
    if (!isOfLength(x, COORDINATE_LENGTHS[crv])) return malformed('x');
    if (!isOfLength(y, COORDINATE_LENGTHS[crv])) return malformed('y');
    return ok({ kty, crv, x, y });
  }
  if (kty === 'OKP') {
    if (crv !== 'Ed25519') return refuse({ reason: 'key_type_unsupported' });
    if (!isOfLength(x, ED25519_LENGTH)) return malformed('x');
    if (isSmallOrder(decodeBase64url(x) ?? new Uint8Array())) return refuse({ reason: 'key_weak' });
    return ok({ kty, crv, x });
  }
  if (kty !== 'RSA') return refuse({ reason: 'key_type_unsupported' });
  const modulus = readInteger(n, RSA_LENGTH_MAX / 8);
  if (modulus === undefined || isEven(modulus)) return malformed('n');
  const bits = bitsOf(modulus);
  if (bits < RSA_LENGTH_MIN) return refuse({ reason: 'key_length_unsupported', bits });
  const exponent = readInteger(e, RSA_EXPONENT_LENGTH_MAX);
  if (exponent === undefined) return malformed('e');
  // By the exponent 1 every text is its own signature; an even one belongs to no key at all.
  if (isEven(exponent) || (exponent.length === 1 && exponent[0] === 1))
    return refuse({ reason: 'key_weak' });
  return ok({ kty, n: n as string, e: e as string });
}

type Attributes = Pick<VerificationKey, 'kid' | 'alg' | 'use' | 'x5c'>;

/** What the key is called, and what it is for. */
function readAttributes(value: Members): Result<Attributes, KeyProblem> {
  const { kid, alg, use, key_ops: operations, x5c } = value;
  if (kid !== undefined && !isKeyId(kid)) return malformed('kid');
  if (use !== undefined && use !== 'sig' && use !== SVID_USE)
    return refuse({ reason: 'key_use_unsupported', member: 'use' });
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify')))
    return refuse({ reason: 'key_use_unsupported', member: 'key_ops' });
  if (alg !== undefined && !isAssertionAlgorithm(alg))
    return refuse({ reason: 'key_use_unsupported', member: 'alg' });
  if (x5c !== undefined && !areCertificates(x5c)) return malformed('x5c');
  return ok({
    ...(kid === undefined ? {} : { kid }),
    ...(alg === undefined ? {} : { alg }),
    ...(use === undefined ? {} : { use: 'sig' }),
    ...(x5c === undefined ? {} : { x5c: [...x5c] }),
  });
}

/** Whether a value can name a key: text that is neither empty nor too long. RFC 7517 §4.5 */
export const isKeyId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= KEY_ID_LENGTH_MAX;

const malformed = (member: string) => refuse({ reason: 'key_malformed', member } as const);

const isOfLength = (value: unknown, length: number): value is string =>
  typeof value === 'string' &&
  value.length === Math.ceil((length * 4) / 3) &&
  decodeBase64url(value)?.length === length;

/**
 * An integer in the fewest bytes that it needs. RFC 7518 §2. A leading zero is refused: with it,
 * one key would have many thumbprints.
 */
function readInteger(value: unknown, lengthMax: number): Uint8Array | undefined {
  if (typeof value !== 'string' || value.length > Math.ceil((lengthMax * 4) / 3)) return undefined;
  const bytes = decodeBase64url(value);
  return bytes === undefined || bytes.length === 0 || bytes[0] === 0 ? undefined : bytes;
}

const isEven = (integer: Uint8Array): boolean => ((integer.at(-1) ?? 0) & 1) === 0;

/** Base64, not base64url. RFC 7517 §4.7 */
const areCertificates = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= CERTIFICATES_MAX &&
  value.every(
    (one) =>
      typeof one === 'string' &&
      one.length <= CERTIFICATE_LENGTH_MAX &&
      one.length % 4 === 0 &&
      /^[A-Za-z0-9+/]+={0,2}$/.test(one),
  );

/** Why a key is not taken, for the person who sent it. */
export function describeKeyProblem(problem: KeyProblem): string {
  switch (problem.reason) {
    case 'key_malformed':
      return `has no usable member ${problem.member}`;
    case 'key_private':
      return `contains the private member ${problem.member}: whoever sent it should make a new key`;
    case 'key_type_unsupported':
      return 'is of a type or curve that is not supported';
    case 'key_length_unsupported':
      return `has ${problem.bits} bits, which is too short`;
    case 'key_weak':
      return 'has an exponent by which signatures prove nothing';
    case 'key_use_unsupported':
      return `is not for signatures, says its member ${problem.member}`;
  }
}

/**
 * What the thumbprint of a key is the hash of: its required members in the order of their names,
 * without white space. RFC 7638 §3.2, §3.3, RFC 8037 §2
 */
export function formatThumbprintInput(key: VerificationKey): string {
  switch (key.kty) {
    case 'EC':
      return JSON.stringify({ crv: key.crv, kty: key.kty, x: key.x, y: key.y });
    case 'RSA':
      return JSON.stringify({ e: key.e, kty: key.kty, n: key.n });
    case 'OKP':
      return JSON.stringify({ crv: key.crv, kty: key.kty, x: key.x });
  }
}
