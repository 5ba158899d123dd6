import type { Refusal } from '@tessera/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeDetails } from '../endpoints/refusal-details.ts';
import { type Environment, StoreUnavailable } from '../environment.ts';
import { type Headers, sendRefusal } from './respond.ts';

/** What every route has: its time is measured, and what it refuses is counted and logged. */
export type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Tells the metrics how it ended and how long it took, a fault included. */
export const measured =
  (env: Environment, endpoint: string, handler: Handler): Handler =>
  async (request, reply) => {
    const started = env.clock.monotonic();
    try {
      await handler(request, reply);
    } catch (error) {
      reply.code(error instanceof StoreUnavailable ? 503 : 500);
      throw error;
    } finally {
      env.metrics.answered(endpoint, reply.statusCode, (env.clock.monotonic() - started) / 1000);
    }
  };

export function refuseRequest(
  env: Environment,
  request: FastifyRequest,
  reply: FastifyReply,
  endpoint: string,
  refusal: Refusal,
  realm: string | undefined,
  headers: Headers = [],
): void {
  env.metrics.refused(endpoint, refusal.reason);
  env.log.info(
    { requestId: request.id, endpoint, realm, ...describeDetails(refusal) },
    'request refused',
  );
  sendRefusal(request, reply, refusal, realm, headers);
}

export function refuseOtherMethods(
  app: FastifyInstance,
  env: Environment,
  url: string,
  endpoint: string,
  allowed: 'POST' | 'GET, HEAD' | 'GET, POST, PUT, DELETE',
): void {
  const method = (['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const).filter(
    (one) => !allowed.split(', ').includes(one),
  );
  app.route({
    method,
    url,
    exposeHeadRoute: false,
    handler: (request, reply) => {
      const refusal = {
        reason: 'method_not_allowed',
        allowed,
        found: request.method,
      } as const;
      refuseRequest(env, request, reply, endpoint, refusal, undefined);
    },
  });
}
