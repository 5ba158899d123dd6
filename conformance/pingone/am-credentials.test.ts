/* Keys, certificates and secrets of an OAuth2Client: the client's credentials in AM's words. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { issueCertificate } from '../../packages/server/test/certificates.ts';
import { keyedClients } from '../keyed-client.ts';
import { newKey } from '../signed.ts';
import { onEachDatabase } from '../world.ts';
import { type Am, callAm, signInToAm } from './am.ts';
import { callIdm } from './idm.ts';
import { jwksOf, newAccountKey, tokenOf } from './service-accounts.ts';

const CLIENTS = '/realms/root/realms/alpha/realm-config/agents/OAuth2Client';
const SECRET = 'a secret of somebody';

type Signing = Readonly<Record<string, { readonly value?: unknown }>>;
type Credential = Readonly<Record<string, unknown>>;

onEachDatabase((world) => {
  const { assertionOf, ask } = keyedClients(world);
  let am: Am;
  beforeAll(async () => {
    am = await signInToAm(world);
  });
  const bodyOf = (signEncOAuth2ClientConfig: object, method = 'private_key_jwt') => ({
    coreOAuth2ClientConfig: { scopes: ['read'] },
    advancedOAuth2ClientConfig: {
      grantTypes: ['client_credentials'],
      tokenEndpointAuthMethod: method,
    },
    signEncOAuth2ClientConfig,
  });
  const put = async (id: string, body: unknown) => {
    const answer = await am.call('PUT', `${CLIENTS}/${id}`, body);
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer.body;
  };
  const read = async (id: string) => (await am.call('GET', `${CLIENTS}/${id}`)).body;
  const shown = async (id: string, name: string) => {
    const { signEncOAuth2ClientConfig } = (await read(id)) as unknown as {
      signEncOAuth2ClientConfig: Signing;
    };
    return signEncOAuth2ClientConfig[name]?.value;
  };
  const pathOf = (id: string, kind: string) => `/api/realms/alpha/clients/${id}/${kind}`;
  const list = async (id: string, kind: 'keys' | 'certificates' | 'secrets') =>
    (await world.administration.perform<{ items: readonly Credential[] }>('GET', pathOf(id, kind)))
      .items;
  const tokenBy = async (clientId: string, key: ReturnType<typeof newKey>) =>
    (await ask(assertionOf({ clientId, secret: '' }, key))).status;

  describe('jwkSet', () => {
    it('has the keys that the client proves itself with, as they were written', async () => {
      const id = randomUUID();
      const key = newKey('RS256');
      const jwkSet = `{ "keys": [ ${JSON.stringify({ ...key.publicJwk, x5t: 'kept' })} ] }`;
      await put(id, bodyOf({ jwkSet, publicKeyLocation: 'jwks' }));
      expect(await tokenBy(id, key)).toBe(200);
      expect(await shown(id, 'jwkSet')).toBe(jwkSet);
      const other = newKey();
      const otherSet = JSON.stringify({ keys: [other.publicJwk] });
      await put(id, bodyOf({ jwkSet: otherSet, publicKeyLocation: 'jwks' }));
      expect([await tokenBy(id, key), await tokenBy(id, other)]).toEqual([400, 200]);
    });

    it('shows a key that came another way, keeps it when it comes back, and not when it does not', async () => {
      const id = randomUUID();
      await put(id, bodyOf({}));
      const key = newKey();
      const { id: keyId } = await world.administration.perform<{ id: string }>(
        'POST',
        pathOf(id, 'keys'),
        { jwk: key.publicJwk, label: 'laptop' },
      );
      const wrapped = await read(id);
      expect(await shown(id, 'publicKeyLocation')).toBe('jwks');
      expect(JSON.parse(String(await shown(id, 'jwkSet')))).toEqual({ keys: [key.publicJwk] });
      expect(await put(id, wrapped)).toEqual({ ...wrapped, _rev: expect.any(String) });
      expect(await list(id, 'keys')).toMatchObject([{ id: keyId, label: 'laptop' }]);
      await put(id, bodyOf({}));
      expect(await list(id, 'keys')).toEqual([]);
    });

    it('may have keys for encryption, which prove nothing', async () => {
      const id = randomUUID();
      const encryption = { ...newKey('RS256').publicJwk, use: 'enc' };
      const key = newKey();
      const jwkSet = JSON.stringify({ keys: [encryption, key.publicJwk] });
      await put(id, bodyOf({ jwkSet, publicKeyLocation: 'jwks' }));
      expect(await list(id, 'keys')).toMatchObject([{ kid: key.kid }]);
      expect(await shown(id, 'jwkSet')).toBe(jwkSet);
    });

    it.each([
      ['a private key', newKey().privateKey.export({ format: 'jwk' })],
      ['a shared key', { kty: 'oct', k: 'AAAA' }],
    ])('with %s is refused by its name', async (_, jwk) => {
      const body = bodyOf({ jwkSet: JSON.stringify({ keys: [jwk] }), publicKeyLocation: 'jwks' });
      const answer = await am.call('PUT', `${CLIENTS}/refused`, body);
      expect(answer.status).toBe(400);
      expect(answer.body.message).toContain('signEncOAuth2ClientConfig/jwkSet');
      expect((await am.call('GET', `${CLIENTS}/refused`)).status).toBe(404);
    });
  });

  describe('jwksUri', () => {
    const jwksUri = 'https://client.example.com/keys';

    it('is where the client publishes its keys, and nowhere else once they are in jwkSet', async () => {
      const id = randomUUID();
      await put(id, bodyOf({ jwksUri, publicKeyLocation: 'jwks_uri' }));
      expect(await list(id, 'keys')).toMatchObject([{ kind: 'jwks_uri', jwksUri }]);
      expect(await shown(id, 'jwksUri')).toBe(jwksUri);
      const key = newKey();
      const jwkSet = JSON.stringify({ keys: [key.publicJwk] });
      await put(id, bodyOf({ jwksUri, jwkSet, publicKeyLocation: 'jwks' }));
      expect(await list(id, 'keys')).toMatchObject([{ kind: 'public_key', kid: key.kid }]);
      // AM keeps what it does not look at.
      expect(await shown(id, 'jwksUri')).toBe(jwksUri);
    });

    it('shows an address that came another way, in the list too', async () => {
      const id = randomUUID();
      await put(id, bodyOf({}));
      await world.administration.perform('POST', pathOf(id, 'keys'), { jwksUri });
      expect(await shown(id, 'jwksUri')).toBe(jwksUri);
      const { body } = await am.call('GET', `${CLIENTS}?_queryFilter=_id eq "${id}"`);
      expect(body.result[0]).toMatchObject({
        signEncOAuth2ClientConfig: { jwksUri, publicKeyLocation: 'jwks_uri' },
      });
    });

    it('that this server may not call is refused', async () => {
      const body = bodyOf({ jwksUri: 'http://169.254.169.254/keys' });
      const answer = await am.call('PUT', `${CLIENTS}/refused`, body);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body.message).toContain('jwksUri');
      expect((await am.call('GET', `${CLIENTS}/refused`)).status).toBe(404);
    });
  });

  describe('certificates', () => {
    it('are those of mTLSSubjectDN for tls_client_auth, however the name is written', async () => {
      const id = randomUUID();
      await put(id, bodyOf({ mTLSSubjectDN: 'CN=billing, O=Example' }, 'tls_client_auth'));
      const [before] = await list(id, 'certificates');
      expect(before).toMatchObject({ subjectKind: 'subject_dn', subject: 'CN=billing,O=Example' });
      expect(await shown(id, 'mTLSSubjectDN')).toBe('CN=billing, O=Example');
      await put(id, bodyOf({ mTLSSubjectDN: 'cn=billing,o=Example' }, 'tls_client_auth'));
      expect(await list(id, 'certificates')).toMatchObject([{ id: before?.['id'] }]);
      await put(id, bodyOf({ mTLSSubjectDN: 'CN=shipping' }, 'tls_client_auth'));
      expect(await list(id, 'certificates')).toMatchObject([{ subject: 'CN=shipping' }]);
      await put(id, bodyOf({ mTLSSubjectDN: 'CN=shipping' }, 'client_secret_basic'));
      expect(await list(id, 'certificates')).toEqual([]);
    });

    it('is the one in mTLSTrustedCert for self_signed_tls_client_auth', async () => {
      const id = randomUUID();
      const { pem } = issueCertificate({ subject: [['CN', 'self']] });
      const method = 'self_signed_tls_client_auth';
      const bare = pem.replaceAll(/-----[A-Z ]+-----|\s/g, '');
      await put(id, bodyOf({ mTLSTrustedCert: pem }, method));
      const [before] = await list(id, 'certificates');
      expect(before).toMatchObject({ kind: 'certificate' });
      expect(await shown(id, 'mTLSTrustedCert')).toBe(pem);
      await put(id, bodyOf({ mTLSTrustedCert: bare }, method));
      expect(await list(id, 'certificates')).toMatchObject([{ id: before?.['id'] }]);
    });

    it('that came another way are shown', async () => {
      const id = randomUUID();
      await put(id, bodyOf({}, 'tls_client_auth'));
      const path = pathOf(id, 'certificates');
      await world.administration.perform('POST', path, { sanDns: 'billing.example.com' });
      expect(await shown(id, 'mTLSSubjectDN')).toBeUndefined();
      await world.administration.perform('POST', path, { subjectDn: 'CN=billing' });
      expect(await shown(id, 'mTLSSubjectDN')).toBe('CN=billing');
      await put(id, await read(id));
      expect(await list(id, 'certificates')).toHaveLength(2);
    });
  });

  it('a secret that has ended works again once a PUT names it', async () => {
    const id = randomUUID();
    const body = bodyOf({}, 'client_secret_basic');
    const named = { ...body, coreOAuth2ClientConfig: { scopes: ['read'], userpassword: SECRET } };
    await put(id, named);
    const [secret] = await list(id, 'secrets');
    const expiresAt = Math.floor(Date.now() / 1000) + 3;
    const path = `${pathOf(id, 'secrets')}/${secret?.['id']}`;
    const whatever = { 'if-match': '*' };
    expect((await world.administration.call('PATCH', path, { expiresAt }, whatever)).status).toBe(
      200,
    );
    const works = async () =>
      (await world.alpha.request({ clientId: id, secret: SECRET }, { scope: 'read' })).status;
    await expect.poll(works, { timeout: 10_000, interval: 500 }).toBe(401);
    await put(id, named);
    expect(await works()).toBe(200);
  });

  it('a PUT that is refused in its last part changes nothing', async () => {
    const id = randomUUID();
    await put(id, bodyOf({}));
    for (let held = 0; held < 9; held++)
      await world.administration.perform('POST', pathOf(id, 'secrets'), {});
    const before = await read(id);
    // Ten credentials are the most: the second key is one too many, found when all else is written.
    const jwkSet = JSON.stringify({ keys: [newKey().publicJwk, newKey().publicJwk] });
    const body = bodyOf({ jwkSet, publicKeyLocation: 'jwks' });
    const refused = await am.call('PUT', `${CLIENTS}/${id}`, {
      ...body,
      coreOAuth2ClientConfig: { scopes: ['read', 'write'], userpassword: null },
    });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.status).toBeLessThan(500);
    expect(await read(id)).toEqual(before);
    expect(await list(id, 'keys')).toEqual([]);
  });

  it('who may read clients and not credentials is told what was written', async () => {
    const id = randomUUID();
    const key = newKey();
    await put(id, bodyOf({}));
    await world.administration.perform('POST', pathOf(id, 'keys'), { jwk: key.publicJwk });
    const idm = callIdm(world, { iPlanetDirectoryPro: am.tokenId });
    const accountKey = newAccountKey();
    const account = await idm('POST', '/openidm/managed/svcacct?_action=create', {
      name: `reader ${id}`,
      scopes: ['fr:am:*'],
      jwks: jwksOf(accountKey),
    });
    const { access_token } = await tokenOf(world, account.body._id, accountKey, 'fr:am:*');
    await world.administration.perform(
      'PUT',
      `/api/realms/root/clients/${account.body._id}/grants/tessera-admin`,
      { scopes: ['clients:read'] },
    );
    const caller = { authorization: `Bearer ${access_token}` };
    const { status, body } = await callAm(world, 'GET', `${CLIENTS}/${id}`, undefined, caller);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      signEncOAuth2ClientConfig: { publicKeyLocation: { value: 'jwks_uri' } },
    });
    expect(JSON.stringify(body)).not.toContain(key.kid);
  });
});
