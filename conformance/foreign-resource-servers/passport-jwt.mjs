import express from 'express';
import jwksRsa from 'jwks-rsa';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';

const { ISSUER, AUDIENCE, PORT } = process.env;

passport.use(
  new Strategy(
    {
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: jwksRsa.passportJwtSecret({
        jwksUri: `${ISSUER}/connect/jwk_uri`,
        cache: true,
      }),
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ['ES256', 'RS256'],
    },
    (claims, done) => done(null, claims),
  ),
);

const app = express();
app.use(passport.authenticate('jwt', { session: false }));
app.get('/config', (request, response) => {
  if (!request.user.scope.split(' ').includes('config:read')) return response.sendStatus(403);
  response.json({ client: request.user.client_id });
});
app.listen(PORT, '127.0.0.1');
