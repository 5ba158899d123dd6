import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NOT_FOUND } from '../../pingone/crest.ts';
import { sendCrest } from './crest-reply.ts';
import { describeCrestFault } from './crest-routes.ts';
import type { CrestSurroundings } from './crest-surroundings.ts';

/** Everything below an address, with bodies and faults as Common REST has them. */
export function registerCrestScope(
  app: FastifyInstance,
  { env }: CrestSurroundings,
  base: string,
  routes: (scope: FastifyInstance) => void,
): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body);
    });
    scope.addHook('onResponse', async (_request, reply) => {
      env.metrics.answered('administration', reply.statusCode, reply.elapsedTime / 1000);
    });
    scope.setErrorHandler<FastifyError>((error, request, reply) =>
      sendCrest(request, reply, { ok: false, refusal: describeCrestFault(env, error, request) }),
    );
    routes(scope);
    const refuseAddress = async (request: FastifyRequest, reply: FastifyReply) =>
      sendCrest(request, reply, { ok: false, refusal: NOT_FOUND });
    // Before the body, which nobody here would read.
    scope.all(`${base}/*`, { onRequest: refuseAddress, handler: refuseAddress });
  });
}
