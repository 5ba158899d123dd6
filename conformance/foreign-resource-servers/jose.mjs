import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { ISSUER, AUDIENCE, PORT } = process.env;

const keys = createRemoteJWKSet(new URL(`${ISSUER}/connect/jwk_uri`));

createServer(async (request, response) => {
  try {
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const { payload } = await jwtVerify(token, keys, {
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: 'at+jwt',
      algorithms: ['ES256', 'RS256'],
      requiredClaims: ['exp', 'client_id', 'scope'],
    });
    if (!payload.scope.split(' ').includes('config:read')) return response.writeHead(403).end();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ client: payload.client_id }));
  } catch {
    response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
  }
}).listen(PORT, '127.0.0.1');
