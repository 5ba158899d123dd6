import { describe, expect, it } from 'vitest';
import {
  basic,
  CLIENT_CREDENTIALS,
  type ClientCredentials,
  FORM_TYPE,
  rawBasic,
  refusal,
} from './realm.ts';
import { converse } from './wire.ts';
import { onEachDatabase } from './world.ts';

/* Shows RFC 4648 §4, RFC 9110 §11.1. */

const FORM = { ...CLIENT_CREDENTIALS, scope: 'read' };
const FAILED = 'Client authentication failed';
const ASSERTION = {
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: 'eyJhbGciOiJub25lIn0.e30.',
};

/** What differs between two answers of the same kind, and may. */
const withoutVolatile = (headers: object): object => ({
  ...headers,
  date: undefined,
  'x-request-id': undefined,
});

onEachDatabase((world) => {
  const { alpha } = world;
  const ask = (authorization: string | string[], form: Readonly<Record<string, string>> = FORM) =>
    alpha.post('access_token', form, { headers: { authorization } });
  const askPost = ({ clientId, secret }: ClientCredentials, more = {}) =>
    alpha.post('access_token', {
      ...FORM,
      client_id: clientId,
      client_secret: secret,
      ...more,
    });

  describe('RFC 6749 §2.3 who proves nothing', () => {
    it('sends no credentials: 401 with a Basic challenge for the realm (C67, C101)', async () => {
      const answer = await alpha.post('access_token', FORM);
      expect(answer).toMatchObject(refusal(401, 'invalid_client', FAILED));
      expect(answer.headers['www-authenticate']).toBe('Basic realm="/alpha"');
    });

    it('names a confidential client: refused (C68)', async () => {
      const { clientId: client_id } = await alpha.registerClient();
      const answer = await alpha.post('access_token', { ...FORM, client_id });
      expect(answer).toMatchObject(refusal(400, 'invalid_client', FAILED));
    });

    it('sends only a secret: refused', async () => {
      const { secret: client_secret } = await alpha.registerClient();
      const answer = await alpha.post('access_token', { ...FORM, client_secret });
      expect(answer).toMatchObject(refusal(400, 'invalid_client', FAILED));
    });

    it('is a public client: it gets no token by this grant (C69, §4.4)', async () => {
      const { clientId: client_id } = await alpha.registerPublicClient();
      expect(await alpha.post('access_token', { ...FORM, client_id })).toMatchObject(
        refusal(400, 'unauthorized_client'),
      );
    });
  });

  describe('RFC 6749 §5.2 an unknown client and a wrong secret', () => {
    const wrong = 'not-the-secret-of-anyone';

    it.each([
      ['by Basic: 401 and the challenge (C70, C71)', 401, ask],
      ['in the form: 400 (C72, C73)', 400, undefined],
    ])('%s, in the same bytes', async (_, status, byBasic) => {
      const { clientId } = await alpha.registerClient();
      const { clientId: disabled, secret } = await alpha.registerClient({ enabled: false });
      const attempt = (credentials: ClientCredentials) =>
        byBasic === undefined ? askPost(credentials) : byBasic(basic(credentials));
      const answers = await Promise.all([
        attempt({ clientId, secret: wrong }),
        attempt({ clientId: 'no-such-client', secret: wrong }),
        attempt({ clientId: disabled, secret: wrong }),
        attempt({ clientId: disabled, secret }),
        attempt({ clientId: 'no-such-client', secret }),
      ]);
      const [first] = answers;
      expect(first).toMatchObject(refusal(status, 'invalid_client', FAILED));
      for (const answer of answers) {
        expect(answer.text).toBe(first?.text);
        expect(withoutVolatile(answer.headers)).toEqual(withoutVolatile(first?.headers ?? {}));
      }
    });

    it('of another realm is unknown here, even under the same id (C99)', async () => {
      const other = await world.createRealm('other-realm');
      const client = await other.registerClient({ clientId: 'twin' });
      expect(await alpha.request(client, { scope: 'read' })).toMatchObject(
        refusal(401, 'invalid_client', FAILED),
      );
      await alpha.registerClient({ clientId: 'twin' });
      expect(await alpha.request(client, { scope: 'read' })).toMatchObject(
        refusal(401, 'invalid_client', FAILED),
      );
      expect((await other.request(client, { scope: 'read' })).status).toBe(200);
    });

    it('client ids compare with case', async () => {
      const client = await alpha.registerClient({ clientId: 'CaseMatters' });
      expect(await ask(basic({ ...client, clientId: 'casematters' }))).toMatchObject(
        refusal(401, 'invalid_client', FAILED),
      );
    });

    it.each(['x" , realm="y', 'x\\', 'x", error="y', 'Bearer realm="z"'])(
      'the challenge is the same whatever the client id is: %s (C101)',
      async (clientId) => {
        const answer = await ask(basic({ clientId, secret: wrong }));
        expect(answer.status).toBe(401);
        expect(answer.headers['www-authenticate']).toBe('Basic realm="/alpha"');
      },
    );
  });

  describe('RFC 6749 §2.3 one method in each request', () => {
    const SEVERAL = refusal(
      400,
      'invalid_request',
      'More than one client authentication method is used',
    );

    it('Basic beside a secret in the form is refused, right or wrong (C74)', async () => {
      const client = await alpha.registerClient();
      const { clientId: client_id, secret } = client;
      for (const client_secret of [secret, 'another'])
        for (const form of [{ client_secret }, { client_id, client_secret }])
          expect(await ask(basic(client), { ...FORM, ...form })).toMatchObject(SEVERAL);
    });

    it('Basic beside an assertion is refused (C75)', async () => {
      const client = await alpha.registerClient();
      expect(await ask(basic(client), { ...FORM, ...ASSERTION })).toMatchObject(SEVERAL);
    });

    it('a secret beside an assertion is refused (C76)', async () => {
      const client = await alpha.registerClient();
      expect(await askPost(client, ASSERTION)).toMatchObject(SEVERAL);
    });

    it('Basic beside the same client_id is one method, beside another an error (C77)', async () => {
      const client = await alpha.registerClient();
      const form = { ...FORM, client_id: client.clientId };
      expect((await ask(basic(client), form)).status).toBe(200);
      expect(await ask(basic(client), { ...FORM, client_id: 'another' })).toMatchObject(
        refusal(
          400,
          'invalid_request',
          'The client_id parameter differs from the Authorization header',
        ),
      );
    });

    it('two Authorization headers are refused, alike or not (C78)', async () => {
      const client = await alpha.registerClient();
      for (const second of [basic(client), 'Bearer x', rawBasic('a:b')])
        for (const authorization of [
          [basic(client), second],
          [second, basic(client)],
        ])
          expect(await ask(authorization)).toMatchObject(
            refusal(400, 'invalid_request', 'The Authorization header is repeated'),
          );
    });

    it('an assertion alone is no method of this server', async () => {
      expect(await alpha.post('access_token', { ...FORM, ...ASSERTION })).toMatchObject(
        refusal(400, 'invalid_client', FAILED),
      );
    });

    it('a strict client authenticates by its registered method only (A6, RFC 7591 §2)', async () => {
      const strict = { strictAuthenticationMethod: true };
      const byBasic = await alpha.registerClient({ ...strict });
      const byPost = await alpha.registerClient({
        ...strict,
        authenticationMethod: 'client_secret_post',
      });
      expect((await ask(basic(byBasic))).status).toBe(200);
      expect(await askPost(byBasic)).toMatchObject(refusal(400, 'invalid_client', FAILED));
      expect((await askPost(byPost)).status).toBe(200);
      expect(await ask(basic(byPost))).toMatchObject(refusal(401, 'invalid_client', FAILED));
    });
  });

  describe('RFC 6749 §2.3.1 id and secret are form-encoded, then joined', () => {
    const secret = 'forgerock-forgerock';

    it.each([
      ['of App. B (C80)', ' %&+£€', `+%25%26%2B%C2%A3%E2%82%AC:${secret}`],
      ['with a colon (C81)', 'an:identifier', `an%3Aidentifier:${secret}`],
      ['with a space as %20', 'two words', `two%20words:${secret}`],
      ['encoded without need', 'plain', `%70l%61in:${secret}`],
      ['in hexadecimal of lower case', 'a/b', `a%2fb:${secret}`],
    ])('an id %s', async (_, clientId, text) => {
      await alpha.registerClient({ clientId, secret: { secret } });
      expect((await ask(rawBasic(text))).status).toBe(200);
    });

    it.each([
      ['with a colon, unencoded: the first colon divides (C82)', 'a:b:c:d-e-f', 'a:b:c:d-e-f'],
      ['with a colon, encoded', 'g:h:i:j-k-l', 'g%3Ah%3Ai%3Aj-k-l'],
      ['of App. B', ' %&+£€-m-n-o', '+%25%26%2B%C2%A3%E2%82%AC-m-n-o'],
      ['that ends with a colon', 'trailing::', 'trailing::'],
      ['of letters beyond ASCII, unencoded', 'пароль-длинный', 'пароль-длинный'],
    ])('a secret %s', async (_, chosen, text) => {
      const { clientId } = await alpha.registerClient({ secret: { secret: chosen } });
      expect((await ask(rawBasic(`${clientId}:${text}`))).status).toBe(200);
    });

    it.each([
      ['a plus', 'rs-Mku-6g+4Ti'],
      ['a percent sign', '100%-secret'],
      ['what looks encoded', 'abc%2Fdef%20'],
      ['all that a keyboard has', '~!@#$%^&*()_+`{}|[]\\:";\'<>?,./'],
    ])('a secret sent as it is, as curl does, works too: %s (C84)', async (_, chosen) => {
      const { clientId } = await alpha.registerClient({ secret: { secret: chosen } });
      expect((await ask(rawBasic(`${clientId}:${chosen}`))).status).toBe(200);
      expect((await ask(basic({ clientId, secret: chosen }))).status).toBe(200);
    });

    it('the introspection example of RFC 9449 §6.2 works: a colon and a raw plus in the secret', async () => {
      await alpha.registerClient({
        clientId: 'rs',
        secret: { secret: 'rs:Mku-6g_lCzKIdz4fsN7kYcya+Ti' },
      });
      expect((await ask('Basic cnM6cnM6TWt1LTZnX2xDektJZHo0ZnNON2tZY3lhK1Rp')).status).toBe(200);
    });

    it('the examples of RFC 6749 §2.3.1 and §4.4.2 work', async () => {
      await alpha.registerClient({
        clientId: 's6BhdRkqt3',
        secret: { secret: '7Fjfp0ZBr1KtDRbnfVdmIw' },
      });
      await world.administration.perform('POST', '/api/realms/alpha/clients/s6BhdRkqt3/secrets', {
        secret: 'gX1fBat3bV',
      });
      expect((await ask('Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3')).status).toBe(200);
      expect((await ask('Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW')).status).toBe(200);
    });

    it('a stray percent sign is no fault (C83)', async () => {
      expect([400, 401]).toContain((await ask(rawBasic('foo with %:foo with $'))).status);
    });

    it('one reading wrong and the other right is right; both wrong is wrong', async () => {
      const { clientId } = await alpha.registerClient({ secret: { secret: 'two+readings' } });
      expect((await ask(rawBasic(`${clientId}:two%2Breadings`))).status).toBe(200);
      expect((await ask(rawBasic(`${clientId}:two+readings`))).status).toBe(200);
      expect((await ask(rawBasic(`${clientId}:two readings`))).status).toBe(401);
      expect((await ask(rawBasic(`${clientId}:two%252Breadings`))).status).toBe(401);
    });
  });

  describe('RFC 7617 §2, RFC 9110 §11.4 the header', () => {
    it.each([
      ['in lower case (C85)', 'padA', (text: string) => `basic ${text}`],
      ['in upper case (C85)', 'padB', (text: string) => `BASIC ${text}`],
      ['with spaces in between and after (C88)', 'padC', (text: string) => `Basic   ${text}  `],
      ['without padding (C87)', 'padD', (text: string) => `Basic ${text.replace(/=+$/, '')}`],
    ])('is read %s', async (_, clientId, write) => {
      const { secret } = await alpha.registerClient({ clientId });
      const [, text = ''] = rawBasic(`${clientId}:${secret}`).split(' ');
      expect(text).toMatch(/==$/);
      expect((await ask(write(text))).status).toBe(200);
    });

    it('is read with the separator itself encoded, as in PingAM documentation', async () => {
      await alpha.registerClient({ clientId: 'pingClient', secret: { secret: 'mySecret' } });
      expect((await ask(rawBasic('pingClient%3AmySecret').replace(/=+$/, ''))).status).toBe(200);
    });

    it.each([
      ['no credentials (C86)', 'Basic'],
      ['only a space (C86)', 'Basic '],
      ['no base64 (C86)', 'Basic !!!'],
      ['base64url (C87)', 'Basic Pz8_Pj4-'],
      ['characters after the padding', 'Basic Zm9v=Zg=='],
      ['no colon (C86)', 'Basic Zm9v'],
      ['an empty id (C86)', rawBasic(':secret')],
      ['an empty secret (C86)', rawBasic('client:')],
      ['neither (C86)', rawBasic(':')],
      ['another scheme (C89)', 'Bearer x'],
      ['a scheme nobody knows', 'Token abc'],
      ['Digest', 'Digest username="x"'],
      ['bytes that are not UTF-8 (C90)', rawBasic(Buffer.from([0x61, 0xff, 0x3a, 0x62]))],
      ['half a surrogate pair (C90)', rawBasic(Buffer.from('61eda0803a62', 'hex'))],
      ['a TAB between scheme and credentials', 'Basic\tYTpi'],
    ])('with %s is refused as 401, always alike', async (_, authorization) => {
      expect(await ask(authorization)).toMatchObject(refusal(401, 'invalid_client', FAILED));
    });

    it('with a Bearer token that is good is no authentication either (C89)', async () => {
      const token = await alpha.token(await alpha.registerClient(), { scope: 'read' });
      expect(await ask(`Bearer ${token}`)).toMatchObject(refusal(401, 'invalid_client', FAILED));
    });

    it.each([
      ['NUL', '\0'],
      ['LF', '\n'],
      ['ESC', '\x1b[31m'],
      ['DEL', '\x7f'],
      ['NEL', '\u0085'],
      ['LINE SEPARATOR', '\u2028'],
    ])('with %s in the id is refused (C91)', async (_, control) => {
      const clientId = `a${control}b`;
      expect(await ask(basic({ clientId, secret: 'x' }))).toMatchObject({ status: 400 });
      expect(await askPost({ clientId, secret: 'x' })).toMatchObject(
        refusal(400, 'invalid_request'),
      );
    });

    it.each([
      ['id', 'x'.repeat(10_000), 'secret'],
      ['secret', 'client', 'x'.repeat(10_000)],
    ])(
      'an %s of ten thousand characters is refused before anything is hashed (C92)',
      async (_, clientId, secret) => {
        const took: number[] = [];
        for (let turn = 0; turn < 10; turn++) {
          const answer = await ask(basic({ clientId, secret }));
          expect([400, 401]).toContain(answer.status);
          took.push(answer.milliseconds, (await askPost({ clientId, secret })).milliseconds);
        }
        took.sort((a, b) => a - b);
        // One argon2id computation takes some 20 ms.
        expect(took[Math.floor(took.length / 2)]).toBeLessThan(10);
      },
    );
  });

  describe('RFC 9110 §11.6.1 a challenge comes with 401 and with nothing else (C102)', () => {
    it.each(['access_token', 'introspect', 'token/revoke'])('at %s', async (endpoint) => {
      const form = { ...FORM, token: 'x' };
      const none = await alpha.post(endpoint, form);
      expect(none.status).toBe(401);
      expect(none.headers['www-authenticate']).toBe('Basic realm="/alpha"');
      const wrong = { clientId: 'nobody', secret: 'nothing-right' };
      expect((await alpha.post(endpoint, form, { as: wrong })).status).toBe(401);
      expect(
        (await alpha.post(endpoint, { ...form, client_id: 'nobody', client_secret: 'nothing' }))
          .status,
      ).toBe(400);
    });

    it('in the root realm the challenge names the root', async () => {
      const answer = await world.realm('root').post('access_token', FORM);
      expect(answer.headers['www-authenticate']).toBe('Basic realm="/"');
    });

    it('raw bytes in the header are no fault', async () => {
      const body = 'grant_type=client_credentials';
      const request = Buffer.concat([
        Buffer.from(
          `POST ${alpha.path}/access_token HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM_TYPE}\r\nContent-Length: ${body.length}\r\nAuthorization: Basic `,
        ),
        Buffer.from([0xff, 0xfe, 0x80, 0xc3]),
        Buffer.from(`\r\n\r\n${body}`),
      ]);
      const { text } = await converse(world.port, [request], { until: /\}$/ });
      expect(text).toMatch(/^HTTP\/1\.1 (?:400|401) /);
    });
  });
});
