import type { Result } from '@tessera/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Reply } from '../../pingone/collection.ts';
import { type CrestRefusal, describeRefusal } from '../../pingone/crest.ts';
import { ADMIN_HEADERS } from '../problem.ts';

/** Whatever version a client asks for, this is what it gets. */
const VERSION = 'protocol=2.1,resource=1.0';

export function sendCrest(
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: Result<Reply, CrestRefusal>,
): FastifyReply {
  reply.headers(CREST_HEADERS).header('x-forgerock-transactionid', request.id);
  if (!outcome.ok) return sendRefusal(reply, outcome.refusal);
  const { status, body } = outcome.value;
  const { _id, _rev } = body as { readonly _id?: string; readonly _rev?: string };
  if (_rev !== undefined && _rev !== '') reply.header('etag', `"${_rev}"`);
  if (status === 201 && _id !== undefined) {
    const [path = ''] = request.url.split('?', 1);
    const own = `/${encodeURIComponent(_id)}`;
    reply.header('location', path.endsWith(own) ? path : `${path.replace(/\/$/, '')}${own}`);
  }
  return reply.code(status).send(JSON.stringify(body));
}

function sendRefusal(reply: FastifyReply, refusal: CrestRefusal): FastifyReply {
  if (refusal.retryAfter !== undefined) reply.header('retry-after', refusal.retryAfter);
  return reply.code(refusal.code).send(JSON.stringify(describeRefusal(refusal)));
}

const CREST_HEADERS = {
  ...ADMIN_HEADERS,
  'content-api-version': VERSION,
  'content-type': 'application/json;charset=UTF-8',
} as const;
