/*
 * Keys in a browser: made here, so that the private half never leaves this machine, and read from
 * what people paste. Nothing private is ever sent: it is refused before.
 */

export type PublicJwk = Readonly<Record<string, string>>;

export type MadeKey = {
  readonly jwk: PublicJwk;
  /** PKCS #8 in PEM. */
  readonly privateKey: string;
};

/** A key pair for ES256; its private half is in the answer and nowhere else. RFC 7518 §3.4 */
export async function makeKey(): Promise<MadeKey> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const {
    kty = '',
    crv = '',
    x = '',
    y = '',
  } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const kid = await thumbprint({ crv, kty, x, y });
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  return {
    jwk: { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' },
    privateKey: formatPem('PRIVATE KEY', pkcs8),
  };
}

/** RFC 7638 §3: the required members in their order, hashed. */
async function thumbprint(members: Readonly<Record<string, string>>): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(members));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return btoa(String.fromCodePoint(...digest))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function formatPem(label: string, bytes: Uint8Array): string {
  const lines = btoa(String.fromCodePoint(...bytes)).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

export type ReadKey =
  | { readonly jwk: Readonly<Record<string, unknown>> }
  | { readonly wrong: string };

const PRIVATE = 'This is a private key. It was not sent; paste the public half.';

/** A public key as people have it: a JWK, a set of one, or PEM. */
export async function readPublicKey(text: string): Promise<ReadKey> {
  const trimmed = text.trim();
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(trimmed)) return { wrong: PRIVATE };
  const pem = /-----BEGIN PUBLIC KEY-----([\s\S]+?)-----END PUBLIC KEY-----/.exec(trimmed)?.[1];
  if (pem !== undefined) return readSpki(pem);
  return readJwk(trimmed);
}

function readJwk(text: string): ReadKey {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { wrong: 'Neither a JSON Web Key nor a public key in PEM.' };
  }
  const keys = isObject(value) && Array.isArray(value['keys']) ? value['keys'] : [value];
  const [key, ...others] = keys as readonly unknown[];
  if (others.length > 0) return { wrong: 'There are several keys in it. Add them one by one.' };
  if (!isObject(key) || typeof key['kty'] !== 'string')
    return { wrong: 'A JSON Web Key has a member kty.' };
  return 'd' in key || 'k' in key ? { wrong: PRIVATE } : { jwk: key };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Each of them takes keys of its own kind alone, so the first that takes it is right. */
const IMPORTS = [
  { name: 'ECDSA', namedCurve: 'P-256' },
  { name: 'ECDSA', namedCurve: 'P-384' },
  { name: 'ECDSA', namedCurve: 'P-521' },
  { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  { name: 'Ed25519' },
] as const;

async function readSpki(base64: string): Promise<ReadKey> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = Uint8Array.from(atob(base64.replaceAll(/\s/g, '')), (one) => one.charCodeAt(0));
  } catch {
    return { wrong: 'The text between the lines of the PEM is not base64.' };
  }
  for (const algorithm of IMPORTS) {
    try {
      const key = await crypto.subtle.importKey('spki', bytes, algorithm, true, ['verify']);
      const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey('jwk', key);
      const members = Object.entries({ kty, crv, x, y, n, e });
      return { jwk: Object.fromEntries(members.filter(([, value]) => value !== undefined)) };
    } catch {
      // A key of another kind.
    }
  }
  return { wrong: 'This kind of key is not known here.' };
}
