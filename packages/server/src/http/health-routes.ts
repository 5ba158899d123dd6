import type { FastifyInstance } from 'fastify';
import type { Environment } from '../environment.ts';
import { sendPrivate } from './respond.ts';

/**
 * Liveness: this process answers. Readiness: it can also reach what it needs. Neither says more,
 * for anybody may ask.
 */
export function registerHealthRoutes(app: FastifyInstance, env: Pick<Environment, 'store'>): void {
  app.get('/health/live', (_request, reply) => sendPrivate(reply, 200, { status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    try {
      await env.store.check();
    } catch {
      return sendPrivate(reply, 503, { status: 'unavailable' });
    }
    return sendPrivate(reply, 200, { status: 'ready' });
  });
}
