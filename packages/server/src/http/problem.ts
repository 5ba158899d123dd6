import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeProblem } from '../contract/problem.ts';
import type { AdminRefusal } from '../contract/refusal.ts';

/** Nothing that the administration API answers is for a cache, a frame or another origin. */
export const ADMIN_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** A refusal as a problem. RFC 9457 §3. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: AdminRefusal,
): FastifyReply {
  const problem = describeProblem(refusal, request.id);
  const challenge = describeChallenge(request, refusal, problem.status);
  if (challenge !== undefined) reply.header('www-authenticate', challenge);
  if ('retryAfter' in refusal) reply.header('retry-after', refusal.retryAfter);
  if (refusal.reason === 'method_not_allowed') reply.header('allow', refusal.allowed.join(', '));
  return reply
    .code(problem.status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify(problem));
}

/** RFC 6750 §3: who showed nothing is told the scheme, who showed a token what is wrong with it. */
function describeChallenge(
  { headers }: FastifyRequest,
  refusal: AdminRefusal,
  status: number,
): string | undefined {
  const scheme = 'Bearer realm="tessera-admin"';
  if (status === 401)
    return refusal.reason === 'credentials_invalid' ? `${scheme}, error="invalid_token"` : scheme;
  return refusal.reason === 'permission_missing' && headers.authorization !== undefined
    ? `${scheme}, error="insufficient_scope", scope="${refusal.permission}"`
    : undefined;
}
