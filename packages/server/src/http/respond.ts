import { createHash } from 'node:crypto';
import {
  ASSERTION_ALGORITHMS,
  describeRefusal,
  type Refusal,
  SIGNED_INTROSPECTION_TYPE,
} from '@tessera/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IntrospectionAnswer } from '../endpoints/introspection-endpoint.ts';
import type { QuotaLeft } from '../model/quota.ts';
import { realmPath } from '../model/realm.ts';
import { describeQuotas } from './quota-headers.ts';

/** PingAM's spelling; RFC 8259 §11 has no charset parameter, and one does no harm. */
const JSON_TYPE = 'application/json;charset=UTF-8';

/**
 * An answer that holds a token or speaks of one. RFC 6749 §5.1: "The authorization server MUST
 * include the HTTP "Cache-Control" response header field with a value of "no-store" in any
 * response containing tokens, credentials, or other sensitive information, as well as the
 * "Pragma" response header field with a value of "no-cache"."
 */
export const sendPrivate = (
  reply: FastifyReply,
  status: number,
  body: unknown,
  headers: Headers = NO_HEADERS,
): void => sendUnstored(reply, status, JSON_TYPE, JSON.stringify(body), headers);

/** The answer of introspection in the form that was asked for. RFC 9701 §5, RFC 9110 §12.5.5. */
export function sendIntrospection(
  reply: FastifyReply,
  answer: IntrospectionAnswer,
  headers: Headers,
): void {
  const more = ['vary', 'Accept', ...headers];
  if ('jwt' in answer) sendUnstored(reply, 200, SIGNED_INTROSPECTION_TYPE, answer.jwt, more);
  else sendPrivate(reply, 200, answer, more);
}

/** Names and values by turns, as `node:http` writes them without looking at them again. */
export type Headers = readonly string[];

const NO_HEADERS: Headers = [];

/** Past Fastify, whose way to the socket costs more than the signature of a token. */
function sendUnstored(
  reply: FastifyReply,
  status: number,
  type: string,
  body: string,
  headers: Headers,
): void {
  const { request, raw } = reply.hijack();
  const all = [
    'x-content-type-options',
    'nosniff',
    'x-request-id',
    request.id,
    'content-type',
    type,
    'cache-control',
    'no-store',
    'pragma',
    'no-cache',
    'content-length',
    String(Buffer.byteLength(body)),
    ...headers,
  ];
  const transaction = readTransaction(request);
  if (transaction !== undefined) all.push('x-forgerock-transactionid', transaction);
  raw.writeHead(status, all).end(body);
}

/** An answer that says no more than that it was done. */
export const sendNothing = (reply: FastifyReply): FastifyReply =>
  identify(reply).code(204).header('cache-control', 'no-store').header('pragma', 'no-cache').send();

/** What every answer has: the id under which the log knows it, and PingAM's if one was sent. */
export function identify(reply: FastifyReply): FastifyReply {
  const transaction = readTransaction(reply.request);
  if (transaction !== undefined) reply.header('x-forgerock-transactionid', transaction);
  return reply.header('x-content-type-options', 'nosniff').header('x-request-id', reply.request.id);
}

function readTransaction({ headers }: FastifyRequest): string | undefined {
  const transaction = headers['x-forgerock-transactionid'];
  return typeof transaction === 'string' && /^[\w./-]{1,128}$/.test(transaction)
    ? transaction
    : undefined;
}

/** A refusal in the words of the wire. Members in the order that PingAM sends them. */
export function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
  realm: string | undefined,
  headers: Headers = NO_HEADERS,
): void {
  const wire = describeRefusal(refusal, request.headers.authorization !== undefined);
  const all = [...headers];
  if (wire.challenge !== undefined)
    all.push('www-authenticate', describeChallenge(wire.challenge, wire.error, realm));
  if (wire.retryAfter !== undefined) all.push('retry-after', String(wire.retryAfter));
  all.push(...describeQuotas(quotasOf(refusal)));
  if (wire.allow !== undefined) all.push('allow', wire.allow);
  sendPrivate(reply, wire.status, { error_description: wire.description, error: wire.error }, all);
}

/** How busy the other clients of a realm are is not for one of them to know. */
const quotasOf = (refusal: Refusal): readonly QuotaLeft[] =>
  refusal.reason === 'quota_exceeded' && refusal.of === 'client'
    ? [{ span: refusal.span, limit: refusal.limit, left: 0, endsIn: refusal.retryAfter }]
    : [];

/** RFC 7617 §2, RFC 6750 §3. A realm's name has no character that would need escaping. */
function describeChallenge(
  scheme: 'Basic' | 'Bearer' | 'DPoP',
  error: string,
  realm: string | undefined,
): string {
  const space = `realm="${realm === undefined ? '/' : realmPath(realm)}"`;
  // RFC 9449 §7.1: with the algorithms, so that a client can choose its key.
  if (scheme === 'DPoP')
    return `DPoP ${space}, error="${error}", algs="${ASSERTION_ALGORITHMS.join(' ')}"`;
  // RFC 6750 §3.1: a request without any authentication information gets no error code.
  return scheme === 'Basic' || error !== 'invalid_token'
    ? `${scheme} ${space}`
    : `Bearer ${space}, error="${error}"`;
}

/**
 * A document for everybody: metadata, keys. Cached, revalidated by its digest, and readable from
 * any origin, for nothing in it is a secret.
 */
export function sendPublic(
  request: FastifyRequest,
  reply: FastifyReply,
  document: unknown,
  maxAgeSeconds: number,
): void {
  const body = JSON.stringify(document);
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  identify(reply)
    .header('content-type', 'application/json')
    .header('cache-control', `public, max-age=${maxAgeSeconds}`)
    .header('access-control-allow-origin', '*')
    .header('etag', tag);
  const known = request.headers['if-none-match']?.split(',').map((one) => one.trim());
  // Weak comparison, RFC 9110 §13.1.2: a proxy that compresses makes every tag weak.
  if (known?.some((one) => one === '*' || one.replace(/^W\//, '') === tag) === true)
    reply.code(304).send();
  else reply.code(200).send(body);
}
