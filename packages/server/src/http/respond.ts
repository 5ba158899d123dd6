import { createHash } from 'node:crypto';
import {
  ASSERTION_ALGORITHMS,
  describeRefusal,
  type Refusal,
  SIGNED_INTROSPECTION_TYPE,
} from '@tessera/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IntrospectionAnswer } from '../endpoints/introspection-endpoint.ts';
import { realmPath } from '../model/realm.ts';

/** PingAM's spelling; RFC 8259 §11 has no charset parameter, and one does no harm. */
const JSON_TYPE = 'application/json;charset=UTF-8';

/**
 * An answer that holds a token or speaks of one. RFC 6749 §5.1: "The authorization server MUST
 * include the HTTP "Cache-Control" response header field with a value of "no-store" in any
 * response containing tokens, credentials, or other sensitive information, as well as the
 * "Pragma" response header field with a value of "no-cache"."
 */
export function sendPrivate(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  return sendUnstored(reply, status, JSON_TYPE, JSON.stringify(body));
}

/** The answer of introspection in the form that was asked for. RFC 9701 §5, RFC 9110 §12.5.5. */
export function sendIntrospection(reply: FastifyReply, answer: IntrospectionAnswer): FastifyReply {
  reply.header('vary', 'Accept');
  return 'jwt' in answer
    ? sendUnstored(reply, 200, SIGNED_INTROSPECTION_TYPE, answer.jwt)
    : sendPrivate(reply, 200, answer);
}

const sendUnstored = (
  reply: FastifyReply,
  status: number,
  type: string,
  body: string,
): FastifyReply =>
  identify(reply)
    .code(status)
    .header('content-type', type)
    .header('cache-control', 'no-store')
    .header('pragma', 'no-cache')
    .send(body);

/** An answer that says no more than that it was done. */
export const sendNothing = (reply: FastifyReply): FastifyReply =>
  identify(reply).code(204).header('cache-control', 'no-store').header('pragma', 'no-cache').send();

/** What every answer has: the id under which the log knows it, and PingAM's if one was sent. */
function identify(reply: FastifyReply): FastifyReply {
  const { id, headers } = reply.request;
  const transaction = headers['x-forgerock-transactionid'];
  if (typeof transaction === 'string' && /^[\w./-]{1,128}$/.test(transaction))
    reply.header('x-forgerock-transactionid', transaction);
  return reply.header('x-content-type-options', 'nosniff').header('x-request-id', id);
}

/** A refusal in the words of the wire. Members in the order that PingAM sends them. */
export function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
  realm: string | undefined,
): FastifyReply {
  const wire = describeRefusal(refusal, request.headers.authorization !== undefined);
  if (wire.challenge !== undefined)
    reply.header('www-authenticate', describeChallenge(wire.challenge, wire.error, realm));
  if (wire.retryAfter !== undefined) reply.header('retry-after', wire.retryAfter);
  if (wire.allow !== undefined) reply.header('allow', wire.allow);
  return sendPrivate(reply, wire.status, {
    error_description: wire.description,
    error: wire.error,
  });
}

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
): FastifyReply {
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
    return reply.code(304).send();
  return reply.code(200).send(body);
}
