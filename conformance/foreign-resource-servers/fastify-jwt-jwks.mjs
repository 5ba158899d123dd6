import fastify from 'fastify';
import jwtJwks from 'fastify-jwt-jwks';

const { ISSUER, AUDIENCE, PORT } = process.env;

const app = fastify();
await app.register(jwtJwks, {
  jwksUrl: `${ISSUER}/connect/jwk_uri`,
  issuer: ISSUER,
  audience: AUDIENCE,
});
app.get('/config', { onRequest: app.authenticate }, async (request, reply) => {
  if (!request.user.scope.split(' ').includes('config:read')) return reply.code(403).send();
  return { client: request.user.client_id };
});
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
