import {
  findStatus,
  numericDate,
  readCompactJws,
  readStatusListToken,
  STATUS_INVALID,
  STATUS_VALID,
  type StatusReference,
} from '@tessera/protocol';
import type { Check } from './judge-token.ts';
import { type Jwk, verifySignature } from './signatures.ts';

/** Characters of a list that is fetched, and bytes of one that is no longer compressed. */
const LIST_LENGTH_MAX = 4_000_000;
const LIST_BYTES_MAX = 16_000_000;

/** What the list of a token says of it. The list is asked for, and nothing is told of the token. */
export async function lookUpStatus(
  { uri, index }: StatusReference,
  issuer: string,
  keys: readonly Jwk[],
): Promise<Check> {
  const name = 'Status list';
  if (!uri.startsWith(`${issuer}/`))
    return { name, outcome: 'open', text: `The list is at ${uri}, which this page may not ask.` };
  // By path: the page and the list are one server, whatever name it was called by.
  // Looked at anew: people ask here right after they revoked something.
  const response = await fetch(new URL(uri).pathname, { credentials: 'omit', cache: 'no-cache' });
  if (!response.ok)
    return {
      name,
      outcome: 'bad',
      text: 'There is no such list here, or every token in it has ended.',
    };
  const jws = readCompactJws(await response.text(), LIST_LENGTH_MAX);
  const verdict = jws === undefined ? 'wrong' : await verifySignature(jws, keys);
  const read =
    jws === undefined || verdict !== 'verified'
      ? undefined
      : readStatusListToken(jws.claims, uri, numericDate(Math.floor(Date.now() / 1_000)));
  if (read?.ok !== true)
    return { name, outcome: 'open', text: 'The list could not be verified in this page.' };
  const { bits, compressed } = read.value;
  const list = await inflate(compressed);
  const status = list === undefined ? undefined : findStatus(list, bits, index);
  if (status === STATUS_VALID)
    return { name, outcome: 'good', text: `Place ${index.toLocaleString()} of its list: valid.` };
  return {
    name,
    outcome: 'bad',
    text:
      status === STATUS_INVALID
        ? `Place ${index.toLocaleString()} of its list: revoked.`
        : 'Its list says nothing of it, so it is not to be taken.',
  };
}

async function inflate(compressed: Uint8Array): Promise<Uint8Array | undefined> {
  const stream = new Blob([new Uint8Array(compressed)])
    .stream()
    .pipeThrough(new DecompressionStream('deflate'));
  const reader = stream.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new Uint8Array(await new Blob(chunks).arrayBuffer());
      length += value.byteLength;
      if (length > LIST_BYTES_MAX) return undefined;
      chunks.push(new Uint8Array(value));
    }
  } catch {
    return undefined;
  }
}
