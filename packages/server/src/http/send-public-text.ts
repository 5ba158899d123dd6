import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PublicText } from '../environment.ts';
import { identify } from './respond.ts';

/** A shorter text is not worth the headers that compression takes. Characters. */
const COMPRESSED_FROM = 1_200;

const compress = promisify(gzip);

/** What is made of a text once, for as long as there is somebody to send it to. */
const tags = new WeakMap<PublicText, string>();
const compressed = new WeakMap<PublicText, Promise<Buffer>>();

/**
 * A text for everybody that many ask for again and again: with an entity tag (RFC 9110 §8.8.3), compressed
 * for those who take it (Token Status List §8.2), readable from any origin (§8.1).
 */
export async function sendPublicText(
  request: FastifyRequest,
  reply: FastifyReply,
  content: PublicText,
  type: string,
): Promise<void> {
  const zipped = content.text.length >= COMPRESSED_FROM && acceptsGzip(request);
  const tag = tagOf(content, zipped);
  identify(reply)
    .header('content-type', type)
    // Without an age it may be kept, and is asked after every time: almost always the answer is 304.
    .header('cache-control', content.maxAge > 0 ? `public, max-age=${content.maxAge}` : 'no-cache')
    .header('access-control-allow-origin', '*')
    .header('vary', 'Accept-Encoding')
    .header('etag', tag);
  if (isKnown(request, content)) {
    reply.code(304).send();
    return;
  }
  if (zipped) reply.header('content-encoding', 'gzip').send(await compressedOf(content));
  else reply.send(content.text);
}

/** RFC 9110 §8.8.3.3: another encoding is another representation, with a tag of its own. */
function tagOf(content: PublicText, zipped: boolean): string {
  const digest = tags.get(content) ?? digestOf(content.text);
  tags.set(content, digest);
  return zipped ? `"${digest}-gzip"` : `"${digest}"`;
}

const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** RFC 9110 §13.1.2: weak comparison; either encoding says that the text is known. */
function isKnown(request: FastifyRequest, content: PublicText): boolean {
  const known = request.headers['if-none-match'];
  if (known === undefined) return false;
  const ours = [tagOf(content, false), tagOf(content, true)];
  return known
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .some((one) => one === '*' || ours.includes(one));
}

/** RFC 9110 §12.5.3: named, and not with a weight of nothing. */
function acceptsGzip({ headers }: FastifyRequest): boolean {
  const accepted = headers['accept-encoding'];
  return (
    typeof accepted === 'string' &&
    /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))|,|$)/i.test(accepted)
  );
}

function compressedOf(content: PublicText): Promise<Buffer> {
  const known = compressed.get(content);
  if (known !== undefined) return known;
  const made = compress(content.text);
  compressed.set(content, made);
  return made;
}
