import fastifyJwt from '@fastify/jwt';
import fastify from 'fastify';
import buildGetJwks from 'get-jwks';

const { ISSUER, AUDIENCE, PORT } = process.env;

const getJwks = buildGetJwks({ issuersWhitelist: [ISSUER], jwksPath: '/connect/jwk_uri' });

const app = fastify();
app.register(fastifyJwt, {
  decode: { complete: true },
  secret: (_request, { header }) =>
    getJwks.getPublicKey({ domain: ISSUER, alg: header.alg, kid: header.kid }),
  verify: { allowedIss: ISSUER, allowedAud: AUDIENCE, algorithms: ['ES256', 'RS256'] },
});
app.addHook('onRequest', async (request, reply) => {
  try {
    await request.jwtVerify();
  } catch {
    return reply.code(401).send({ error: 'invalid_token' });
  }
});
app.get('/config', async (request, reply) => {
  if (!request.user.scope.split(' ').includes('config:read')) return reply.code(403).send();
  return { client: request.user.client_id };
});
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
