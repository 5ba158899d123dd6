import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { FORM_TYPE, readToken, refusal } from './realm.ts';
import { newKey, now, signJws } from './signed.ts';
import { onEachDatabase } from './world.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** What frodo asks for. */
const SCOPES = 'fr:am:* fr:idc:analytics:* fr:autoaccess:* fr:idc:esv:* fr:idm:* fr:iga:*';

onEachDatabase((world) => {
  const root = world.realm('root');
  const key = newKey('RS256');
  const id = randomUUID();

  beforeAll(async () => {
    await root.changeProvider({
      grantTypes: ['client_credentials', JWT_BEARER],
      securityProfile: 'pingone',
    });
    await root.registerClient({
      clientId: id,
      authenticationMethod: 'private_key_jwt',
      grantTypes: [JWT_BEARER],
      scopes: ['fr:am:*', 'fr:idm:*', 'fr:idc:esv:*'],
      accessTokenLifetime: 900,
    });
    const { kid: _, ...jwk } = key.publicJwk;
    await world.administration.perform('POST', `/api/realms/root/clients/${id}/keys`, { jwk });
  });

  /** The header has no `kid`, and the audience a port, twice if the address has one. */
  const assertionFor = (host: string): string =>
    signJws(
      { alg: 'RS256' },
      {
        iss: id,
        sub: id,
        aud: `${host}/am/oauth2/access_token`,
        exp: now() + 180,
        jti: randomUUID(),
      },
      key,
    );

  /** The body as frodo writes it: colons, asterisks and spaces are not encoded. */
  const ask = (assertion: string, scope = SCOPES) =>
    world.send({
      method: 'POST',
      path: '/am/oauth2/access_token',
      headers: { 'content-type': FORM_TYPE, 'accept-api-version': 'protocol=2.1,resource=1.0' },
      body: `assertion=${assertion}&client_id=service-account&grant_type=${JWT_BEARER}&scope=${scope}`,
    });

  describe('PingOne §17.5: a service account', () => {
    it('is told which scopes it may not have, and asks again without, with the same assertion', async () => {
      const assertion = assertionFor(world.publicUrl);
      const first = await ask(assertion);
      expect(first).toMatchObject(
        refusal(
          400,
          'invalid_scope',
          'Unsupported scope for service account: fr:idc:analytics:*,fr:autoaccess:*,fr:iga:*',
        ),
      );
      const { error_description } = first.json as { error_description: string };
      const unsupported = error_description.slice(39).split(',');
      const scope = SCOPES.split(' ').filter((token) => !unsupported.includes(token));
      const answer = readToken(await ask(assertion, scope.join(' ')));
      expect(answer).toMatchObject({ scope: scope.join(' '), expires_in: 899 });
      expect(decodeJwt(answer.access_token)).toMatchObject({ sub: id, client_id: id });
      expect(await ask(assertion, scope.join(' '))).toMatchObject(refusal(400, 'invalid_grant'));
    });

    it('may write the port twice, as frodo does where the address has one', async () => {
      const twice = `${world.publicUrl}:${world.port}`;
      expect((await ask(assertionFor(twice), 'fr:am:*')).status).toBe(200);
      const elsewhere = assertionFor('http://127.0.0.1:1');
      expect(await ask(elsewhere, 'fr:am:*')).toMatchObject(refusal(400, 'invalid_grant'));
    });
  });
});
