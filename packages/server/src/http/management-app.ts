import { type FastifyInstance, fastify } from 'fastify';
import type { Environment } from '../environment.ts';
import { registerHealthRoutes } from './health-routes.ts';
import { WITHOUT_SCHEMAS } from './without-schemas.ts';

type Exposed = {
  readonly metrics: { readonly contentType: string; expose(): Promise<string> };
};

/** What operators look at, on an address of its own: counts tell strangers too much. */
export function createManagementApp(env: Pick<Environment, 'store'> & Exposed): FastifyInstance {
  const app = fastify({ ...WITHOUT_SCHEMAS, logger: false, forceCloseConnections: 'idle' });
  registerHealthRoutes(app, env);
  app.get('/metrics', async (_request, reply) =>
    reply.header('content-type', env.metrics.contentType).send(await env.metrics.expose()),
  );
  return app;
}
