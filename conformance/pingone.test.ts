import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { refusal } from './realm.ts';
import { onEachDatabase } from './world.ts';

const run = promisify(execFile);

/** The command of the documentation, as a person pastes it into a shell. */
const theCommand = (origin: string): string => `curl --request POST --user 'myClient:forgerock' \\
  --data "grant_type=client_credentials" --data "scope=write" \\
  "${origin}/am/oauth2/realms/root/realms/alpha/access_token"`;

onEachDatabase((world) => {
  const { alpha } = world;
  const myClient = { clientId: 'myClient', secret: 'forgerock' };
  const shell = async (command: string): Promise<string> =>
    (await run('sh', ['-c', `${command} --silent --show-error`])).stdout;
  const curl = async (...parameters: readonly string[]): Promise<string> =>
    (await run('curl', ['--silent', '--show-error', ...parameters])).stdout;

  beforeAll(async () => {
    await alpha.registerClient({
      clientId: myClient.clientId,
      secret: { secret: myClient.secret },
      scopes: ['write', 'read'],
    });
  });

  describe('PingOne: get an access token', () => {
    it('the exact command gets the exact answer, byte for byte', async () => {
      const answer = await shell(theCommand(`http://localhost:${world.port}`));
      expect(answer).toMatch(
        /^\{"access_token":"[\w-]+\.[\w-]+\.[\w-]+","scope":"write","token_type":"Bearer","expires_in":3599\}$/,
      );
    });

    it('the headers are those of PingOne', async () => {
      const answer = await shell(`${theCommand(world.publicUrl)} --include`);
      const [head = ''] = answer.split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
      for (const line of [
        /^content-type: application\/json;charset=utf-8$/im,
        /^cache-control: no-store$/im,
        /^pragma: no-cache$/im,
        /^x-content-type-options: nosniff$/im,
      ])
        expect(head).toMatch(line);
    });

    it.each([
      '/am/oauth2/realms/root/realms/alpha/access_token',
      '/am/oauth2/alpha/access_token',
      '/am/oauth2/access_token?realm=/alpha',
      '/am/oauth2/access_token?realm=%2Falpha',
    ])('every form of the address answers alike: %s', async (path) => {
      const command = theCommand(world.publicUrl).replace(/\/am\/.*access_token/, path);
      const answer = JSON.parse(await shell(command)) as { access_token: string };
      expect(Object.keys(answer)).toEqual(['access_token', 'scope', 'token_type', 'expires_in']);
      expect(decodeJwt(answer.access_token).iss).toBe(alpha.issuer);
    });

    it('in the root realm', async () => {
      await world.realm('root').registerClient({
        clientId: myClient.clientId,
        secret: { secret: myClient.secret },
        scopes: ['write'],
      });
      for (const path of ['/am/oauth2/realms/root/access_token', '/am/oauth2/access_token']) {
        const command = theCommand(world.publicUrl).replace(/\/am\/.*access_token/, path);
        expect(JSON.parse(await shell(command))).toMatchObject({ scope: 'write' });
      }
    });

    it('credentials in the form work, and so do headers that PingOne tools add', async () => {
      const answer = await curl(
        '--header',
        'Accept-API-Version: protocol=2.1,resource=1.0',
        '--header',
        'X-ForgeRock-TransactionId: f0b4-1',
        '--data-urlencode',
        'client_id=myClient',
        '--data-urlencode',
        'client_secret=forgerock',
        '--data',
        'grant_type=client_credentials',
        '--data',
        'scope=write',
        `${alpha.issuer}/access_token`,
      );
      expect(JSON.parse(answer)).toMatchObject({ token_type: 'Bearer' });
    });

    it('a secret of any characters works as curl sends it: not encoded', async () => {
      const secret = 'a+b %41:c/d&e=f';
      await alpha.registerClient({ clientId: 'curl user', secret: { secret } });
      const answer = await curl(
        '--user',
        `curl user:${secret}`,
        '--data',
        'grant_type=client_credentials',
        '--data',
        'scope=write',
        `${alpha.issuer}/access_token`,
      );
      expect(JSON.parse(answer)).toMatchObject({ scope: 'write' });
    });
  });

  describe('PingOne §1.7: what must hold at the end', () => {
    it('without a scope the defaults of the client, or a refusal when there are none', async () => {
      expect(await alpha.request(myClient)).toMatchObject(
        refusal(400, 'invalid_scope', 'No scope requested and no default scope configured'),
      );
      await alpha.changeClient(myClient, { defaultScopes: ['write'] });
      expect((await alpha.request(myClient)).json).toMatchObject({ scope: 'write' });
      await alpha.changeClient(myClient, { defaultScopes: [] });
    });

    it('without the grant on the client: unauthorized_client', async () => {
      await alpha.changeClient(myClient, { grantTypes: [] });
      expect(await alpha.request(myClient, { scope: 'write' })).toMatchObject(
        refusal(400, 'unauthorized_client'),
      );
      await alpha.changeClient(myClient, { grantTypes: ['client_credentials'] });
      expect((await alpha.request(myClient, { scope: 'write' })).status).toBe(200);
    });

    it('without the grant on the provider: unsupported_grant_type', async () => {
      await alpha.changeProvider({ grantTypes: [] });
      expect(await alpha.request(myClient, { scope: 'write' })).toMatchObject(
        refusal(400, 'unsupported_grant_type', 'Grant type is not supported'),
      );
      await alpha.changeProvider({ grantTypes: ['client_credentials'] });
      expect((await alpha.request(myClient, { scope: 'write' })).status).toBe(200);
    });

    it('a public client: unauthorized_client', async () => {
      const { clientId: client_id } = await alpha.registerPublicClient();
      const form = { grant_type: 'client_credentials', scope: 'write', client_id };
      expect(await alpha.post('access_token', form)).toMatchObject(
        refusal(400, 'unauthorized_client'),
      );
    });

    it('the token is valid at introspect, and no longer after token/revoke', async () => {
      const { access_token: token } = JSON.parse(await shell(theCommand(world.publicUrl))) as {
        access_token: string;
      };
      const call = (endpoint: string) =>
        curl(
          '--user',
          'myClient:forgerock',
          '--data',
          `token=${token}`,
          `${alpha.issuer}/${endpoint}`,
        );
      expect(JSON.parse(await call('introspect'))).toMatchObject({
        active: true,
        client_id: 'myClient',
        scope: 'write',
      });
      expect(await call('token/revoke')).toBe('{}');
      expect(await call('introspect')).toBe('{"active":false}');
    });

    it('`client_id` beside Basic is accepted at revocation, as in the documentation', async () => {
      const token = await alpha.token(myClient, { scope: 'write' });
      const form = { token, client_id: 'myClient' };
      expect((await alpha.post('token/revoke', form, { as: myClient })).text).toBe('{}');
    });
  });

  describe('PingOne §4.3: errors begin with the description', () => {
    it.each([
      ['a wrong secret by Basic', 'invalid_client', '--user', 'myClient:wrong-secret'],
      [
        'a wrong secret in the form',
        'invalid_client',
        '--data',
        'client_id=myClient&client_secret=wrong-secret',
      ],
    ])('%s', async (_, error, ...credentials) => {
      const answer = await curl(
        ...credentials,
        '--data',
        'grant_type=client_credentials',
        `${alpha.issuer}/access_token`,
      );
      expect(answer).toBe(
        `{"error_description":"Client authentication failed","error":"${error}"}`,
      );
    });

    it.each([
      ['write,foo', 'Unknown/invalid scope(s): [write,foo]'],
      ['foo', 'Unknown/invalid scope(s): [foo]'],
      ['foo bar', 'Unknown/invalid scope(s): [foo, bar]'],
    ])('scope %s', async (scope, error_description) => {
      const { text } = await alpha.request(myClient, { scope });
      expect(text).toBe(JSON.stringify({ error_description, error: 'invalid_scope' }));
    });
  });
});
