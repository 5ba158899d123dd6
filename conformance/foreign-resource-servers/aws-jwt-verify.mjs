import { createServer } from 'node:http';
import { JwtVerifier } from 'aws-jwt-verify';
import { JwtInvalidScopeError } from 'aws-jwt-verify/error';

const { ISSUER, AUDIENCE, PORT } = process.env;

const verifier = JwtVerifier.create({
  issuer: ISSUER,
  audience: AUDIENCE,
  scope: 'config:read',
  jwksUri: `${ISSUER}/connect/jwk_uri`,
});

createServer(async (request, response) => {
  try {
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const claims = await verifier.verify(token);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ client: claims.client_id }));
  } catch (error) {
    const known = error instanceof JwtInvalidScopeError;
    response.writeHead(known ? 403 : 401, { 'www-authenticate': 'Bearer' }).end();
  }
}).listen(PORT, '127.0.0.1');
