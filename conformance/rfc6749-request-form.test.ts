import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  basic,
  CLIENT_CREDENTIALS,
  type ClientCredentials,
  FORM_TYPE,
  readToken,
  refusal,
} from './realm.ts';
import { converse, readResponses } from './wire.ts';
import { onEachDatabase } from './world.ts';

const FORM = 'grant_type=client_credentials&scope=read';

onEachDatabase((world) => {
  const { alpha } = world;
  const tokenPath = `${alpha.path}/access_token`;
  const headOf = (as: ClientCredentials, ...more: readonly string[]): string =>
    [
      `POST ${tokenPath} HTTP/1.1`,
      'Host: 127.0.0.1',
      `Authorization: ${basic(as)}`,
      ...more,
      '',
      '',
    ].join('\r\n');

  describe('RFC 6749 §3.2 the method', () => {
    it.each(['GET', 'PUT', 'DELETE', 'PATCH'])(
      '%s is refused, and POST is named (B29, B30)',
      async (method) => {
        const as = await alpha.registerClient();
        const answer = await world.send({
          method,
          path: `${tokenPath}?${FORM}`,
          headers: { authorization: basic(as), 'content-type': FORM_TYPE },
        });
        expect(answer).toMatchObject(
          refusal(405, 'method_not_allowed', `Required Method: POST found: ${method}`),
        );
        expect(answer.headers.allow).toBe('POST');
      },
    );

    it('OPTIONS and HEAD get no token (B31, A27)', async () => {
      for (const method of ['OPTIONS', 'HEAD']) {
        const { status, text } = await world.send({ method, path: `${tokenPath}?${FORM}` });
        expect([204, 405]).toContain(status);
        expect(text).not.toContain('access_token"');
      }
    });
  });

  describe('RFC 6749 §2.3.1 the query', () => {
    it('holds no parameters: neither the grant nor the credentials are read there (B32)', async () => {
      const { clientId, secret } = await alpha.registerClient();
      const query = `${FORM}&client_id=${clientId}&client_secret=${secret}`;
      const answer = await world.send({
        method: 'POST',
        path: `${tokenPath}?${query}`,
        headers: { 'content-type': FORM_TYPE },
      });
      expect(answer).toMatchObject(refusal(400, 'invalid_request'));
      expect(world.log()).not.toContain(secret);
    });

    it.each(['scope=read', 'foo=bar', 'realm=/alpha', 'client_id=x', '=', 'a'])(
      '`?%s` beside a good form is refused (B33)',
      async (query) => {
        const as = await alpha.registerClient();
        const answer = await alpha.post(`access_token?${query}`, FORM, { as });
        expect(answer).toMatchObject(
          refusal(400, 'invalid_request', 'Parameters must be sent in the request body'),
        );
      },
    );
  });

  describe('RFC 6749 §4.4.2 the grant type', () => {
    it.each([
      ['no body (B34)', ''],
      ['no grant_type (B35)', 'scope=read'],
      ['an empty one (B36)', 'grant_type=&scope=read'],
      ['a name without equals sign (B36)', 'grant_type&scope=read'],
    ])('%s is an invalid request', async (_, form) => {
      const as = await alpha.registerClient();
      expect(await alpha.post('access_token', form, { as })).toMatchObject(
        refusal(400, 'invalid_request', 'Grant type is not set'),
      );
    });

    it.each([
      ['foo', 'unknown (B37)'],
      ['password', 'the password grant (B38)'],
      ['authorization_code', 'one that needs a browser (B38)'],
      ['refresh_token', 'for refresh tokens, of which there are none'],
      ['Client_Credentials', 'in another case (B39)'],
      ['client_credentials ', 'with a space after it (B40)'],
      [' client_credentials', 'with a space before it (B40)'],
      ['client_credentials,password', 'two in one'],
      ['__proto__', 'a name that objects have'],
    ])('%j is not supported: %s', async (grant_type) => {
      const as = await alpha.registerClient();
      expect(await alpha.post('access_token', { grant_type }, { as })).toMatchObject(
        refusal(400, 'unsupported_grant_type', 'Grant type is not supported'),
      );
    });

    it('is not looked at before the client is authenticated (B37)', async () => {
      const as = { clientId: 'nobody', secret: 'nothing-at-all' };
      expect(await alpha.post('access_token', 'grant_type=foo', { as })).toMatchObject(
        refusal(401, 'invalid_client'),
      );
      expect(await alpha.post('access_token', '', { as })).toMatchObject(
        refusal(401, 'invalid_client'),
      );
    });

    it('has to be allowed to the client (B41)', async () => {
      const client = await alpha.registerClient({ grantTypes: ['refresh_token'] });
      expect(await alpha.request(client, { scope: 'read' })).toMatchObject(
        refusal(400, 'unauthorized_client', 'The client is not authorized to use this grant type'),
      );
    });

    it('has to be enabled in the realm (B42)', async () => {
      const realm = await world.createRealm('without-grants');
      const client = await realm.registerClient();
      await realm.changeProvider({ grantTypes: ['refresh_token'] });
      expect(await realm.request(client, { scope: 'read' })).toMatchObject(
        refusal(400, 'unsupported_grant_type', 'Grant type is not supported'),
      );
      await realm.changeProvider({ grantTypes: ['client_credentials'] });
      expect((await realm.request(client, { scope: 'read' })).status).toBe(200);
    });
  });

  describe('RFC 6749 §3.2 a parameter is sent once', () => {
    const REPEATED = refusal(400, 'invalid_request', 'A parameter is included more than once');

    it.each([
      'grant_type=client_credentials',
      'scope=read',
      'client_id=me',
      'client_secret=secret',
      'client_assertion=e30.e30.e30',
      'client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      'authorization_details=[]',
      'foo=bar',
      'realm=/alpha',
    ])('%s twice, alike or not, is refused (B43, B44)', async (parameter) => {
      const as = await alpha.registerClient();
      const [name = ''] = parameter.split('=');
      const rest = new URLSearchParams(FORM);
      rest.delete(name);
      for (const twice of [
        `${parameter}&${parameter}`,
        `${parameter}&${name}=other`,
        `${name}=&${parameter}`,
      ])
        expect(
          await alpha.post('access_token', `${twice}&${rest.toString()}`, { as }),
        ).toMatchObject(REPEATED);
    });

    it('however its name is encoded', async () => {
      const as = await alpha.registerClient();
      expect(await alpha.post('access_token', `${FORM}&%73cope=read`, { as })).toMatchObject(
        REPEATED,
      );
    });

    it('except `resource`, which may repeat (B45, RFC 8707 §2)', async () => {
      const as = await alpha.registerClient();
      const resource = `resource=${encodeURIComponent(alpha.issuer)}`;
      const answer = await alpha.post('access_token', `${FORM}&${resource}&${resource}`, { as });
      expect(answer.status).toBe(200);
    });

    it.each([
      'scope[]=admin',
      'scope[0]=admin',
      'scope%5B%5D=admin&scope%5B%5D=owner',
      'client_id[$ne]=x',
      '__proto__[scope]=admin',
      '__proto__=admin',
      'constructor.prototype.scope=admin',
      'constructor=x&hasOwnProperty=y&toString=z',
    ])('%s is only an unknown name: no object is built from it (B46)', async (more) => {
      const as = await alpha.registerClient();
      const answer = await alpha.post('access_token', `${FORM}&${more}`, { as });
      if (more.includes('&scope')) expect(answer).toMatchObject(REPEATED);
      else expect(readToken(answer).scope).toBe('read');
      expect((await alpha.request(as, { scope: 'read' })).status).toBe(200);
    });
  });

  describe('RFC 6749 App. B the media type', () => {
    it.each([
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded; charset=UTF-8',
      'application/x-www-form-urlencoded;charset=utf-8',
      'Application/X-WWW-Form-Urlencoded',
      'application/x-www-form-urlencoded ; charset=utf-8',
    ])('%s is a form (B50)', async (type) => {
      const as = await alpha.registerClient();
      const answer = await alpha.post('access_token', FORM, {
        as,
        headers: { 'content-type': type },
      });
      expect(answer.status).toBe(200);
    });

    it('the bytes of a form are UTF-8, whatever charset is declared (B51)', async () => {
      const client = await alpha.registerClient({ clientId: 'pound £' });
      const answer = await alpha.post(
        'access_token',
        {
          ...CLIENT_CREDENTIALS,
          scope: 'read',
          client_id: client.clientId,
          client_secret: client.secret,
        },
        { headers: { 'content-type': `${FORM_TYPE}; charset=iso-8859-1` } },
      );
      expect(answer.status).toBe(200);
    });

    it.each([
      ['application/json (B47)', 'application/json', '{"grant_type":"client_credentials"}'],
      ['multipart/form-data (B48)', 'multipart/form-data; boundary=x', '--x--'],
      ['text/plain', 'text/plain', FORM],
      ['a type that begins alike', 'application/x-www-form-urlencoded-2', FORM],
      ['no slash (B52)', 'text', FORM],
      ['not a type (B52)', 'invalid/@@##', FORM],
      ['markup (B52)', '</><script>alert(1)</script>', FORM],
      ['brackets (B52)', 'text/[html]', FORM],
      ['two types', `${FORM_TYPE}, application/json`, FORM],
      ['only a space (B52)', ' ', FORM],
    ])('%s is none, and is not repeated to the caller', async (_, type, body) => {
      const as = await alpha.registerClient();
      const answer = await alpha.post('access_token', body, {
        as,
        headers: { 'content-type': type },
      });
      expect(answer).toMatchObject(refusal(400, 'invalid_request', 'Invalid Content Type'));
      if (type.trim() !== '') expect(answer.text).not.toContain(type);
    });

    it('that is missing is refused (B49)', async () => {
      const as = await alpha.registerClient();
      const headers = { authorization: basic(as) };
      for (const body of [FORM, ''])
        expect(await world.send({ method: 'POST', path: tokenPath, headers, body })).toMatchObject(
          refusal(400, 'invalid_request', 'Invalid Content Type'),
        );
    });

    it.each(['gzip', 'deflate', 'br', 'x-unknown'])(
      'Content-Encoding %s is refused unread (B57)',
      async (encoding) => {
        const answer = await world.send({
          method: 'POST',
          path: tokenPath,
          headers: { 'content-type': FORM_TYPE, 'content-encoding': encoding },
          body: gzipSync(FORM),
        });
        expect(answer).toMatchObject(refusal(415, 'invalid_request'));
      },
    );
  });

  describe('RFC 6749 App. B the encoding', () => {
    it.each([
      '%zz',
      '%',
      '%C3',
      'a%',
      'a%2',
      '%C3%28',
      '%ED%A0%80',
      '%C0%AE',
      '%F5%80%80%80',
      '%u0041',
    ])('that no encoder produces is refused: %s (B53)', async (component) => {
      const as = await alpha.registerClient();
      for (const pair of [`foo=${component}`, `${component}=foo`, `scope=${component}`])
        expect(
          await alpha.post('access_token', `grant_type=client_credentials&${pair}`, { as }),
        ).toMatchObject(refusal(400, 'invalid_request', 'The form encoding is malformed'));
    });

    it('bytes that are not UTF-8 are refused', async () => {
      const answer = await world.send({
        method: 'POST',
        path: tokenPath,
        headers: { 'content-type': FORM_TYPE },
        body: Buffer.from([0x61, 0x3d, 0xff, 0xfe]),
      });
      expect(answer).toMatchObject(refusal(400, 'invalid_request'));
    });

    it.each(['%00', '%0A', '%0D', '%0D%0ASet-Cookie:x=y', '\0', '\n'])(
      'a control character is refused in names and values: %j (B54)',
      async (control) => {
        const as = await alpha.registerClient();
        for (const pair of [
          `foo=a${control}b`,
          `f${control}o=a`,
          `grant_type=client_credentials${control}`,
        ])
          expect(await alpha.post('access_token', `scope=read&${pair}`, { as })).toMatchObject(
            refusal(400, 'invalid_request', 'A parameter contains a control character'),
          );
      },
    );

    it('`+` and `%20` are a space, `%2B` is a plus (B61)', async () => {
      const plus = await alpha.registerClient({ scopes: ['a', 'b', 'a+b'] });
      const ask = async (scope: string) =>
        readToken(
          await alpha.post('access_token', `grant_type=client_credentials&scope=${scope}`, {
            as: plus,
          }),
        ).scope;
      expect(await ask('a+b')).toBe('a b');
      expect(await ask('a%20b')).toBe('a b');
      expect(await ask('a%2Bb')).toBe('a+b');
    });

    it('characters outside ASCII are UTF-8 (B62)', async () => {
      const { clientId, secret } = await alpha.registerClient({ clientId: 'pound and euro £€' });
      const form = `${FORM}&client_id=pound+and+euro+%C2%A3%e2%82%ac&client_secret=${secret}`;
      expect(clientId).toBe('pound and euro £€');
      expect((await alpha.post('access_token', form)).status).toBe(200);
    });
  });

  describe('the size', () => {
    it('of a hundred parameters is read, of one more refused (B56)', async () => {
      const as = await alpha.registerClient();
      const pad = (count: number) =>
        [FORM, ...Array.from({ length: count - 2 }, (_, index) => `p${index}=1`)].join('&');
      expect((await alpha.post('access_token', pad(100), { as })).status).toBe(200);
      for (const count of [101, 1_000])
        expect(await alpha.post('access_token', pad(count), { as })).toMatchObject(
          refusal(400, 'invalid_request', 'Too many parameters'),
        );
    });

    it('of 32 KiB is read, of one byte more refused (B55)', async () => {
      const as = await alpha.registerClient();
      const pad = (bytes: number) => `${FORM}&p=${'x'.repeat(bytes - FORM.length - 3)}`;
      expect((await alpha.post('access_token', pad(32 * 1024), { as })).status).toBe(200);
      expect(await alpha.post('access_token', pad(32 * 1024 + 1), { as })).toMatchObject(
        refusal(413, 'invalid_request', 'The request body is too large'),
      );
    });

    it('that is declared too large is refused before a byte is read (B55)', async () => {
      const head = headOf(
        await alpha.registerClient(),
        `Content-Type: ${FORM_TYPE}`,
        'Content-Length: 10000000',
      );
      const { text, milliseconds } = await converse(world.port, [head], { until: /\}$/ });
      expect(text).toMatch(/^HTTP\/1\.1 413 /);
      expect(text).toContain('"error":"invalid_request"');
      expect(milliseconds).toBeLessThan(1_000);
    });

    it('of a chunked body is counted as it comes, and cut off (B55)', async () => {
      const head = headOf(
        await alpha.registerClient(),
        `Content-Type: ${FORM_TYPE}`,
        'Transfer-Encoding: chunked',
      );
      const chunk = `2000\r\n${'x'.repeat(0x2000)}\r\n`;
      const { text } = await converse(world.port, [head, chunk.repeat(5)], { until: /\}$/ });
      expect(text).toMatch(/^HTTP\/1\.1 413 /);
    });

    it('of the headers has a bound too', async () => {
      const head = headOf(await alpha.registerClient(), `X-Padding: ${'x'.repeat(20_000)}`);
      const { text } = await converse(world.port, [head], { until: /\r\n\r\n/ });
      expect(text).toMatch(/^HTTP\/1\.1 431 /);
    });
  });

  describe('RFC 9112 the message', () => {
    it('a chunked form is a form (B58)', async () => {
      const head = headOf(
        await alpha.registerClient(),
        `Content-Type: ${FORM_TYPE}`,
        'Transfer-Encoding: chunked',
      );
      const body = `a\r\n${FORM.slice(0, 10)}\r\n${(FORM.length - 10).toString(16)}\r\n${FORM.slice(10)}\r\n0\r\n\r\n`;
      const { text } = await converse(world.port, [head, body], { until: /\}$/ });
      expect(text).toMatch(/^HTTP\/1\.1 200 /);
    });

    it.each([
      ['Content-Length and Transfer-Encoding', ['Content-Length: 4', 'Transfer-Encoding: chunked']],
      ['two Content-Length', ['Content-Length: 4', 'Content-Length: 5']],
      ['a Transfer-Encoding that is not chunked', ['Transfer-Encoding: xchunked']],
      ['a Content-Length that is no number', ['Content-Length: 4x']],
      ['a space before the colon', ['Content-Length : 4']],
    ])('§6.3 %s: refused, and the connection ends (B59)', async (_, lines) => {
      const head = headOf(await alpha.registerClient(), `Content-Type: ${FORM_TYPE}`, ...lines);
      const smuggled = `0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n`;
      const { text, closed } = await converse(world.port, [head, smuggled]);
      expect(readResponses(text).map(({ status }) => status)).toEqual([400]);
      expect(closed).toBe(true);
    });

    it('Expect: 100-continue is answered before the body is sent (B60)', async () => {
      const head = headOf(
        await alpha.registerClient(),
        `Content-Type: ${FORM_TYPE}`,
        `Content-Length: ${FORM.length}`,
        'Expect: 100-continue',
      );
      const steps = [head, { awaited: 'HTTP/1.1 100 Continue\r\n\r\n' }, FORM];
      const { text } = await converse(world.port, steps, { until: /expires_in":\d+\}/ });
      expect(text).toContain('HTTP/1.1 200 OK');
    });

    it('a body that ends early is no request', async () => {
      const head = headOf(
        await alpha.registerClient(),
        `Content-Type: ${FORM_TYPE}`,
        `Content-Length: ${FORM.length + 10}`,
      );
      const { text } = await converse(world.port, [head, FORM], { patience: 300 });
      expect(text).toBe('');
    });
  });

  describe('the address', () => {
    it.each([
      `${tokenPath}/`,
      `/${tokenPath}`,
      tokenPath.replace('access_token', 'ACCESS_TOKEN'),
      `${tokenPath};x=1`,
      `${tokenPath}%2f`,
      tokenPath.replace('/access_token', '/./access_token'),
      tokenPath.replace('/access_token', '/x/../access_token'),
      tokenPath.replace('/access_token', '//access_token'),
      tokenPath.replace('access_token', 'access%5Ftoken'),
      tokenPath.replace('access_token', 'token'),
      `${tokenPath}\\`,
    ])('%s is another one: 404 (B63)', async (path) => {
      const as = await alpha.registerClient();
      const headers = { authorization: basic(as), 'content-type': FORM_TYPE };
      const answer = await world.send({ method: 'POST', path, headers, body: FORM });
      expect(answer).toMatchObject(refusal(404, 'not_found'));
    });

    it('of an unknown realm is a 404 in JSON, whatever is asked there (B64)', async () => {
      const nowhere = world.realm('nowhere');
      const as = await alpha.registerClient();
      const answers = await Promise.all([
        nowhere.request(as, { scope: 'read' }),
        nowhere.post('access_token', '%zz'),
        nowhere.introspect('token', as),
        nowhere.revoke('token', as),
        nowhere.read('connect/jwk_uri'),
      ]);
      for (const answer of answers) expect(answer).toMatchObject(refusal(404, 'not_found'));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    });

    it('echoes the transaction id of a caller, and nothing that is none', async () => {
      const as = await alpha.registerClient();
      const ask = async (id: string) => {
        const headers = { 'x-forgerock-transactionid': id };
        const answer = await alpha.post('access_token', FORM, { as, headers });
        return answer.headers['x-forgerock-transactionid'];
      };
      expect(await ask('a1b2-c3/0')).toBe('a1b2-c3/0');
      expect(await ask('<script>')).toBeUndefined();
    });
  });
});
