import express from 'express';
import { expressjwt } from 'express-jwt';
import jwksRsa from 'jwks-rsa';

const { ISSUER, AUDIENCE, PORT } = process.env;

const app = express();
app.use(
  expressjwt({
    secret: jwksRsa.expressJwtSecret({ jwksUri: `${ISSUER}/connect/jwk_uri`, cache: true }),
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ['ES256', 'RS256'],
  }),
);
app.get('/config', (request, response) => {
  if (!request.auth.scope.split(' ').includes('config:read')) return response.sendStatus(403);
  response.json({ client: request.auth.client_id });
});
app.use((error, _request, response, _next) => {
  response.status(error.status ?? 500).json({ error: error.code });
});
app.listen(PORT, '127.0.0.1');
