import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { jwk } from 'hono/jwk';

const { ISSUER, AUDIENCE, PORT } = process.env;

const app = new Hono();
app.use(
  jwk({
    jwks_uri: `${ISSUER}/connect/jwk_uri`,
    alg: ['ES256', 'RS256'],
    verification: { iss: ISSUER, aud: AUDIENCE, typ: 'at+jwt' },
  }),
);
app.get('/config', (context) => {
  const { scope, client_id } = context.get('jwtPayload');
  if (!scope.split(' ').includes('config:read')) return context.body(null, 403);
  return context.json({ client: client_id });
});
serve({ fetch: app.fetch, port: Number(PORT), hostname: '127.0.0.1' });
